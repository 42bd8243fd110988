// The share of the objective's variance that each parameter explains.

import { element } from "./element.js";
import { percent } from "./quantity.js";
import { empty_state } from "./notice.js";

/** @param {{parameter: string, share: number}[]} importance */
export function importance_bars(importance) {
  if (importance.length === 0) {
    return empty_state("Too few runs to tell", "Importance needs twelve comparable finished runs: of the same experiment, with the same number of epochs.");
  }
  const most = Math.max(...importance.map(({ share }) => share), 0.01);
  return element("div", {}, element("p", { class: "hint" }, "The share of the objective's variance that each parameter explains by itself, among the selected runs."),
    element("table", { class: "bars" }, element("tbody", {}, [...importance].sort((a, b) => b.share - a.share).map(({ parameter, share }) => element("tr", {},
      element("th", { scope: "row" }, parameter), element("td", { class: "number" }, percent(share)),
      element("td", { class: "bar-cell" }, element("span", { class: "bar-long", style: { width: `${Math.max(0.5, (100 * Math.max(0, share)) / most)}%` } })))))));
}
