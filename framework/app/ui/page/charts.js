// Charts of curves, drawn by dygraphs; only this file uses it. Charts of one group share zoom and hover.

import { element, fill } from "./element.js";
import { number } from "./quantity.js";
import { faint, is_dark, on_theme, token } from "./theme.js";
import { rows_of, span_of } from "./curve_data.js";

const MOST_VALUES = 10;  // lines named in the box of values
const FEW = 20;  // up to so many lines, all values under the pointer are marked
const SETTLED = 180;  // milliseconds after the last zoom until finer bins are fetched

/** @type {any} */
const Dygraph = /** @type {any} */ (globalThis).Dygraph;
// Other parts of dygraphs write HTML from texts, and style attributes, which the page's policy forbids.
Dygraph.PLUGINS = [Dygraph.Plugins.Grid, Dygraph.Plugins.Axes];

/**
 * @typedef {import("./curve_data.js").Line & {colour: string, name: string, is_ghost?: boolean}} DrawnLine a ghost lies
 *   under the others and has no values
 * @typedef {{x: number, y: number, w: number, h: number}} Area
 * @typedef {{is_log_x: boolean, is_log_y: boolean, x_text: (x: number) => string, window: [number, number] | null}} Axes
 */

/** What the charts of a group share. */
export class ChartGroup {
  /** @param {(window: [number, number] | null) => void} on_zoom called when zooming has ended */
  constructor(on_zoom) {
    this.on_zoom = on_zoom;
    /** @type {Set<Chart>} */
    this.charts = new Set();
    this.timer = 0;
  }

  /** @param {[number, number] | null} window @param {Chart | null} from */
  zoom(window, from) {
    // The chart that is drawing itself follows when it is done.
    for (const chart of this.charts) chart === from ? queueMicrotask(() => chart.show_window(window)) : chart.show_window(window);
    clearTimeout(this.timer);
    this.timer = globalThis.setTimeout(() => this.on_zoom(window), SETTLED);
  }

  /** @param {number | null} x @param {string | undefined} key the line pointed at @param {Chart} from */
  hover(x, key, from) {
    for (const chart of this.charts) if (chart !== from) chart.point_at(x, key);
  }

  /** Highlights one line in all charts. @param {string | null} key */
  highlight(key) {
    for (const chart of this.charts) chart.highlight(key);
  }
}

export class Chart {
  /**
   * @param {{title: string, group: ChartGroup, signal: AbortSignal, height?: number, y_text?: (y: number) => string}} what
   */
  constructor({ title, group, signal, height = 240, y_text = number }) {
    this.group = group;
    this.title = title;
    this.y_text = y_text;
    /** @type {any} */
    this.graph = null;
    /** @type {DrawnLine[]} */
    this.lines = [];
    /** @type {Axes} */
    this.axes = { is_log_x: false, is_log_y: false, x_text: number, window: null };
    /** @type {[number, number] | null} the part of the upright axis that was zoomed to */
    this.y_window = null;
    /** @type {[number, number] | null} what is shown around values that all have one place */
    this.around = null;
    this.is_following = false;
    this.row = -1;
    this.plot = element("div", { class: "plot", style: { height: `${height}px` } });
    this.values = element("div", { class: "values", hidden: true, "aria-hidden": "true" });
    this.said = element("div", { class: "said", "aria-live": "polite" });
    this.nothing = element("p", { class: "hint no-values", hidden: true }, "no values");
    this.node = element("div", { class: "chart", tabindex: 0, role: "group", on: {
      keydown: (/** @type {KeyboardEvent} */ event) => this.#key(event), mouseleave: () => this.#leave(), blur: () => this.#leave(),
    } }, this.plot, this.nothing, this.values, this.said);
    group.charts.add(this);
    on_theme(() => this.draw(this.lines, this.axes), signal);
    const watch = new ResizeObserver(() => this.graph?.resize());
    watch.observe(this.plot);
    signal.addEventListener("abort", () => {
      watch.disconnect();
      this.close();
    });
  }

  close() {
    this.group.charts.delete(this);
    this.graph?.destroy();
    this.graph = null;
  }

