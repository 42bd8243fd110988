// The changes in the store that the server sends (server-sent events). Changes in quick succession are passed on as
// one.

import { address_of } from "./api.js";

/**
 * @typedef {{all: boolean, runs: Set<string>, epochs: Set<string>, removed: Set<string>,
 *   progress: Map<string, Progress | null>, sweeps: boolean}} Change `runs` changed in more than their progress
 * @typedef {{epoch: number, done: number, total: number}} Progress
 */

const APART = 400;  // milliseconds between two changes that are passed on
const AGAIN = 4000;  // milliseconds until a refused connection is tried again

/** Whether more has changed than the progress of runs. @param {Change} change */
export const has_news = (change) => change.all || change.sweeps || change.runs.size > 0 || change.removed.size > 0;

export class Live {
  /** @param {number} cursor @param {(is_connected: boolean) => void} on_state */
  constructor(cursor, on_state) {
    this.cursor = cursor;
    this.on_state = on_state;
    /** @type {Set<(change: Change) => void>} */
    this.listeners = new Set();
    /** @type {Change | null} */
    this.waiting = null;
    /** @type {EventSource | null} */
    this.source = null;
    // A hidden page does not listen: a browser allows six connections to one server for all its pages.
    document.addEventListener("visibilitychange", () => (document.hidden ? this.close() : this.open()));
    window.addEventListener("pagehide", () => this.close());
    window.addEventListener("pageshow", () => this.open());
    this.open();
  }

  open() {
    if (this.source || document.hidden) return;
    const source = new EventSource(address_of(["events"], { cursor: this.cursor }));
    this.source = source;
    source.addEventListener("open", () => this.on_state(true));
    source.addEventListener("change", (event) => this.#take(JSON.parse(event.data)));
    source.addEventListener("error", () => {
      this.on_state(false);
      if (source.readyState !== EventSource.CLOSED) return;  // the browser tries again by itself
      this.close();
      setTimeout(() => this.open(), AGAIN);
    });
  }

  close() {
    this.source?.close();
    this.source = null;
  }

  /** @param {(change: Change) => void} listener @param {AbortSignal} signal ends it */
  listen(listener, signal) {
    this.listeners.add(listener);
    signal.addEventListener("abort", () => this.listeners.delete(listener));
  }

  /** @param {any} data */
  #take(data) {
    if (typeof data.cursor === "number") this.cursor = data.cursor;
    if (!this.waiting) {
      this.waiting = { all: false, runs: new Set(), epochs: new Set(), removed: new Set(), progress: new Map(), sweeps: false };
      setTimeout(() => this.#tell(), APART);
    }
    const change = this.waiting;
    change.all ||= Boolean(data.all);
    change.sweeps ||= Boolean(data.sweeps);
    for (const run of data.runs ?? []) change.runs.add(run.slice(0, 10));
    for (const run of data.epochs ?? []) change.epochs.add(run.slice(0, 10));
    for (const [run, progress] of Object.entries(data.progress ?? {})) change.progress.set(run, progress);
    for (const run of data.removed ?? []) change.removed.add(run.slice(0, 10));
  }

  #tell() {
    const change = this.waiting;
    this.waiting = null;
    if (change) for (const listener of [...this.listeners]) listener(change);
  }
}
