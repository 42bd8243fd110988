// Colours of lines and points, on a light and on a dark page.

const DARK = window.matchMedia("(prefers-color-scheme: dark)");

const LIGHT_LINES = ["#1867b7", "#c44f12", "#1f8040", "#9138b0", "#9a6b00", "#c2185b", "#00798a", "#7a4a32", "#4f5bd5", "#4d7a12"];
const DARK_LINES = ["#6cb2ff", "#ff9a62", "#5fd38a", "#d79bf0", "#e8bf4d", "#ff86b3", "#4fd0dd", "#d3a58c", "#a5acff", "#a9d65c"];

// Viridis without its ends, which are hard to see on the page.
const LIGHT_SCALE = ["#440154", "#46327e", "#365c8d", "#277f8e", "#1fa187", "#4ab76a", "#86b82a"];
const DARK_SCALE = ["#7a6ce0", "#5b8fe6", "#3fb0cf", "#34c8a4", "#6fdc78", "#b3e54a", "#fde725"];

export const is_dark = () => DARK.matches;

/** Calls back when the reader's system changes to light or dark. @param {() => void} listener @param {AbortSignal} signal */
export function on_theme(listener, signal) {
  DARK.addEventListener("change", listener, { signal });
}

/** A colour of page.css. @param {string} name such as --ink */
export const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** The colour of the nth line. After ten colours the hue advances by the golden angle. @param {number} index */
export function line_colour(index) {
  const lines = is_dark() ? DARK_LINES : LIGHT_LINES;
  if (index < lines.length) return lines[index];
  const hue = Math.round((index * 137.508) % 360);
  return is_dark() ? hsl(hue, 70, 70) : hsl(hue, 65, 38);
}

/** @param {number} h degrees @param {number} s per cent @param {number} l per cent */
function hsl(h, s, l) {
  const a = (s / 100) * Math.min(l / 100, 1 - l / 100);
  const part = (/** @type {number} */ n) => {
    const k = (n + h / 30) % 12;
    const level = l / 100 - a * Math.max(-1, Math.min(k - 3, 9 - k, 1));
    return Math.round(level * 255).toString(16).padStart(2, "0");
  };
  return `#${part(0)}${part(8)}${part(4)}`;
}

/** A colour for a value between the least (0) and the greatest (1). @param {number} share 0 to 1 */
export function scale_colour(share) {
  const stops = is_dark() ? DARK_SCALE : LIGHT_SCALE;
  const at = Math.max(0, Math.min(1, share)) * (stops.length - 1);
  const low = Math.floor(at);
  return mixed(stops[low], stops[Math.min(low + 1, stops.length - 1)], at - low);
}

/** @param {string} a @param {string} b @param {number} share */
function mixed(a, b, share) {
  const part = (/** @type {number} */ i) => {
    const [x, y] = [a, b].map((colour) => parseInt(colour.slice(i, i + 2), 16));
    return Math.round(x + (y - x) * share).toString(16).padStart(2, "0");
  };
  return `#${part(1)}${part(3)}${part(5)}`;
}

/** The same colour with this opacity. @param {string} colour #rrggbb @param {number} alpha */
export function faint(colour, alpha) {
  return `rgba(${[1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16)).join(",")},${alpha})`;
}
