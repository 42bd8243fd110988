// The dialog for choosing and ordering columns.

import { element, fill } from "./element.js";

const ROOMS = /** @type {const} */ ([["run", "Run"], ["params", "Parameters"], ["metrics", "Metrics"], ["tags", "Tags"]]);

/**
 * @param {import("./main.js").Field[]} fields @param {string[]} shown fields that are columns, in this order
 * @param {string} spark the metric of the little curves, or "none"
 * @param {(columns: string[] | null, spark: string) => void} on_choice null: what `epochal ls` shows
 */
export function choose_columns(fields, shown, spark, on_choice) {
  let chosen = [...shown];
  const search = element("input", { type: "search", placeholder: "Find a name", "aria-label": "Find a name", on: { input: () => draw_offers() } });
  const order = element("ol", { class: "order" });
  const offers = element("div", { class: "offers" });
  const metrics = fields.filter((field) => field.room === "metrics");
  const curve = element("select", { id: "curve-metric" }, element("option", { value: "none" }, "no curve"),
    metrics.map((field) => element("option", { value: bare(field.name), selected: bare(field.name) === spark }, bare(field.name))));

  /** @param {number} index @param {number} by */
  const move = (index, by) => {
    const [field] = chosen.splice(index, 1);
    chosen.splice(Math.max(0, index + by), 0, field);
    draw_order();
    order.children[Math.max(0, Math.min(chosen.length - 1, index + by))]?.querySelector(by < 0 ? ".up" : ".down")?.focus();
  };
  const draw_order = () => fill(order, chosen.map((field, i) => element("li", {}, element("span", { class: "name" }, field),
    element("button", { type: "button", class: "plain up", "aria-label": `Move ${field} to the left`, disabled: i === 0, on: { click: () => move(i, -1) } }, "↑"),
    element("button", { type: "button", class: "plain down", "aria-label": `Move ${field} to the right`, disabled: i === chosen.length - 1, on: { click: () => move(i, 1) } }, "↓"),
    element("button", { type: "button", class: "plain", "aria-label": `Remove ${field}`, on: { click: () => { chosen.splice(i, 1); draw_order(); draw_offers(); } } }, "×"))));
  const draw_offers = () => {
    const wanted = search.value.toLowerCase();
    fill(offers, ROOMS.map(([room, title]) => {
      const names = fields.filter((field) => field.room === room && field.name.toLowerCase().includes(wanted));
      if (names.length === 0) return null;
      return element("fieldset", {}, element("legend", {}, title), names.slice(0, 200).map((field) => element("label", { class: "offer" },
        element("input", { type: "checkbox", checked: chosen.includes(field.name), on: { change: (/** @type {any} */ event) => {
          if (event.target.checked) chosen.push(field.name);
          else chosen = chosen.filter((name) => name !== field.name);
          draw_order();
        } } }), element("span", { title: field.meaning }, room === "run" ? field.name.replace(/^run\./, "") : bare(field.name)), field.varies ? element("span", { class: "hint" }, "varies") : null)));
    }));
  };
  draw_order();
  draw_offers();

  const close = () => dialog.close();
  const dialog = element("dialog", { class: "chooser", "aria-labelledby": "columns-title", on: { close: () => dialog.remove() } },
    element("h2", { id: "columns-title" }, "Columns"),
    element("div", { class: "chooser-parts" },
      element("div", {}, search, offers),
      element("div", {}, element("h3", {}, "Shown, from left to right"), order,
        element("p", {}, element("label", { for: "curve-metric" }, "Curve of "), curve))),
    element("div", { class: "dialog-buttons" },
      element("button", { type: "button", on: { click: () => { on_choice(null, ""); close(); } } }, "Reset"),
      element("button", { type: "button", on: { click: close } }, "Cancel"),
      element("button", { type: "button", class: "main", on: { click: () => { on_choice(chosen, curve.value); close(); } } }, "Show")));
  document.body.append(dialog);
  dialog.showModal();
}

/** metrics.`my loss` → my loss @param {string} name */
export const bare = (name) => name.replace(/^(run|params|metrics|tags)\./, "").replace(/^`(.*)`$/s, "$1");
