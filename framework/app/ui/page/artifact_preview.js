// The start of a text artifact: a table, a histogram, JSON, or lines.

import { drawing, element, fill } from "./element.js";
import { number } from "./quantity.js";

const MOST = 20000;  // bytes
const ROWS = 20;

/** The beginning of a file. @param {string} address @param {AbortSignal} signal */
async function beginning(address, signal) {
  const response = await fetch(address, { signal });
  if (!response.ok || !response.body) throw new Error(`the server answered ${response.status}`);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (text.length < MOST) {
    const { done, value } = await reader.read();
    if (done) return { text, is_whole: true };
    text += value;
  }
  reader.cancel().catch(() => {});  // the rest is not needed
  return { text: text.slice(0, MOST), is_whole: false };
}

/** Rows of a table whose cells may be in quotes. @param {string} text @param {string} separator */
export function table_rows(text, separator) {
  /** @type {string[][]} */
  const rows = [[]];
  let cell = "";
  let is_quoted = false;
  for (let i = 0; i < text.length && rows.length <= ROWS + 1; ++i) {
    const c = text[i];
    if (is_quoted && c === '"' && text[i + 1] === '"') {
      cell += '"';
      ++i;
    } else if (c === '"' && (is_quoted || cell === "")) {
      is_quoted = !is_quoted;
    } else if (!is_quoted && (c === separator || c === "\n")) {
      rows[rows.length - 1].push(cell.replace(/\r$/, ""));
      cell = "";
      if (c === "\n") rows.push([]);
    } else {
      cell += c;
    }
  }
  if (cell) rows[rows.length - 1].push(cell);
  return rows.filter((row) => row.length > 0).slice(0, ROWS + 1);
}

/** @param {{edges: number[], counts: number[]}} histogram the area of a bar is its count */
function histogram_plot({ edges, counts }) {
  const [width, height] = [220, 110];
  const [low, high] = [edges[0], edges[edges.length - 1]];
  const heights = counts.map((amount, i) => amount / (edges[i + 1] - edges[i] || 1));
  const most = Math.max(...heights) || 1;
  const px = (/** @type {number} */ x) => ((x - low) / (high - low || 1)) * width;
  return element("div", {}, drawing("svg", { class: "histogram", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `histogram of ${counts.length} bins from ${number(low)} to ${number(high)}` },
    heights.map((h, i) => drawing("rect", { x: px(edges[i]), width: Math.max(0.5, px(edges[i + 1]) - px(edges[i]) - 0.5), y: height - (h / most) * height, height: (h / most) * height }))),
  element("p", { class: "pair-names" }, element("span", {}, number(low)), element("span", {}, number(high))));
}

/** @param {any} artifact @param {string} address @param {HTMLElement} place @param {AbortSignal} signal */
export async function preview(artifact, address, place, signal) {
  try {
    const { text, is_whole } = await beginning(address, signal);
    const ending = artifact.path.split(".").pop();
    if (is_whole && artifact.type === "histogram") return fill(place, histogram_plot(JSON.parse(text).histogram));
    if (artifact.type === "table" && (ending === "csv" || ending === "tsv")) {
      const [head, ...rows] = table_rows(text, ending === "csv" ? "," : "\t");
      return fill(place, element("table", { class: "plain-table" }, element("thead", {}, element("tr", {}, head.map((cell) => element("th", { scope: "col" }, cell)))),
        element("tbody", {}, rows.map((cells) => element("tr", {}, cells.map((cell) => element("td", {}, cell)))))));
    }
    fill(place, text + (is_whole ? "" : "…"));
  } catch {
    if (!signal.aborted) fill(place, "The file cannot be read.");
  }
}
