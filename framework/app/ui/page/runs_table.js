// The table of runs. Only the visible rows are in the page, however many there are.

import { real } from "./api.js";
import { element, fill } from "./element.js";
import { say_error } from "./notice.js";
import { sparkline } from "./sparkline.js";
import { status_badge } from "./status_badge.js";
import { address } from "./route.js";
import { runs_of } from "./run_rows.js";

const ROW = 33;  // pixels; page.css has the same
const AROUND = 12;  // rows drawn above and below the visible ones
const [NARROW, WIDE] = [5, 26];  // characters

/**
 * @typedef {import("./run_rows.js").Row} Row
 * @typedef {{row: Row | undefined, index: number, is_seed: boolean}} Line a line of the table: a row, or one seed of it
 *
 * @typedef {object} Wishes
 * @property {(field: string, adds: boolean) => void} on_sort @property {() => void} on_selection
 * @property {(row: Row) => void} on_open_row @property {(field: string) => string} direction_of "ascending", "descending" or ""
 * @property {(columns: import("./run_rows.js").Column[]) => void} on_all
 */

export class RunsTable {
  /**
   * @param {import("./run_rows.js").RunRows} rows @param {Set<string>} selected @param {Set<string>} unfolded
   * @param {Wishes} wishes
   */
  constructor(rows, selected, unfolded, wishes) {
    this.rows = rows;
    this.selected = selected;
    this.unfolded = unfolded;
    this.wishes = wishes;
    this.current = 0;
    this.anchor = 0;
    this.has_spark = false;
    this.drawn_columns = "";
    /** @type {Map<number, {tr: any, key: string}>} */
    this.drawn = new Map();
    this.columns = element("colgroup");
    this.head = element("tr", { "aria-rowindex": 1 });
    this.above = element("tr", { class: "space", "aria-hidden": "true" }, element("td"));
    this.below = element("tr", { class: "space", "aria-hidden": "true" }, element("td"));
    this.body = element("tbody", {}, this.above, this.below);
    this.table = element("table", { class: "runs", role: "treegrid", "aria-label": "Runs", "aria-multiselectable": "true" },
      this.columns, element("thead", {}, this.head), this.body);
    this.node = element("div", { class: "table-frame", on: {
      scroll: () => this.#soon(), keydown: (/** @type {any} */ event) => this.#key(event), click: (/** @type {any} */ event) => this.#click(event),
    } }, this.table);
    this.frame = 0;
    new ResizeObserver(() => this.#soon()).observe(this.node);
  }

  /** Redraws the visible rows; unchanged cells stay. */
  draw() {
    this.#draw_head();
    const { folds, length } = this.#folds();
    const height = this.node.clientHeight || 600;
    const first = Math.max(0, Math.floor(this.node.scrollTop / ROW) - AROUND);
    const last = Math.min(length, Math.ceil((this.node.scrollTop + height) / ROW) + AROUND);
    this.table.setAttribute("aria-rowcount", String(length + 1));
    /** @type {HTMLTableRowElement[]} */
    const shown = [];
    let from = Infinity;
    let to = 0;
    for (let place = first; place < last; ++place) {
      const line = this.#line(place, folds);
      from = Math.min(from, line.index);
      to = Math.max(to, line.index + 1);
      shown.push(this.#row(place, line));
    }
    for (const [place, { tr }] of this.drawn) {
      if (place < first || place >= last) {
        if (tr.contains(document.activeElement)) this.node.focus({ preventScroll: true });
        tr.remove();
        this.drawn.delete(place);
      }
    }
    this.above.firstChild.style.height = `${first * ROW}px`;
    this.below.firstChild.style.height = `${Math.max(0, length - last) * ROW}px`;
    let before = this.above;
    for (const tr of shown) {
      if (before.nextSibling !== tr) before.after(tr);
      before = tr;
    }
    if (from < to) this.rows.ensure(from, to).catch(say_error);
  }

  #soon() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  /** The unfolded rows, which move the rows below them. */
  #folds() {
    /** @type {{index: number, seeds: number}[]} */
    const folds = [];
    if (this.unfolded.size > 0) {
      for (const [page, rows] of this.rows.pages) {
        rows.forEach((row, i) => {
          if (row.seeds && this.unfolded.has(row.run)) folds.push({ index: page * 100 + i, seeds: row.seeds.length });
        });
      }
      folds.sort((a, b) => a.index - b.index);
    }
    return { folds, length: this.rows.total + folds.reduce((sum, fold) => sum + fold.seeds, 0) };
  }

  /** @param {number} place @param {{index: number, seeds: number}[]} folds @returns {Line} */
  #line(place, folds) {
    let rest = place;
    for (const { index, seeds } of folds) {
      if (rest <= index) break;
      if (rest <= index + seeds) return { row: this.rows.row(index)?.seeds?.[rest - index - 1], index, is_seed: true };
      rest -= seeds;
    }
    return { row: this.rows.row(rest), index: rest, is_seed: false };
  }