  /** @param {DrawnLine[]} lines @param {Axes} axes */
  draw(lines, axes) {
    this.lines = lines;
    this.axes = axes;
    const rows = rows_of(lines, axes);
    const is_empty = rows.length === 0 || lines.length === 0;
    this.nothing.hidden = !is_empty;
    this.plot.hidden = is_empty;
    const what = `${this.title}, ${lines.filter((line) => !line.is_ghost).length} curves. Left and right arrow keys read the values, + and − zoom, 0 shows all.`;
    this.node.setAttribute("aria-label", what);
    if (is_empty) {
      this.graph?.destroy();
      this.graph = null;
      return;
    }
    this.around = rows.length === 1 && !axes.is_log_x ? [rows[0][0] - 1, rows[0][0] + 1] : null;
    /** @type {Record<string, object>} */
    const series = {};
    lines.forEach((line, i) => {
      series[`s${i}`] = { color: line.is_ghost ? faint(line.colour, 0.28) : line.colour, strokeWidth: line.is_ghost ? 1 : 1.5, drawPoints: line.x.length === 1, pointSize: 3 };
    });
    const options = {
      file: rows, labels: ["x", ...lines.map((_, i) => `s${i}`)], series, dateWindow: axes.window ?? this.around,
      highlightCircleSize: lines.length > FEW ? 0 : 3, logscale: axes.is_log_y, axes: this.#axes(), gridLineColor: token("--grid"), axisLineColor: token("--line"),
      highlightSeriesBackgroundAlpha: lines.length > 1 ? 0.35 : 1, highlightSeriesBackgroundColor: is_dark() ? "rgb(20,24,29)" : "rgb(255,255,255)",
    };
    this.is_following = true;
    if (this.graph && this.drawn_log_x === axes.is_log_x) {
      this.graph.updateOptions(options);
    } else {
      this.graph?.destroy();
      this.drawn_log_x = axes.is_log_x;
      const { file, ...others } = options;
      this.graph = new Dygraph(this.plot, file, { ...others, ...this.#habits() });
    }
    this.is_following = false;
  }

  #axes() {
    return {
      x: { logscale: this.axes.is_log_x, axisLabelFormatter: (/** @type {number} */ x) => this.axes.x_text(x), pixelsPerLabel: 64, axisLabelWidth: 64 },
      y: { valueRange: this.y_window ?? span_of(this.lines, this.axes.window, this.axes.is_log_y), axisLabelFormatter: (/** @type {number} */ y) => this.y_text(y), axisLabelWidth: 56, pixelsPerLabel: 34 },
    };
  }

  /** The options that do not depend on the data. */
  #habits() {
    const model = { ...Dygraph.defaultInteractionModel };
    // One finger scrolls the page, and a tap shows values; two zoom the charts.
    delete model.touchend;
    for (const touch of ["touchstart", "touchmove"]) {
      const zoom = model[touch];
      model[touch] = (/** @type {TouchEvent} */ event, /** @type {any} */ graph, /** @type {any} */ context) => {
        if (event.touches.length > 1) zoom(event, graph, context);
      };
    }
    model.dblclick = () => this.group.zoom(null, null);
    return {
      legend: "never", connectSeparatedPoints: true, labelsUTC: false, animatedZooms: false, xRangePad: 4,
      rightGap: 8, strokeBorderWidth: 0, interactionModel: model, hideOverlayOnMouseOut: true, gridLineWidth: 1,
      highlightSeriesOpts: { strokeWidth: 2.5 }, animateBackgroundFade: false,
      // dygraphs fills its own bands piece by piece, which takes half a second for a hundred bands.
      underlayCallback: (/** @type {CanvasRenderingContext2D} */ canvas, /** @type {Area} */ area, /** @type {any} */ graph) => this.#draw_bands(canvas, area, graph),
      highlightCallback: (/** @type {MouseEvent} */ event, /** @type {number} */ x, /** @type {any[]} */ _, /** @type {number} */ __, /** @type {string} */ name) => {
        this.row = this.#nearest_row(x);
        const line = name ? Number(name.slice(1)) : -1;
        this.#show_values(x, event.offsetY ?? 0, line);
        this.group.hover(x, this.lines[line]?.key, this);
      },
      unhighlightCallback: () => this.#leave(),
      drawCallback: (/** @type {any} */ graph, /** @type {boolean} */ is_first) => {
        if (is_first || this.is_following) return;
        const range = graph.xAxisRange();
        const is_all = !graph.isZoomed("x") || String(range) === String(this.around);
        const height = graph.yAxisRange();
        const span = span_of(this.lines, this.axes.window, this.axes.is_log_y);
        if (span && String(height) !== String(this.y_window ?? span)) this.y_window = [height[0], height[1]];
        const now = is_all ? null : /** @type {[number, number]} */ ([range[0], range[1]]);
        if (String(now) === String(this.axes.window)) return;
        this.axes = { ...this.axes, window: now };
        this.group.zoom(now, this);
      },
    };
  }

