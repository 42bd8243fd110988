// The rows of the runs table: fetched in pages when they become visible, kept, and updated when runs change.

import { ask } from "./api.js";

const PAGE = 100;
const KEPT_PAGES = 40;

/**
 * @typedef {object} Row
 * @property {string} run @property {string} identity @property {string} status @property {boolean} is_lost
 * @property {number} seed @property {number} epochs_done @property {number} epochs
 * @property {unknown[]} cells @property {string[]} texts @property {unknown[]} [spark] @property {Row[]} [seeds]
 *
 * @typedef {{field: string, heading: string, type: string, better?: string}} Column
 * @typedef {{where: string, sort: string, columns: string, group: string, sparklines: string, sweep: string}} Question
 */

/** The runs that a row stands for. @param {Row} row */
export const runs_of = (row) => (row.seeds ? row.seeds.map((one) => one.run) : [row.run]);

export class RunRows {
  /** @param {AbortSignal} signal @param {() => void} on_rows called when rows came or changed */
  constructor(signal, on_rows) {
    this.signal = signal;
    this.on_rows = on_rows;
    /** @type {Question} */
    this.question = { where: "", sort: "", columns: "", group: "", sparklines: "", sweep: "" };
    this.total = 0;
    /** @type {Column[]} */
    this.columns = [];
    /** @type {Map<number, Row[]>} */
    this.pages = new Map();
    /** @type {Map<number, Promise<void>>} */
    this.coming = new Map();
    this.asking = new AbortController();
    this.visible = [0, 0];
  }

  /** Changes the question. The current rows stay until the first new ones arrive. @param {Question} question */
  async start(question) {
    this.asking.abort();
    this.asking = new AbortController();
    const answer = await this.#ask(question, 0, PAGE, this.asking.signal);
    // All pages have the same columns, also if the server chose them.
    this.question = { ...question, columns: answer.columns.map((/** @type {Column} */ column) => column.field).join(",") };
    this.coming.clear();
    this.pages.clear();
    this.#take(answer, 0);
    this.on_rows();
  }

  /** @param {number} index */
  row(index) {
    return this.pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  /** Fetches the missing rows of a range. @param {number} from @param {number} to */
  async ensure(from, to) {
    this.visible = [from, to];
    const wanted = [];
    const last = Math.floor(Math.max(0, Math.min(to, this.total) - 1) / PAGE);
    for (let page = Math.floor(from / PAGE); page <= last; ++page) {
      if (!this.pages.has(page)) wanted.push(this.#fetch(page));
    }
    await Promise.all(wanted);
  }

  /** @param {number} page */
  #fetch(page) {
    let promise = this.coming.get(page);
    if (promise) return promise;
    const { signal } = this.asking;
    promise = this.#ask(this.question, page * PAGE, PAGE, signal).then((answer) => {
      this.#take(answer, page);
      this.on_rows();
    }).finally(() => {
      if (!signal.aborted) this.coming.delete(page);
    });
    this.coming.set(page, promise);
    return promise;
  }

  /** @param {any} answer @param {number} page */
  #take(answer, page) {
    this.total = answer.total;
    this.columns = answer.columns;
    this.pages.delete(page);
    this.pages.set(page, answer.rows);
    const [from, to] = this.visible.map((row) => Math.floor(row / PAGE));
    for (const old of [...this.pages.keys()]) {
      if (this.pages.size <= KEPT_PAGES) break;
      if (old < from || old > to) this.pages.delete(old);
    }
  }

  /** Fetches the visible rows again and forgets the rest. */
  async refresh() {
    const [first, last] = [Math.floor(this.visible[0] / PAGE), Math.floor(Math.max(0, this.visible[1] - 1) / PAGE)];
    const { signal } = this.asking;
    /** @type {number[]} */
    const offsets = [];
    for (let page = first; page <= last; ++page) offsets.push(page);
    const answers = await Promise.all(offsets.map((page) => this.#ask(this.question, page * PAGE, PAGE, signal)));
    this.pages.clear();
    this.coming.clear();
    answers.forEach((answer, i) => this.#take(answer, offsets[i]));
    this.on_rows();
  }

  /**
   * Updates the rows of changed runs by fetching only these.
   * @param {Set<string>} runs
   * @returns {Promise<boolean>} whether that was enough: false if a run was added, removed or moved
   */
  async patch(runs) {
    /** @type {{page: number, index: number}[]} */
    const places = [];
    const found = new Set();
    for (const [page, rows] of this.pages) {
      rows.forEach((row, index) => {
        const its = runs_of(row).filter((run) => runs.has(run));
        if (its.length > 0) places.push({ page, index });
        for (const run of its) found.add(run);
      });
    }
    if (places.length === 0 || places.length > PAGE) return false;
    const rows = places.map(({ page, index }) => /** @type {Row[]} */ (this.pages.get(page))[index]);
    const names = rows.flatMap(runs_of).slice(0, 500).map((run) => `'${run}'`).join(", ");
    const where = this.question.where ? `(${this.question.where}) and run.run in (${names})` : `run.run in (${names})`;
    const answer = await this.#ask({ ...this.question, where }, 0, 500, this.asking.signal);
    /** @type {Map<string, Row>} */
    const fresh = new Map(answer.rows.map((/** @type {Row} */ row) => [row.run, row]));
    const sorts = this.question.sort.match(/(`[^`]*`|[^,`])+/g)?.map((field) => field.replace(/^-/, "")) ?? [];
    const sorted = this.columns.map((column, i) => (sorts.includes(column.field) ? i : -1)).filter((i) => i >= 0);
    let is_enough = found.size === runs.size && (sorts.length === 0 || sorted.length === sorts.length);
    places.forEach(({ page, index }) => {
      const list = this.pages.get(page);
      const old = list?.[index];
      const now = old && fresh.get(old.run);
      if (!list || !old) return;
      if (!now || sorted.some((i) => now.texts[i] !== old.texts[i])) is_enough = false;
      if (now) list[index] = now;
    });
    this.on_rows();
    return is_enough;
  }

  /** @param {Question} question @param {number} offset @param {number} limit @param {AbortSignal} signal */
  #ask(question, offset, limit, signal) {
    return ask(["runs"], { ...question, offset, limit }, AbortSignal.any([signal, this.signal]));
  }
}

