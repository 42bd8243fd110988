// Curves of some runs, one chart for each metric, side by side. Only visible charts fetch data.

import { ask, is_abandoned } from "./api.js";
import { Chart, ChartGroup } from "./charts.js";
import { line_of, lines_of_settings, smoothed } from "./curve_data.js";
import { element, fill } from "./element.js";
import { sentence_of } from "./notice.js";
import { paced } from "./pace.js";
import { duration, number, count } from "./quantity.js";

const FEW = 12;  // up to so many lines, the values before smoothing are drawn under each
const SLOWLY = 1500;  // milliseconds between two fetches of changed curves

/** @param {import("./curve_data.js").Curve} curve */
const is_empty = (curve) => curve.x.length === 0;

export const AXES = [["epoch", "epoch"], ["step", "step"], ["images", "images seen"], ["time", "training time"]];

/**
 * @typedef {object} Look
 * @property {string} axis @property {boolean} is_log_x @property {boolean} is_log_y @property {number} smooth
 * @property {boolean} is_band seeds as one line with a band @property {[number, number] | null} window
 * @property {(run: string) => string} colour @property {(line: import("./curve_data.js").Line) => string} name
 * @property {(run: string) => string} setting what the runs of one setting have in common @property {Set<string>} hidden keys of lines
 */

export class CurveGrid {
  /**
   * @param {{runs: string[], look: Look, signal: AbortSignal, on_zoom: (window: [number, number] | null) => void,
   *   height?: number}} what
   */
  constructor({ runs, look, signal, on_zoom, height = 240 }) {
    this.runs = runs;
    this.look = look;
    this.signal = signal;
    this.height = height;
    this.group = new ChartGroup((window) => {
      this.look.window = window;
      on_zoom(window);
      this.fetch_all();
    });
    /** @type {Map<string, Card>} */
    this.cards = new Map();
    this.node = element("div", { class: "curve-grid" });
    this.sight = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        const card = [...this.cards.values()].find(({ node }) => node === target);
        if (!card) continue;
        card.is_in_sight = isIntersecting;
        if (isIntersecting && card.is_behind) card.fetch();
      }
    }, { rootMargin: "200px" });
    signal.addEventListener("abort", () => this.sight.disconnect());
    this.frame = 0;
    this.fetch_soon = paced(SLOWLY, () => this.fetch_all(), signal);
  }

  /** Some of the runs have changed. Without a new epoch, only curves by step can have new values. @param {boolean} has_epochs */
  changed(has_epochs) {
    const has_steps = this.look.axis === "step" || [...this.cards.values()].some((card) => card.has_steps_alone);
    if (has_epochs || has_steps) this.fetch_soon();
  }

  /** @param {{name: string, better?: string}[]} metrics */
  show(metrics) {
    const wanted = new Set(metrics.map(({ name }) => name));
    for (const [name, card] of this.cards) {
      if (wanted.has(name)) continue;
      this.sight.unobserve(card.node);
      card.chart.close();
      this.cards.delete(name);
    }
    for (const metric of metrics) {
      if (this.cards.has(metric.name)) continue;
      const card = new Card(metric, this);
      this.cards.set(metric.name, card);
      this.sight.observe(card.node);
    }
    fill(this.node, metrics.map(({ name }) => this.cards.get(name)?.node));
  }

  /** Redraws with the current look. */
  draw() {
    for (const card of this.cards.values()) card.draw();
  }

  /** Redraws once for all changes until the next frame. */
  draw_soon() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  /** Fetches all visible curves again, and the others when they become visible. */
  async fetch_all() {
    await Promise.all([...this.cards.values()].map((card) => card.fetch()));
  }

  /** @param {number} x */
  x_text(x) {
    if (this.look.axis === "time") return x === 0 ? "0 s" : duration(x);
    return this.look.axis === "images" ? (x >= 1e6 ? `${number(x / 1e6)} M` : count(x)) : number(x);
  }
}

class Card {
  /** @param {{name: string, better?: string}} metric @param {CurveGrid} grid */
  constructor(metric, grid) {
    this.metric = metric.name;
    this.grid = grid;
    this.chart = new Chart({ title: metric.name, group: grid.group, signal: grid.signal, height: grid.height });
    this.state = element("p", { class: "hint", role: "status" });
    this.is_in_sight = false;
    this.is_behind = true;
    this.has_steps_alone = false;
    this.asking = new AbortController();
    /** @type {import("./curve_data.js").Curve[]} */
    this.curves = [];
    this.node = element("section", { class: "card", "aria-label": metric.name },
      element("h3", { title: metric.name }, metric.name, metric.better ? element("span", { class: "hint" }, ` ${metric.better} is better`) : null), this.chart.node, this.state);
  }

  async fetch() {
    this.is_behind = true;
    if (!this.is_in_sight) return;
    this.is_behind = false;
    this.asking.abort();
    this.asking = new AbortController();
    const { look, runs } = this.grid;
    const { signal } = this.asking;
    try {
      const question = { runs: runs.join(","), metric: this.metric, axis: look.axis, from: look.window?.[0], to: look.window?.[1] };
      const abort = AbortSignal.any([signal, this.grid.signal]);
      this.curves = (await ask(["curves"], question, abort)).curves;
      // In the first epoch of a run there are values by step alone.
      this.has_steps_alone = look.axis === "epoch" && !look.window && this.curves.every(is_empty);
      if (this.has_steps_alone) this.curves = (await ask(["curves"], { ...question, axis: "step" }, abort)).curves;
      fill(this.state, this.has_steps_alone && !this.curves.every(is_empty) ? "by step, until an epoch has ended" : null);
      this.draw();
    } catch (error) {
      if (!is_abandoned(error)) fill(this.state, sentence_of(error));
    }
  }

  draw() {
    const { look } = this.grid;
    const lines = (look.is_band ? lines_of_settings(this.curves, look.setting) : this.curves.map(line_of)).filter((line) => !look.hidden.has(line.key) && line.x.length > 0);
    /** @type {import("./charts.js").DrawnLine[]} */
    const ghosts = [];
    const drawn = lines.map((line) => {
      const colour = look.colour(line.runs[0]);
      const name = look.name(line);
      if (look.smooth <= 0) return { ...line, colour, name };
      if (lines.length <= FEW && !line.low) ghosts.push({ ...line, colour, name, is_ghost: true, low: null, high: null });
      const low = line.low && look.is_band ? smoothed(line.low, look.smooth) : line.low;
      const high = line.high && look.is_band ? smoothed(line.high, look.smooth) : line.high;
      return { ...line, y: smoothed(line.y, look.smooth), low, high, colour, name };
    });
    this.chart.draw([...ghosts, ...drawn], { is_log_x: look.is_log_x, is_log_y: look.is_log_y, x_text: (x) => this.grid.x_text(x), window: look.window });
    this.chart.nothing.textContent = `no values by ${AXES.find(([axis]) => axis === look.axis)?.[1]}`;
  }
}
