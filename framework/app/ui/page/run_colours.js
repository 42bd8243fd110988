// The colour of each run: its own, its setting's, or that of its value of a parameter.

import { real } from "./api.js";
import { value_text } from "./quantity.js";
import { line_colour, scale_colour } from "./theme.js";

/**
 * @param {import("./run_names.js").Comparison} comparison
 * @param {string} by "" for each run its own; "setting"; or a parameter's name
 * @param {Map<string, string>} settings the setting of each run
 * @returns {{of: (run: string) => string, key: {colour: string, text: string}[]}} `key`: the value of each colour
 */
export function colours_of(comparison, by, settings) {
  const { runs } = comparison;
  const parameter = comparison.parameters.find(({ name }) => name === by.replace(/^params\./, ""));
  if (!by || (by !== "setting" && !parameter)) return { of: (run) => line_colour(Math.max(0, runs.indexOf(run))), key: [] };
  if (!parameter) {
    const groups = [...new Set(runs.map((run) => settings.get(run) ?? run))];
    return { of: (run) => line_colour(Math.max(0, groups.indexOf(settings.get(run) ?? run))), key: [] };
  }
  const numbers = parameter.values.map(real);
  const texts = parameter.values.map(value_text);
  const different = [...new Set(texts)];
  const finite = /** @type {number[]} */ (numbers.filter((v) => v !== null && Number.isFinite(v)));
  if (finite.length < numbers.length || different.length <= 2) {
    return {
      of: (run) => line_colour(different.indexOf(texts[runs.indexOf(run)])),
      key: different.slice(0, 10).map((text, i) => ({ colour: line_colour(i), text: text || "(empty)" })),
    };
  }
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  // Values that span several powers of ten are coloured by their logarithm.
  const is_log = low > 0 && high / low >= 20;
  const share = (/** @type {number} */ v) => (is_log ? Math.log(v / low) / Math.log(high / low) : (v - low) / (high - low || 1));
  const steps = [...new Set(finite)].sort((a, b) => a - b);
  const shown = steps.length <= 7 ? steps : [0, 0.25, 0.5, 0.75, 1].map((at) => steps[Math.round(at * (steps.length - 1))]);
  return {
    of: (run) => scale_colour(share(/** @type {number} */ (numbers[runs.indexOf(run)] ?? low))),
    key: shown.map((v) => ({ colour: scale_colour(share(v)), text: value_text(v) })),
  };
}
