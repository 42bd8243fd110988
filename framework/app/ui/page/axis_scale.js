// The position of values on an axis of a drawing, and the marks of the axis.

import { number } from "./quantity.js";

/**
 * @typedef {{is_text: true, values: string[]} | {is_text: false, low: number, high: number, is_log: boolean}} Scale
 */

/**
 * @param {unknown[]} values numbers, or texts and booleans @param {boolean} wants_log
 * @returns {Scale}
 */
export function scale_of(values, wants_log) {
  const known = values.filter((v) => v !== null && v !== undefined);
  if (known.some((v) => typeof v !== "number")) {
    return { is_text: true, values: [...new Set(known.map(String))].sort((a, b) => a.localeCompare(b, "en", { numeric: true })) };
  }
  const numbers = /** @type {number[]} */ (known).filter((v) => Number.isFinite(v) && (!wants_log || v > 0));
  if (numbers.length === 0) return { is_text: false, low: 0, high: 1, is_log: false };
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  if (low === high) return wants_log ? { is_text: false, low: low / 2, high: low * 2, is_log: true } : { is_text: false, low: low - (Math.abs(low) || 1) / 2, high: high + (Math.abs(high) || 1) / 2, is_log: false };
  return { is_text: false, low, high, is_log: wants_log };
}

/** 0 at the low end, 1 at the high one; null if the value has no position. @param {Scale} scale @param {unknown} value @returns {number | null} */
export function share_of(scale, value) {
  if (value === null || value === undefined) return null;
  if (scale.is_text) {
    const index = scale.values.indexOf(String(value));
    return index < 0 ? null : scale.values.length === 1 ? 0.5 : index / (scale.values.length - 1);
  }
  if (typeof value !== "number" || !Number.isFinite(value) || (scale.is_log && value <= 0)) return null;
  if (scale.is_log) return Math.log(value / scale.low) / Math.log(scale.high / scale.low);
  return (value - scale.low) / (scale.high - scale.low);
}

/** Marks with their texts. @param {Scale} scale @param {number} wanted about how many @returns {{share: number, text: string}[]} */
export function marks_of(scale, wanted) {
  if (scale.is_text) {
    const every = Math.ceil(scale.values.length / 12);
    return scale.values.map((text, i) => ({ share: /** @type {number} */ (share_of(scale, text)), text: text || "(empty)", i })).filter(({ i }) => i % every === 0);
  }
  const { low, high, is_log } = scale;
  /** @type {number[]} */
  const at = [];
  if (is_log && high / low >= 10) {
    const powers = Math.log10(high / low);
    const within = powers < 2.2 ? [1, 2, 5] : [1];
    const step = Math.max(1, Math.ceil(powers / wanted));
    for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power += step) for (const one of within) at.push(one * 10 ** power);
  } else {
    const rough = (high - low) / Math.max(1, wanted);
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = power * ([1, 2, 5, 10].find((one) => one * power >= rough) ?? 10);
    for (let v = Math.ceil(low / step) * step; v <= high + step * 1e-9; v += step) at.push(Number(v.toPrecision(12)));
  }
  const slack = 1e-9 * (high - low);
  return at.filter((v) => v >= low - slack && v <= high + slack).map((v) => ({ share: /** @type {number} */ (share_of(scale, v)), text: number(v) }));
}
