"use strict";
// Each drawing gives its values one by one: to who points, taps or moves by arrow keys. Without this script the marks
// still have their titles, and the figures stand in the table below.
(() => {
  const add = (parent, name, properties, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    parent.after(element);
    return element;
  };
  const SVG = "http://www.w3.org/2000/svg";
  const make = (name, attributes, text = "") => {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.textContent = text;
    return element;
  };

  for (const box of document.querySelectorAll(".drawing")) {
    const drawings = [...box.children].map((svg) => ({ svg, marks: [...svg.querySelectorAll(".mark")] }));
    const values = drawings[0].marks.map((mark) => mark.querySelector("title").textContent);
    if (values.length) {
      const seen = () => drawings.find(({ svg }) => svg.getClientRects().length) ?? drawings[0];
      const tip = add(box, "p", { className: "tip", textContent: "Point or tap to read a value." });
      tip.setAttribute("role", "status");
      const ring = make("rect", { class: "ring" });
      let at = -1;

      const show = (place) => {
        at = place;
        const { svg, marks } = seen();
        const { x, y, width, height } = marks[place].getBBox();
        const size = { x: x - 2, y: y - 2, width: width + 4, height: height + 4 };
        for (const [key, value] of Object.entries(size)) ring.setAttribute(key, value);
        svg.append(ring);
        tip.classList.add("told");
        tip.textContent = `${values[place]}. ${box.dataset.about}.`;
      };

      box.tabIndex = 0;
      box.addEventListener("focusin", () => show(at < 0 ? values.length - 1 : at));
      box.addEventListener("keydown", (event) => {
        const last = values.length - 1;
        const steps = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: last };
        if (!(event.key in steps) || event.ctrlKey || event.altKey || event.metaKey) return;
        event.preventDefault();
        show(Math.min(last, Math.max(0, steps[event.key])));
      });

      // What is pointed at is the nearest mark: bars are thin, and dots smaller than a finger.
      const nearest = ({ clientX, clientY }) => {
        const away = (low, high, point) => Math.max(low - point, 0, point - high);
        const far = seen().marks.map((mark) => {
          const { left, right, top, bottom } = mark.getBoundingClientRect();
          const across = box.dataset.along === "y" ? 0 : away(left, right, clientX);
          return Math.hypot(across, box.dataset.along === "x" ? 0 : away(top, bottom, clientY));
        });
        const least = Math.min(...far);
        return least < 44 ? far.indexOf(least) : -1;
      };
      box.addEventListener("pointermove", (event) => {
        const place = event.pointerType === "mouse" ? nearest(event) : -1;
        if (place >= 0 && place !== at) show(place);
      });
      box.addEventListener("click", (event) => {
        const place = nearest(event);
        if (place >= 0) show(place);
      });
    }

    // The wide drawing as a file, in light colours, with its title above it and what the page is about below.
    const file = () => {
      const svg = drawings[0].svg.cloneNode(true);
      svg.querySelector(".ring")?.remove();
      const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
      const lines = [""];
      for (const word of box.parentElement.querySelector("figcaption").firstChild.textContent.trim().split(" ")) {
        if (lines.at(-1).length + word.length > width / 6.2) lines.push("");
        lines.push(`${lines.pop()} ${word}`.trim());
      }
      const above = 14 * lines.length + 8;
      const whole = height + above + 16;
      svg.setAttribute("viewBox", `0 ${-above} ${width} ${whole}`);
      svg.setAttribute("width", width * 3);
      svg.setAttribute("height", whole * 3);
      svg.prepend(make("rect", { y: -above, width, height: whole, fill: "#ffffff" }));
      for (const [n, line] of lines.entries()) {
        svg.append(make("text", { y: 14 * (n + 1) - above - 2, "font-size": 11, "font-weight": "bold" }, line));
      }
      svg.append(make("text", { y: height + 12, "font-size": 7.5, fill: "#58585c" }, document.title));
      return { address: `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(svg))}`, svg };
    };
    const save = (address, ending) => {
      const name = box.parentElement.id.replace("figure", location.pathname.split("/").at(-1).replace(/\.html$/, ""));
      Object.assign(document.createElement("a"), { href: address, download: `${name}.${ending}` }).click();
    };
    const asSvg = () => save(file().address, "svg");
    const asPng = async () => {
      const { address, svg } = file();
      const image = Object.assign(new Image(), { src: address });
      await image.decode();
      const [width, height] = [svg.getAttribute("width"), svg.getAttribute("height")];
      const canvas = Object.assign(document.createElement("canvas"), { width, height });
      canvas.getContext("2d").drawImage(image, 0, 0, width, height);
      save(canvas.toDataURL("image/png"), "png");
    };
    const buttons = [["SVG", asSvg], ["PNG", asPng]].map(([ending, onclick]) =>
      Object.assign(document.createElement("button"), { type: "button", textContent: ending, onclick }),
    );
    const behind = box.parentElement.querySelector("summary");
    behind.append(", and the chart to save");
    add(behind, "p", { className: "save" }, "Save the chart as ", ...buttons);
  }
})();