  /** @param {[number, number] | null} window */
  show_window(window) {
    this.axes = { ...this.axes, window };
    if (!this.graph) return;
    if (!window) this.y_window = null;
    this.is_following = true;
    this.graph.updateOptions({ dateWindow: window ?? this.around, axes: this.#axes() });
    this.is_following = false;
  }

  /** From the lowest to the highest, each in one piece. @param {CanvasRenderingContext2D} canvas @param {Area} area @param {any} graph */
  #draw_bands(canvas, area, graph) {
    const { is_log_x, is_log_y } = this.axes;
    const across = place_on(graph.xAxisRange(), is_log_x, area.x, area.w);
    const upward = place_on(graph.yAxisRange(), is_log_y, area.y + area.h, -area.h);
    canvas.save();
    canvas.beginPath();
    canvas.rect(area.x, area.y, area.w, area.h);
    canvas.clip();
    const alpha = this.lines.length > 20 ? 0.1 : 0.18;
    for (const { x, low, high, colour } of this.lines) {
      if (!low || !high) continue;
      canvas.fillStyle = faint(colour, alpha);
      let from = 0;
      for (let i = 0; i <= x.length; ++i) {
        if (i < x.length && is_number(low[i]) && is_number(high[i])) continue;
        if (i > from) {
          canvas.beginPath();
          for (let k = from; k < i; ++k) canvas.lineTo(across(x[k]), upward(/** @type {number} */ (high[k])));
          for (let k = i - 1; k >= from; --k) canvas.lineTo(across(x[k]), upward(/** @type {number} */ (low[k])));
          canvas.fill();
        }
        from = i + 1;
      }
    }
    canvas.restore();
  }

  /** @param {number | null} x @param {string | undefined} key */
  point_at(x, key) {
    if (!this.graph) return;
    const line = this.lines.findIndex((one) => one.key === key && !one.is_ghost);
    if (x === null || line < 0) return this.graph.clearSelection();
    this.graph.setSelection(this.#nearest_row(x), `s${line}`);
  }

  /** @param {number} x */
  #nearest_row(x) {
    return nearest(this.graph.numRows(), (row) => this.graph.getValue(row, 0), x);
  }

  /** @param {string | null} key */
  highlight(key) {
    if (!this.graph) return;
    const index = this.lines.findIndex((line) => line.key === key && !line.is_ghost);
    if (key === null || index < 0) return this.graph.clearSelection();
    const line = this.lines[index];
    this.graph.setSelection(this.#nearest_row(line.x[line.x.length - 1] ?? 0), `s${index}`, false);
  }

  #leave() {
    if (this.values.hidden) return;
    this.values.hidden = true;
    this.graph?.clearSelection();
    this.group.hover(null, undefined, this);
  }

  /** The lines nearest to the pointer, with their values. @param {number} x @param {number} y pixels @param {number} [nearest] a line */
  #show_values(x, y, nearest = -1) {
    const entries = this.lines.map((line, i) => ({ line, value: value_at(line, x), is_nearest: i === nearest }))
      .filter(({ line, value }) => !line.is_ghost && value !== null && Number.isFinite(value))
      .map((entry) => ({ ...entry, value: /** @type {number} */ (entry.value), away: Math.abs(this.graph.toDomYCoord(entry.value) - y) }));
    const close = entries.length > MOST_VALUES ? [...entries].sort((a, b) => a.away - b.away).slice(0, MOST_VALUES) : entries;
    close.sort((a, b) => b.value - a.value);
    fill(this.values, element("p", { class: "at" }, this.axes.x_text(x)), close.map(({ line, value, is_nearest }) => element("p", { class: is_nearest ? "near" : "" },
      element("span", { class: "swatch", style: { background: line.colour } }), element("span", { class: "name" }, line.name), element("b", {}, this.y_text(value)))),
      entries.length > close.length ? element("p", { class: "hint" }, `and ${entries.length - close.length} more`) : null);
    this.values.hidden = close.length === 0;
    const [left, width] = [this.graph.toDomXCoord(x), this.node.clientWidth];
    const is_left = left > width / 2;
    this.values.style.left = is_left ? "" : `${left + 14}px`;
    this.values.style.right = is_left ? `${width - left + 14}px` : "";
    return close;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (!this.graph) return;
    const rows = this.graph.numRows();
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      const step = (event.key === "ArrowLeft" ? -1 : 1) * (event.shiftKey ? Math.max(1, Math.round(rows / 20)) : 1);
      this.row = this.row < 0 ? 0 : Math.max(0, Math.min(rows - 1, this.row + step));
      // Without a name, dygraphs would redraw all lines.
      this.graph.setSelection(this.row, `s${this.lines.length - 1}`);
      const x = this.graph.getValue(this.row, 0);
      const close = this.#show_values(x, 0);
      this.said.textContent = `${this.axes.x_text(x)}: ${close.map(({ line, value }) => `${line.name} ${this.y_text(value)}`).join("; ")}`;
      this.group.hover(x, this.lines[this.lines.length - 1]?.key, this);
    } else if (event.key === "+" || event.key === "-") {
      const [from, to] = this.graph.xAxisRange();
      const [all_from, all_to] = this.graph.xAxisExtremes();
      const middle = this.row >= 0 ? this.graph.getValue(this.row, 0) : (from + to) / 2;
      const factor = event.key === "+" ? 0.5 : 2;
      const window = /** @type {[number, number]} */ ([middle - (middle - from) * factor, middle + (to - middle) * factor]);
      this.group.zoom(event.key === "-" && window[0] <= all_from && window[1] >= all_to ? null : window, null);
    } else if (event.key === "0" || event.key === "Escape") {
      this.group.zoom(null, null);
      this.#leave();
    } else {
      return;
    }
    event.preventDefault();
  }
}

