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
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  });
  for (const box of document.querySelectorAll(".drawing, .table")) sizes.observe(box);

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

  // A force is found by a part of its name.
  for (const table of document.querySelectorAll("table.wide")) {
    const rows = [...table.tBodies[0].rows];
    const status = add("p", { className: "status" });
    status.setAttribute("role", "status");
    const input = add("input", { type: "search", id: "filter", autocomplete: "off", spellcheck: false });
    const label = add("label", { htmlFor: "filter", textContent: "Show forces whose name contains" });
    const filter = () => {
      const wanted = input.value.trim().toLowerCase();
      for (const row of rows) row.hidden = !row.cells[0].textContent.toLowerCase().includes(wanted);
      status.textContent = `${rows.filter((row) => !row.hidden).length} of ${rows.length} forces, by name.`;
    };
    input.addEventListener("input", filter);
    table.parentElement.before(add("div", { className: "filter" }, label, input, status));
    filter();
  }
})();
