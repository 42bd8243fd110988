// The legend of curves. A click hides or shows a line.

import { element } from "./element.js";

/**
 * @param {{key: string, name: string, detail: string, colour: string}[]} entries @param {Set<string>} hidden
 * @param {(keys: Set<string>) => void} on_change @param {(key: string | null) => void} on_point
 */
export function curve_legend(entries, hidden, on_change, on_point) {
  const buttons = entries.map(({ key, name, detail, colour }) => element("button", {
    type: "button", class: "legend-entry", "aria-pressed": !hidden.has(key), title: `${name} ${detail}`,
    on: {
      click: (/** @type {MouseEvent} */ event) => {
        if (event.altKey || event.ctrlKey || event.metaKey) {  // only this one
          const is_alone = hidden.size === entries.length - 1 && !hidden.has(key);
          hidden.clear();
          if (!is_alone) for (const other of entries) if (other.key !== key) hidden.add(other.key);
        } else if (!hidden.delete(key)) {
          hidden.add(key);
        }
        buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(!hidden.has(entries[i].key))));
        on_change(hidden);
      },
      mouseenter: () => on_point(key), mouseleave: () => on_point(null), focus: () => on_point(key), blur: () => on_point(null),
    },
  }, element("span", { class: "swatch", style: { background: colour } }), element("span", { class: "name" }, name), element("span", { class: "detail" }, detail)));
  return element("div", { class: "legend", role: "group", "aria-label": "Curves shown" }, buttons);
}
