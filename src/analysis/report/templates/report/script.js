"use strict";
// Improvements only: without this script every table is whole and every word is there.
(() => {
  const add = (name, properties, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };

  // A chart or table takes the keyboard's focus only while it has to be scrolled.
  const sizes = new ResizeObserver((entries) => {
    for (const { target: box } of entries) {
      const scrolls = box.scrollWidth > box.clientWidth;
      box.classList.toggle("scrolls", scrolls);
      if (scrolls) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  });
  for (const box of document.querySelectorAll(".table")) sizes.observe(box);

  // Sentences, citation and command get a button that copies them.
  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return false;
    }
  };
  for (const source of document.querySelectorAll("[data-copy]")) {
    const button = add("button", { type: "button", className: "copy", textContent: `Copy ${source.dataset.copy}` });
    const status = add("span", { className: "status" });
    status.setAttribute("role", "status");
    button.addEventListener("click", async () => {
      const done = await copy(source.textContent.trim());
      if (!done) getSelection().selectAllChildren(source);
      status.textContent = done ? "Copied." : "Selected; copy it with the keyboard.";
    });
    source.after(button, status);
  }

  // A page is found by the name of a force or an offence, a place, a region or another spelling, all of which stand in the list of pages.
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();
  for (const list of document.querySelectorAll(".finder")) {
    const pages = [...list.querySelectorAll("li")].map((item) => {
      const link = item.firstElementChild;
      const words = [link.textContent, ...item.dataset.words.split(";")].filter(Boolean);
      return { link, words: words.map((word) => ({ word, key: plain(word) })) };
    });
    const input = add("input", { type: "search", id: "find", autocomplete: "off", spellcheck: false });
    const label = add("label", { htmlFor: "find", textContent: "Find a page by force, town, region or offence" });
    const found = add("ul", {});
    const status = add("p", { className: "status" });
    status.setAttribute("role", "status");
    const rank = (key, wanted) => [key === wanted, key.startsWith(wanted), ` ${key}`.includes(` ${wanted}`)].indexOf(true);
    const find = () => {
      const wanted = plain(input.value);
      const hits = [];
      for (const { link, words } of wanted ? pages : []) {
        const ranks = words.map(({ key }) => rank(key, wanted));
        const best = Math.min(...ranks.filter((each) => each >= 0));
        if (Number.isFinite(best)) hits.push({ link, best, word: words[ranks.indexOf(best)].word });
      }
      hits.sort((one, other) => one.best - other.best); // which keeps the order of the list among equals
      found.replaceChildren(...hits.slice(0, 12).map(({ link, word }) => {
        const copy = add("a", { href: link.getAttribute("href"), textContent: link.textContent });
        if (!plain(link.textContent).includes(plain(word))) copy.append(` (${word})`);
        return add("li", {}, copy);
      }));
      const pagesFound = hits.length === 1 ? "1 page" : `${hits.length} pages`;
      status.textContent = !wanted ? "" : hits.length ? `${pagesFound} found; Enter opens the first, arrows go through them.` : "No page found.";
    };
    input.addEventListener("input", find);
    const part = add("div", { className: "find" }, label, input, status, found);
    part.setAttribute("role", "search");
    part.addEventListener("keydown", (event) => {
      const all = [input, ...found.querySelectorAll("a")];
      const at = all.indexOf(document.activeElement);
      const to = { ArrowDown: at + 1, ArrowUp: at - 1, Escape: 0 }[event.key];
      if (event.key === "Enter" && at === 0 && all[1]) all[1].click();
      if (event.key === "Escape") { input.value = ""; find(); }
      if (to === undefined || !all[to]) return;
      all[to].focus();
      event.preventDefault();
    });
    list.before(part);
  }
})();
