// From the server's curves to the lines of a chart: smoothing, seeds as one line with a band, and a table of values.
// Pure functions.

import { real } from "./api.js";

/**
 * @typedef {object} Curve of the API
 * @property {string} run @property {string} setting @property {number} seed
 * @property {number[]} x @property {unknown[]} y @property {unknown[]} [low] @property {unknown[]} [high]
 *
 * @typedef {object} Line
 * @property {string} key identifies the line: a run, or a setting @property {string[]} runs
 * @property {number[]} x @property {(number | null)[]} y NaN breaks the line, null is skipped
 * @property {(number | null)[] | null} low @property {(number | null)[] | null} high
 */

/** @param {Curve} curve @returns {Line} */
export function line_of(curve) {
  return {
    key: curve.run, runs: [curve.run], x: curve.x, y: curve.y.map(real),
    low: curve.low ? curve.low.map(real) : null, high: curve.high ? curve.high.map(real) : null,
  };
}

/**
 * Runs of one setting as their mean, with a band from the lowest to the highest.
 * @param {Curve[]} curves @param {(run: string) => string} setting @returns {Line[]}
 */
export function lines_of_settings(curves, setting) {
  /** @type {Map<string, Curve[]>} */
  const settings = new Map();
  for (const curve of curves) {
    const key = setting(curve.run);
    if (!settings.has(key)) settings.set(key, []);
    settings.get(key)?.push(curve);
  }
  return [...settings].map(([key, seeds]) => {
    const lines = seeds.map(line_of).filter((line) => line.x.length > 0);
    const runs = seeds.map((curve) => curve.run);
    if (lines.length <= 1) return { ...(lines[0] ?? line_of(seeds[0])), key, runs };
    const x = merged(lines.map((line) => line.x));
    const ys = lines.map((line) => interpolated(line.x, line.y, x));
    const lows = lines.map((line, i) => (line.low ? interpolated(line.x, line.low, x) : ys[i]));
    const highs = lines.map((line, i) => (line.high ? interpolated(line.x, line.high, x) : ys[i]));
    return {
      key, runs, x,
      y: over(ys, (values) => values.reduce((sum, v) => sum + v, 0) / values.length),
      low: over(lows, (values) => Math.min(...values)), high: over(highs, (values) => Math.max(...values)),
    };
  });
}

/** @param {(number | null)[][]} rows @param {(values: number[]) => number} what */
function over(rows, what) {
  return rows[0].map((_, i) => {
    const values = /** @type {number[]} */ (rows.map((row) => row[i]).filter((v) => v !== null));
    if (values.length === 0) return null;
    const finite = values.filter(Number.isFinite);
    return finite.length === 0 ? NaN : what(finite);
  });
}

/** All positions, each once, in order. @param {number[][]} lists */
export function merged(lists) {
  if (lists.every((list) => list.length === lists[0].length && list.every((v, i) => v === lists[0][i]))) return lists[0] ?? [];
  return [...new Set(lists.flat())].sort((a, b) => a - b);
}

/**
 * Values at other positions, by linear interpolation; null outside of the known ones.
 * @param {number[]} x @param {(number | null)[]} y @param {number[]} places in order
 */
function interpolated(x, y, places) {
  let i = 0;
  return places.map((place) => {
    while (i < x.length && x[i] < place) ++i;
    if (i < x.length && x[i] === place) return y[i];
    if (i === 0 || i === x.length) return null;
    const [a, b] = [y[i - 1], y[i]];
    if (a === null || b === null) return null;
    return a + ((b - a) * (place - x[i - 1])) / (x[i] - x[i - 1]);
  });
}

/**
 * An exponential mean, with Adam's correction of the bias to zero at the start, as in TensorBoard.
 * @param {(number | null)[]} values @param {number} weight 0: as they are; near 1: very smooth
 */
export function smoothed(values, weight) {
  if (weight <= 0) return values;
  let sum = 0;
  let share = 0;
  return values.map((value) => {
    if (value === null || !Number.isFinite(value)) return value;
    sum = weight * sum + (1 - weight) * value;
    share = weight * share + (1 - weight);
    return sum / share;
  });
}

/**
 * Rows for the chart: x, then the value of each line. A logarithmic axis cannot show zero and less.
 * @param {Line[]} lines @param {{is_log_x: boolean, is_log_y: boolean}} axes
 * @returns {(number | null)[][]}
 */
export function rows_of(lines, { is_log_x, is_log_y }) {
  if (lines.length === 0) return [];
  /** @type {(number | null)[][]} */
  const rows = merged(lines.map((line) => line.x)).filter((x) => !is_log_x || x > 0).map((x) => [x]);
  for (const { x, y } of lines) {
    let i = 0;
    for (const row of rows) {
      const place = /** @type {number} */ (row[0]);
      while (i < x.length && x[i] < place) ++i;
      const value = i < x.length && x[i] === place ? y[i] : null;
      row.push(value === null ? null : !Number.isFinite(value) || (is_log_y && value <= 0) ? NaN : value);
    }
  }
  return rows;
}

/**
 * The range of the y axis: all values and bands within a window of the x axis, and a small margin.
 * @param {Line[]} lines @param {[number, number] | null} window @param {boolean} is_log
 * @returns {[number, number] | null}
 */
export function span_of(lines, window, is_log) {
  let [low, high] = [Infinity, -Infinity];
  for (const line of lines) {
    for (let i = 0; i < line.x.length; ++i) {
      if (window && (line.x[i] < window[0] || line.x[i] > window[1])) continue;
      for (const value of [line.y[i], line.low?.[i], line.high?.[i]]) {
        if (value === null || value === undefined || !Number.isFinite(value) || (is_log && value <= 0)) continue;
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
  }
  if (low > high) return null;
  if (is_log) {
    const room = (high / low) ** 0.04;
    return high === low ? [low / 2, high * 2] : [low / room, high * room];
  }
  const room = high === low ? Math.abs(high) * 0.1 || 1 : (high - low) * 0.05;
  return [low - room, high + room];
}
