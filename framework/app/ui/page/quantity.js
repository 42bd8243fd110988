// Numbers, times and sizes as text.

import { real } from "./api.js";

/** Four digits, for tables. @param {unknown} value a number of an answer */
export function number(value) {
  const v = real(value);
  if (v === null) return "";
  if (Number.isNaN(v)) return "nan";
  if (!Number.isFinite(v)) return v > 0 ? "inf" : "-inf";
  if (Number.isInteger(v) && Math.abs(v) < 1e6) return String(v);
  const size = Math.abs(v);
  if (size >= 1e6 || size < 1e-3) return v.toExponential(3).replace(/\.?0+e/, "e").replace("e+", "e");
  return String(Number(v.toPrecision(4)));
}

/** A parameter or a cell: texts are unchanged. @param {unknown} value */
export function value_text(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return number(value);
  return String(value);
}

/** @param {unknown} value */
export function count(value) {
  const v = real(value);
  return v === null ? "" : Math.round(v).toLocaleString("en");
}

/** @param {unknown} seconds */
export function duration(seconds) {
  const v = real(seconds);
  if (v === null || !Number.isFinite(v)) return "";
  if (v < 0.0995) return `${Number((v * 1000).toPrecision(2))} ms`;
  if (v < 60) return `${Number(v.toPrecision(v < 10 ? 2 : 3))} s`;
  const whole = Math.round(v);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (h >= 48) return `${Math.floor(h / 24)} d ${h % 24} h`;
  if (h) return `${h} h ${m} min`;
  return s ? `${m} min ${s} s` : `${m} min`;
}

/** @param {unknown} value */
export function bytes(value) {
  let v = real(value);
  if (v === null) return "";
  for (const unit of ["bytes", "KB", "MB", "GB"]) {
    if (v < 1000) return `${unit === "bytes" ? v : Number(v.toPrecision(3))} ${unit}`;
    v /= 1000;
  }
  return `${Number(v.toPrecision(3))} TB`;
}

/** The time in the reader's time zone. @param {unknown} seconds since 1970 */
export function time(seconds) {
  const v = real(seconds);
  if (v === null) return "";
  const date = new Date(v * 1000);
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** @param {unknown} seconds since 1970 */
export function ago(seconds) {
  const v = real(seconds);
  if (v === null) return "";
  const since = Date.now() / 1000 - v;
  if (since < 1) return "now";
  return since < 172800 ? `${duration(Math.round(since))} ago` : `${Math.round(since / 86400)} days ago`;
}

/** @param {number} amount @param {string} thing @param {string} [things] */
export const counted = (amount, thing, things = `${thing}s`) => `${count(amount)} ${amount === 1 ? thing : things}`;

/** @param {number} share */
export const percent = (share) => `${Number((share * 100).toPrecision(share < 0.1 ? 2 : 3))} %`;
