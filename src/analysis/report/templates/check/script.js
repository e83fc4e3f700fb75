"use strict";
const claims = JSON.parse(document.getElementById("claims").textContent);
const find = id => document.getElementById(id);
const picked = new Set();
document.documentElement.classList.add("js");

const say = words => { find("said").textContent = words; };

function close(back) {
  const open = document.querySelector(".panel.open");
  if (!open) return;
  open.classList.remove("open");
  const mark = find("t" + open.id.slice(1));
  mark.setAttribute("aria-expanded", "false");
  if (back) mark.focus();
}

for (const mark of document.querySelectorAll("a.n")) {
  mark.setAttribute("role", "button");
  mark.setAttribute("aria-expanded", "false");
  mark.setAttribute("aria-controls", "n" + mark.id.slice(1));
  const open = event => {
    event.preventDefault();
    close(false);
    const panel = find("n" + mark.id.slice(1));
    panel.classList.add("open");
    mark.setAttribute("aria-expanded", "true");
    panel.focus({ preventScroll: true });
    panel.scrollTop = 0;
    document.querySelector(".panels").scrollTop = 0;
    if (matchMedia("(max-width: 56rem)").matches) {
      const room = innerHeight - panel.offsetHeight;
      if (mark.getBoundingClientRect().bottom > room) scrollBy(0, mark.getBoundingClientRect().bottom - room + 24);
    }
  };
  mark.addEventListener("click", open);
  mark.addEventListener("keydown", event => { if (event.key === " ") open(event); });
}
for (const link of document.querySelectorAll(".close")) {
  link.setAttribute("role", "button");
  link.addEventListener("click", event => { event.preventDefault(); close(true); });
}
addEventListener("keydown", event => { if (event.key === "Escape") close(true); });

function copy(text, button) {
  const done = () => { button.classList.add("done"); say("Copied."); setTimeout(() => button.classList.remove("done"), 1500); };
  const byHand = () => {  // where a frame may not use the clipboard
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    button.focus();
    if (copied) done(); else say("This browser does not let a page copy; select the paragraph and copy it.");
  };
  if (navigator.clipboard) navigator.clipboard.writeText(text).then(done, byHand); else byHand();
}

for (const button of document.querySelectorAll("[data-copy]"))
  button.addEventListener("click", () => copy(find(button.dataset.copy).textContent, button));

function show() {
  find("many").textContent = picked.size || "none";
  find("list").replaceChildren(...[...picked].map(key => {
    const item = document.createElement("li");
    item.textContent = find("p" + key).textContent;
    return item;
  }));
  find("save").disabled = find("copy-all").disabled = !picked.size;
  for (const mark of document.querySelectorAll("a.n"))
    mark.classList.toggle("picked-one", [...picked].some(key => key.split("-")[0] === mark.id.slice(1)));
}

for (const button of document.querySelectorAll("[data-pick]"))
  button.addEventListener("click", () => {
    const key = button.dataset.pick, isPicked = !picked.delete(key);
    if (isPicked) picked.add(key);
    button.setAttribute("aria-pressed", isPicked);
    button.firstChild.textContent = isPicked ? "Picked" : "Pick";
    say(isPicked ? `Picked; ${picked.size} in all.` : `Taken away; ${picked.size} left.`);
    show();
  });

find("copy-all").addEventListener("click", event =>
  copy([...picked].map(key => find("p" + key).textContent).join("\n\n"), event.currentTarget));
find("save").addEventListener("click", () => {
  const order = Object.keys(claims).filter(key => picked.has(key));
  const file = new Blob(["claims:\n", ...order.map(key => claims[key])], { type: "application/yaml" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = "claims.yaml";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  say("Saved claims.yaml.");
});
