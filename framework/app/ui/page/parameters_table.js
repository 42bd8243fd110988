// Parameters and results of runs side by side.

import { element } from "./element.js";
import { number, value_text } from "./quantity.js";
import { real } from "./api.js";
import { address } from "./route.js";

/**
 * @param {import("./run_names.js").Comparison} comparison @param {boolean} differences_only @param {(run: string) => string} colour
 */
export function parameters_table(comparison, differences_only, colour) {
  const { runs } = comparison;
  const parameters = comparison.parameters.filter(({ differs }) => differs || !differences_only);
  const head = element("tr", {}, element("th", { scope: "col" }, ""), runs.map((run) => element("th", { scope: "col" },
    element("span", { class: "swatch", style: { background: colour(run) } }), element("a", { href: address("run", run) }, run))));
  /** @param {string} title */
  const part = (title) => element("tr", { class: "part" }, element("th", { scope: "colgroup", colspan: runs.length + 1 }, title));
  return element("div", { class: "wide framed", tabindex: 0, role: "region", "aria-label": "Parameters and results side by side" }, element("table", { class: "side" },
    element("thead", {}, head),
    element("tbody", {}, part(differences_only ? "Parameters that differ" : "Parameters"),
      parameters.length === 0 ? element("tr", {}, element("td", { colspan: runs.length + 1 }, "All parameters are the same.")) : null,
      parameters.map(({ name, values, differs }) => element("tr", { class: differs ? "differs" : "" }, element("th", { scope: "row" }, name),
        values.map((value) => element("td", { class: typeof value === "number" ? "number" : "", title: value_text(value).length > 30 ? value_text(value) : undefined }, value_text(value)))))),
    element("tbody", {}, part("Metrics: the last value, then the best if it differs"), comparison.metrics.map(({ name, better, last, best }) => {
      const numbers = best.map(real);
      const finite = /** @type {number[]} */ (numbers.filter((v) => v !== null && Number.isFinite(v)));
      const top = better === "higher" ? Math.max(...finite) : better === "lower" ? Math.min(...finite) : NaN;
      return element("tr", {}, element("th", { scope: "row" }, name, better ? element("span", { class: "hint" }, ` ${better} is better`) : null),
        last.map((value, i) => element("td", { class: numbers[i] === top ? "number best" : "number" }, number(value),
          best[i] !== null && best[i] !== undefined && best[i] !== value ? element("span", { class: "hint" }, ` ${number(best[i])}`) : null)));
    }))));
}
