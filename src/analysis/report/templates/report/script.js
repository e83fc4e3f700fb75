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

  // Tables of forces can be put in another order and filtered by name.
  const number = (text) => parseFloat(text.replace(/,/g, "").replace("\u2212", "-"));
  for (const table of document.querySelectorAll("table.sortable")) {
    const body = table.tBodies[0];
    const rows = [...body.rows];
    const heads = [...table.tHead.rows[0].cells];
    const text = (row, column) => row.cells[column].textContent.trim();
    const status = add("p", { className: "status" });
    status.setAttribute("role", "status");
    let order = "in the order of the alphabet";
    const report = () => {
      const shown = rows.filter((row) => !row.hidden).length;
      status.textContent = `${shown} of ${rows.length} forces, ${order}.`;
    };

    const sort = (head, column) => {
      const isText = column === 0;
      const now = head.getAttribute("aria-sort");
      const up = now === null ? isText : now === "descending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const compare = (a, b) => {
        if (isText) return rows.indexOf(a) - rows.indexOf(b);
        const [x, y] = [number(text(a, column)), number(text(b, column))];
        // What is not available stands last, whichever way the numbers run.
        if (isNaN(x) || isNaN(y)) return isNaN(x) - isNaN(y);
        return up ? x - y : y - x;
      };
      const sorted = [...rows].sort(compare);
      if (isText && !up) sorted.reverse();
      body.append(...sorted);
      const name = head.textContent.trim();
      if (isText) order = up ? "in the order of the alphabet" : "from the end of the alphabet";
      else order = `ordered by ${name}, ${up ? "lowest" : "highest"} first`;
      report();
    };
    heads.forEach((head, column) => {
      if (column > 0 && !head.classList.contains("number")) return;
      const button = add("button", { type: "button" }, ...head.childNodes);
      button.addEventListener("click", () => sort(head, column));
      head.append(button);
    });
    heads[0].setAttribute("aria-sort", "ascending");

    const input = add("input", { type: "search", id: "filter", autocomplete: "off", spellcheck: false });
    const label = add("label", { htmlFor: "filter", textContent: "Show forces whose name contains" });
    input.addEventListener("input", () => {
      const wanted = input.value.trim().toLowerCase();
      for (const row of rows) row.hidden = !text(row, 0).toLowerCase().includes(wanted);
      report();
    });
    table.parentElement.before(add("div", { className: "filter" }, label, input, status));
    report();
  }
})();
