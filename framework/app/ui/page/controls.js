// Controls: a labelled list, and a switch.

import { element } from "./element.js";

/** A labelled choice. @param {string} label @param {[string, string][] | string[][]} options @param {string} chosen @param {(value: string) => void} on_choice */
export function choice(label, options, chosen, on_choice) {
  const select = element("select", { on: { change: () => on_choice(select.value) } }, options.map(([value, text]) => element("option", { value, selected: value === chosen }, text)));
  return element("label", { class: "control" }, element("span", {}, label), select);
}

/** @param {string} label @param {boolean} is_on @param {(is_on: boolean) => void} on_change */
export function toggle(label, is_on, on_change) {
  const box = element("input", { type: "checkbox", checked: is_on, on: { change: () => on_change(box.checked) } });
  return element("label", { class: "switch" }, box, label);
}