/** The value nearest to a place; null outside of the line. @param {DrawnLine} line @param {number} x */
function value_at(line, x) {
  if (line.x.length === 0 || x < line.x[0] || x > line.x[line.x.length - 1]) return null;
  return line.y[nearest(line.x.length, (i) => line.x[i], x)];
}

/** The index of the number nearest to x among rising ones. @param {number} amount @param {(index: number) => number} at @param {number} x */
function nearest(amount, at, x) {
  let [low, high] = [0, amount - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(middle) < x) low = middle + 1;
    else high = middle;
  }
  return low > 0 && x - at(low - 1) < at(low) - x ? low - 1 : low;
}

/** @param {unknown} value */
const is_number = (value) => typeof value === "number" && Number.isFinite(value);

/**
 * Where a value stands on the canvas.
 * @param {[number, number]} range @param {boolean} is_log @param {number} start pixels @param {number} length pixels
 */
function place_on([low, high], is_log, start, length) {
  if (!is_log) return (/** @type {number} */ value) => start + ((value - low) / (high - low)) * length;
  const least = Math.log(low);
  const span = Math.log(high) - least;
  // Values that a logarithmic axis cannot show are drawn below it.
  return (/** @type {number} */ value) => (value > 0 ? start + ((Math.log(value) - least) / span) * length : start - Math.sign(length) * 9999);
}