  #draw_head() {
    const columns = this.rows.columns;
    const directions = columns.map((column) => this.wishes.direction_of(column.field));
    const key = JSON.stringify([columns, directions, this.has_spark, this.#widths()]);
    if (key === this.drawn_columns) return;
    this.drawn_columns = key;
    for (const { tr } of this.drawn.values()) tr.remove();
    this.drawn.clear();
    const widths = this.#widths();
    const spark_after = this.#spark_after();
    const cols = [element("col", { style: { width: "38px" } })];
    const all = element("input", { type: "checkbox", "aria-label": "Select all found runs, at most 200", class: "all", on: { change: () => this.wishes.on_all(columns) } });
    const heads = [element("th", { scope: "col", class: "check" }, all)];
    let total = 38;
    columns.forEach((column, i) => {
      const arrow = directions[i] === "ascending" ? "▲" : directions[i] === "descending" ? "▼" : "";
      cols.push(element("col", { style: { width: `${widths[i]}px` } }));
      total += widths[i];
      heads.push(element("th", { scope: "col", class: this.#class_of(column), "aria-sort": directions[i] || undefined, title: column.field },
        element("button", { type: "button", class: "sort", data: { field: column.field }, tabIndex: 0 },
          element("span", { class: "heading" }, column.heading), element("span", { class: "arrow", "aria-hidden": "true" }, arrow))));
      if (i === spark_after) {
        cols.push(element("col", { style: { width: "104px" } }));
        total += 104;
        heads.push(element("th", { scope: "col", class: "spark-cell" }, element("span", { class: "heading" }, "curve")));
      }
    });
    this.table.style.width = `${total}px`;
    this.above.firstChild.colSpan = this.below.firstChild.colSpan = heads.length;
    fill(this.columns, cols);
    fill(this.head, heads);
    this.draw_selection();
  }

  /** @param {import("./run_rows.js").Column} column */
  #class_of(column) {
    if (column.field === "run.run") return "run";
    // A parameter that is a text in one experiment and a number in another is shown as a text.
    const index = this.rows.columns.indexOf(column);
    const has_text = this.rows.pages.get(0)?.some((row) => typeof row.cells[index] === "string" && real(row.cells[index]) === null);
    return column.type === "number" && !has_text ? "number" : "text";
  }

  /** The column after which the sparklines are drawn. */
  #spark_after() {
    if (!this.has_spark) return -1;
    return Math.max(0, this.rows.columns.findIndex((column) => column.field === "run.run"));
  }

