"use strict";
// Improvements only: without this script every table is whole and every word is there.
(() => {
  const add = (name, properties, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };

  // A table, or the contents beside the text, takes the keyboard's focus only while it has to be scrolled.
  const sizes = new ResizeObserver((entries) => {
    for (const { target: box } of entries) {
      const scrolls = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight + 1;
      box.classList.toggle("scrolls", scrolls);
      if (scrolls) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  });
  for (const box of document.querySelectorAll(".table, .contents")) sizes.observe(box);

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

  // What has an address gives it at a tap: headings, charts and claims have their link, rows get one.
  for (const row of document.querySelectorAll("tr[id]")) {
    const head = row.firstElementChild;
    const label = `Address of “${head.textContent.trim()}”`;
    const link = add("a", { className: "here", href: `#${row.id}`, textContent: "#" });
    link.setAttribute("aria-label", label);
    head.append(" ", link);
  }
  for (const link of document.querySelectorAll(".here")) {
    link.addEventListener("click", async () => {
      if (!(await copy(link.href))) return; // the address bar shows it all the same
      const status = add("span", { className: "status", textContent: " Address copied." });
      status.setAttribute("role", "status");
      link.after(status);
      setTimeout(() => status.remove(), 2000);
    });
  }

  // What an address names is opened, where it stands behind a fold; of a heading, what a small screen folds below it.
  const unfold = () => {
    const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    named?.closest("details")?.setAttribute("open", "");
    for (let part = named?.matches("h2") && named.nextElementSibling; part && !part.matches("h2"); part = part.nextElementSibling) {
      if (part.matches(".broad")) part.open = true;
    }
  };
  addEventListener("hashchange", unfold);
  unfold();

  // A search by several words in any order: each must be of an area, of an offence or of a page, whose words stand in the lists below.
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();
  const IDLE = new Set(("a and are be crime crimes for figures force forces has in is it many much number numbers of offences on police quarter "
    + "rate rates recorded since similar the there to up down was were what "
    + "january february march april may june july august september october november december").split(" "));
  const isIdle = (word) => IDLE.has(word) || /^(19|20)\d\d$/.test(word); // a page has every year
  for (const box of document.querySelectorAll(".find")) {
    const list = (kind) => [...document.querySelectorAll(`[data-kind="${kind}"] li`)].map((item) => {
      const link = item.firstElementChild;
      const names = [link.textContent.split(" (")[0], ...item.dataset.words.split(";")].map(plain).filter(Boolean);
      return { link, names, words: names.flatMap((name) => name.split(" ")) };
    }).filter(({ link }) => link.hasAttribute("href"));
    const areas = [...list("areas"), ...list("places")];
    const [offences, pages, elsewhere] = ["offences", "pages", "elsewhere"].map(list);
    const depth = new Set((document.getElementById("content").dataset.depth ?? "").split(" "));
    const parts = Object.entries(JSON.parse(box.dataset.parts)).map(([id, names]) => {
      const [said, ...others] = names.split("|");
      return { id, said, words: [...plain(said).split(" "), ...others.flatMap((word) => plain(word).split(" "))].filter((word) => !isIdle(word)) };
    });
    const input = add("input", { type: "search", id: "find", autocomplete: "off", spellcheck: false });
    const label = add("label", { htmlFor: "find", textContent: box.dataset.label });
    const found = add("ul", {});
    const status = add("p", { className: "status" });
    status.setAttribute("role", "status");

    // How many of the wanted words an entry has, whole words counting more than beginnings, and which.
    const match = ({ names, words }, wanted) => {
      const has = wanted.map((word) => (words.includes(word) ? 2 : words.some((each) => each.startsWith(word)) ? 1 : 0));
      const told = wanted.filter((_, n) => has[n]).join(" ");
      const whole = names[0] === told ? 2 : names.includes(told) ? 1 : 0; // its own name before another by which it is found
      return { has, score: has.reduce((sum, each) => sum + each, whole) };
    };
    const slug = (text) => plain(text).replaceAll(" ", "-");
    const address = (area, offence) => {
      const page = area.getAttribute("href");
      if (page.includes("#")) return page; // of a partnership, which has a row and no page
      const code = offence.getAttribute("href").split("/").at(-1).replace(".html", "");
      return depth.has(code) ? page.replace(/\.html$/, `/${code}.html`) : `${page}#offences-${slug(offence.textContent)}`;
    };
    // "Then and now" asks for what was first published: of an area in its report, of an offence in its page where there is one.
    const again = new Set(parts.find(({ id }) => id === "table-first-published")?.words);
    const search = (text) => {
      const all = plain(text).split(" ").filter(Boolean);
      const wanted = all.some((word) => !isIdle(word)) ? all.filter((word) => !isIdle(word)) : all;
      const hits = wanted.length ? matching(wanted, all) : [];
      return hits.length || !wanted.some((word) => again.has(word)) ? hits : matching(wanted.filter((word) => !again.has(word)), all);
    };
    const matching = (wanted, all) => {
      const matched = [areas, offences, pages].map((entries) => entries
        .map((entry) => ({ entry, ...match(entry, wanted) })).filter(({ score }) => score > 0));
      const hits = matched.flat().filter(({ has }) => has.every(Boolean))
        .map(({ entry: { link }, score }) => ({ href: link.getAttribute("href"), said: link.textContent, score }));
      // What these tables do not hold is told at once: where it is counted stands in the line that is found.
      for (const { link, names } of elsewhere) {
        const isNamed = names.some((name) => name.split(" ").every((word) => all.includes(word)));
        if (!isNamed && !names.some((name) => wanted.join(" ").length > 3 && name.startsWith(all.join(" ")))) continue;
        hits.push({ href: link.getAttribute("href"), said: link.parentElement.textContent, score: isNamed ? 100 : 1 });
      }
      for (const area of matched[0]) {
        for (const offence of matched[1]) {
          const joined = area.has.map((each, n) => each || offence.has[n] || again.has(wanted[n]));
          const both = area.has.some((each, n) => each && !offence.has[n]) && offence.has.some((each, n) => each && !area.has[n]);
          if (both && joined.every(Boolean)) {
            const to = address(area.entry.link, offence.entry.link);
            const revised = to.includes("#") ? `${to.split("#")[0]}#table-first-published` : `${to}#revisions`;
            hits.push({
              href: wanted.some((word) => again.has(word)) ? revised : to,
              said: `${offence.entry.link.textContent}, ${area.entry.link.textContent}`,
              score: area.score + offence.score,
            });
          }
        }
      }
      for (const area of matched[0].filter(({ entry }) => !entry.link.getAttribute("href").includes("#"))) {
        for (const { id, said, words } of parts) {
          const has = wanted.map((word) => words.includes(word));
          if (area.has.every((each, n) => each || has[n]) && has.some((each, n) => each && !area.has[n])) {
            const { link } = area.entry;
            hits.push({ href: `${link.getAttribute("href")}#${id}`, said: `${said}: ${link.textContent}`, score: area.score + 4 });
          }
        }
      }
      return hits.sort((one, other) => other.score - one.score); // which keeps the order of the lists among equals
    };
    const find = () => {
      const hits = search(input.value);
      found.replaceChildren(...hits.slice(0, 12).map(({ href, said }) => add("li", {}, add("a", { href, textContent: said }))));
      const { found: some, none } = box.dataset;
      status.textContent = !plain(input.value) ? "" : hits.length ? some.replace("{count}", hits.length) : none;
    };
    input.addEventListener("input", find);
    box.append(label, input, status, found);
    box.addEventListener("keydown", (event) => {
      const all = [input, ...found.querySelectorAll("a")];
      const at = all.indexOf(document.activeElement);
      const to = { ArrowDown: at + 1, ArrowUp: at - 1, Escape: 0 }[event.key];
      if (event.key === "Enter" && at === 0 && all[1]) all[1].click();
      if (event.key === "Escape") { input.value = ""; find(); }
      if (to === undefined || !all[to]) return;
      all[to].focus();
      event.preventDefault();
    });
  }
})();
