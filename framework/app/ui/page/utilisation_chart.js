// How busy the processor, the GPU and the memory were while a run trained.

import { ask, is_abandoned } from "./api.js";
import { Chart, ChartGroup } from "./charts.js";
import { element } from "./element.js";
import { bytes, duration, percent } from "./quantity.js";
import { line_colour } from "./theme.js";

/** @typedef {{epoch: number, seconds: number, cpu?: number, host_bytes?: number, gpu?: number, gpu_bytes?: number}} UsePoint */

const WHAT = /** @type {const} */ ([
  { title: "Use of processor and GPU", text: percent, lines: [["cpu", "processor"], ["gpu", "GPU"]] },
  { title: "Memory", text: bytes, lines: [["host_bytes", "host"], ["gpu_bytes", "GPU"]] },
]);

/** @param {string} run @param {AbortSignal} signal */
export function utilisation_chart(run, signal) {
  const group = new ChartGroup(() => {});
  const charts = WHAT.map(({ title, text }) => new Chart({ title, group, signal, height: 170, y_text: text }));
  const none = element("p", { class: "hint" }, "Nothing was measured yet.");
  const grid = element("div", { class: "curve-grid", hidden: true }, WHAT.map(({ title, lines }, i) => element("section", { class: "card", "aria-label": title }, element("h3", {}, title,
    lines.map(([field, name], at) => element("span", { class: "key", data: { field } }, element("span", { class: `swatch line-${at}` }), name))), charts[i].node)));

  /** @param {{epoch: number, started: number}[]} epochs */
  async function look(epochs) {
    /** @type {UsePoint[]} */
    let points;
    try {
      points = (await ask(["runs", run, "utilisation"], {}, signal)).points ?? [];
    } catch (error) {
      if (!is_abandoned(error)) none.textContent = /** @type {Error} */ (error).message;
      return;
    }
    none.hidden = points.length > 0;
    grid.hidden = points.length === 0;
    if (points.length === 0) return;
    const began = new Map(epochs.map(({ epoch, started }) => [epoch, started]));
    const zero = began.get(points[0].epoch) ?? 0;
    // A point's seconds count from the beginning of its epoch.
    const x = points.map(({ epoch, seconds }) => Math.max(0, (began.get(epoch) ?? zero) - zero) + seconds);
    WHAT.forEach(({ lines }, i) => {
      const drawn = lines.map(([field, name], at) => ({ key: field, runs: [run], x, y: points.map((point) => point[field] ?? null), low: null, high: null, name, colour: line_colour(at) }))
        .filter(({ y }) => y.some((v) => v !== null));
      for (const key of grid.querySelectorAll(".key")) /** @type {HTMLElement} */ (key).hidden = !points.some((point) => /** @type {any} */ (point)[/** @type {any} */ (key).dataset.field] !== undefined);
      charts[i].draw(drawn, { is_log_x: false, is_log_y: false, x_text: (v) => (v === 0 ? "0 s" : duration(v)), window: null });
    });
  }
  return { node: element("div", {}, none, grid), look };
}