  #widths() {
    const sample = this.rows.pages.get(0)?.slice(0, 40) ?? [];
    return this.rows.columns.map((column, i) => {
      const cells = sample.map((row) => Math.min(row.texts[i]?.length ?? 0, WIDE));
      const characters = Math.max(NARROW, Math.min(WIDE, column.heading.length + 2), ...cells);
      const extra = column.field === "run.run" ? (sample.some((row) => row.seeds) ? 90 : 56) : column.field.endsWith("status") ? 52 : 22;
      return Math.ceil((characters * 7.4) / 8) * 8 + extra;
    });
  }

  /** @param {number} place @param {Line} line */
  #row(place, line) {
    const { row, is_seed } = line;
    const is_selected = row ? runs_of(row).every((run) => this.selected.has(run)) : false;
    const is_open = Boolean(row?.seeds && this.unfolded.has(row.run));
    const key = row ? JSON.stringify([row.run, row.texts, row.spark, row.epochs_done, is_selected, is_open, is_seed, row.is_lost]) : "";
    const old = this.drawn.get(place);
    if (old && old.key === key) {
      old.tr.tabIndex = place === this.current ? 0 : -1;
      return old.tr;
    }
    const tr = old?.tr ?? element("tr");
    this.drawn.set(place, { tr, key });
    tr.dataset.place = String(place);
    tr.tabIndex = place === this.current ? 0 : -1;
    tr.className = [is_selected ? "selected" : "", is_seed ? "seed" : "", row ? "" : "coming"].join(" ");
    tr.setAttribute("aria-rowindex", String(place + 2));
    tr.setAttribute("aria-selected", String(is_selected));
    tr.setAttribute("aria-level", is_seed ? "2" : "1");
    if (row?.seeds) tr.setAttribute("aria-expanded", String(is_open));
    else tr.removeAttribute("aria-expanded");
    fill(tr, row ? this.#cells(row, is_seed, is_selected, is_open) : element("td", { colspan: this.head.children.length }, element("span", { class: "wait" }, "…")));
    return tr;
  }

  /** @param {Row} row @param {boolean} is_seed @param {boolean} is_selected @param {boolean} is_open */
  #cells(row, is_seed, is_selected, is_open) {
    const some = !is_selected && runs_of(row).some((run) => this.selected.has(run));
    const cells = [element("td", { class: "check" },
      element("input", { type: "checkbox", tabIndex: -1, "aria-label": `Select run ${row.run}`, checked: is_selected, indeterminate: some }))];
    const spark_after = this.#spark_after();
    this.rows.columns.forEach((column, i) => {
      const text = row.texts[i] ?? "";
      cells.push(element("td", { class: this.#class_of(column), title: text.length > 20 ? text : undefined }, this.#content(row, column, text, is_seed, is_open)));
      if (i === spark_after) cells.push(element("td", { class: "spark-cell" }, row.spark ? sparkline(row.spark) : null));
    });
    return cells;
  }

  /** @param {Row} row @param {import("./run_rows.js").Column} column @param {string} text @param {boolean} is_seed @param {boolean} is_open */
  #content(row, column, text, is_seed, is_open) {
    if (column.field === "run.run") {
      const link = element("a", { href: address("run", row.run), tabIndex: -1 }, row.run);
      // The column of the status may be scrolled away; this one is always visible.
      const dot = element("span", { class: `status ${row.is_lost ? "interrupted" : row.status}`, title: row.is_lost ? "interrupted" : row.status }, element("span", { class: "dot" }));
      if (!row.seeds) return element("span", { class: is_seed ? "indented" : "flat" }, dot, link);
      return [element("button", { type: "button", class: "fold", tabIndex: -1, "aria-label": `${is_open ? "Fold" : "Unfold"} the seeds of ${row.run}` }, is_open ? "▾" : "▸"),
        dot, link, element("span", { class: "amount", title: `${row.seeds.length} seeds` }, `×${row.seeds.length}`)];
    }
    if (column.field === "run.status") {
      const badge = status_badge(row.status, row.is_lost, row.seeds ? text : row.is_lost ? "interrupted" : row.status);
      if (row.status !== "running" || row.is_lost || !(row.epochs > 0)) return badge;
      return [badge, element("span", { class: "bar", title: `${row.epochs_done} of ${row.epochs} epochs` }, element("span", { style: { width: `${(100 * row.epochs_done) / row.epochs}%` } }))];
    }
    return text;
  }

  /** Marks the selected rows. */
  draw_selection() {
    const box = this.head.querySelector("input.all");
    if (box) {
      box.checked = this.selected.size > 0 && this.rows.total > 0 && this.selected.size >= this.rows.total;
      box.indeterminate = this.selected.size > 0 && !box.checked;
    }
  }

  /** @param {any} event */
  #click(event) {
    const sort = event.target.closest("button.sort");
    if (sort) return this.wishes.on_sort(sort.dataset.field, event.shiftKey);
    const tr = event.target.closest("tr[data-place]");
    if (!tr || event.target.closest("a")) return;
    const place = Number(tr.dataset.place);
    this.current = place;
    if (event.target.closest("button.fold")) this.#fold(place);
    else if (event.target.closest("td.check")) this.#select(place, event.shiftKey);
    else this.draw();
  }

  /** @param {number} place */
  #fold(place) {
    const { row, is_seed } = this.#line(place, this.#folds().folds);
    if (!row?.seeds || is_seed) return;
    if (!this.unfolded.delete(row.run)) this.unfolded.add(row.run);
    this.wishes.on_open_row(row);
    this.draw();
  }

  /** Selects or deselects a line; with shift all lines from the last one up to it. @param {number} place @param {boolean} is_range */
  async #select(place, is_range) {
    const { folds } = this.#folds();
    const here = this.#line(place, folds).row;
    if (!here) return;
    const wanted = !runs_of(here).every((run) => this.selected.has(run));
    const [from, to] = is_range ? [Math.min(place, this.anchor), Math.max(place, this.anchor)] : [place, place];
    if (is_range) await this.rows.ensure(this.#line(from, folds).index, Math.min(this.#line(to, folds).index + 1, this.#line(from, folds).index + 200)).catch(say_error);
    for (let i = from; i <= to; ++i) {
      const { row } = this.#line(i, folds);
      for (const run of row ? runs_of(row) : []) {
        if (wanted || is_range) this.selected.add(run);
        else this.selected.delete(run);
      }
    }
    this.anchor = place;
    this.wishes.on_selection();
    this.draw_selection();
    this.draw();
  }

  /** @param {any} event */
  #key(event) {
    if (!event.target.closest("tr[data-place]") && event.target !== this.node) return;
    const { folds, length } = this.#folds();
    const page = Math.max(1, Math.floor(this.node.clientHeight / ROW) - 2);
    const moves = /** @type {Record<string, number>} */ ({ ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -length, End: length });
    const line = this.#line(this.current, folds);
    if (event.key in moves) {
      this.#move(Math.max(0, Math.min(length - 1, this.current + moves[event.key])));
    } else if (event.key === " ") {
      this.#select(this.current, event.shiftKey);
    } else if (event.key === "Enter" && line.row && event.target.tagName === "TR") {
      location.hash = address("run", line.row.run);
    } else if (line.row?.seeds && event.key === (this.unfolded.has(line.row.run) ? "ArrowLeft" : "ArrowRight")) {
      this.#fold(this.current);
    } else {
      return;
    }
    event.preventDefault();
  }

  /** @param {number} place */
  #move(place) {
    this.current = place;
    const head = this.head.offsetHeight;
    const top = place * ROW;
    if (top < this.node.scrollTop) this.node.scrollTop = top;
    else if (top + ROW + head > this.node.scrollTop + this.node.clientHeight) this.node.scrollTop = top + ROW + head - this.node.clientHeight + 2;
    this.draw();
    this.drawn.get(place)?.tr.focus({ preventScroll: true });
  }
}
