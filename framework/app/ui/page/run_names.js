// The name of a run or a setting among others: only the parameters that differ.

import { value_text } from "./quantity.js";

/**
 * @typedef {{parameters: {name: string, differs: boolean, values: unknown[]}[], metrics: {name: string, better?: string, last: unknown[], best: unknown[]}[],
 *   importance: {parameter: string, share: number}[], runs: string[]}} Comparison
 */

const MOST = 3;  // parameters in a name
const LONGEST = 16;  // characters of one value

/** @param {Comparison} comparison @param {string} run */
export function parameters_text(comparison, run) {
  const index = comparison.runs.indexOf(run);
  if (index < 0) return "";
  return comparison.parameters.filter((parameter) => parameter.differs).slice(0, MOST)
    .map(({ name, values }) => `${name} ${short(value_text(values[index]))}`).join(", ");
}

/** The setting of each run, named after its first run. Runs of a setting have the same parameters. @param {Comparison} comparison @returns {Map<string, string>} */
export function settings_of(comparison) {
  const first = new Map();
  return new Map(comparison.runs.map((run, i) => {
    const key = JSON.stringify(comparison.parameters.map(({ values }) => values[i]));
    if (!first.has(key)) first.set(key, run);
    return [run, first.get(key)];
  }));
}

/** @param {string} text */
export const short = (text) => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text).replace(/\s+/g, " ");
