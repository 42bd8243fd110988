// The log of a run. It follows the end of the log unless the reader scrolls up.

import { ask, is_abandoned } from "./api.js";
import { element, fill } from "./element.js";
import { bytes } from "./quantity.js";
import { choice } from "./controls.js";

const TAIL = 16384;  // bytes shown at first
const PAUSE = 2000;  // milliseconds between two fetches, while the run trains
const MOST = 400000;  // characters kept

/**
 * @param {string} run @param {() => {attempt: number}[]} logs_of @param {() => boolean} is_running @param {AbortSignal} signal
 */
export function run_log(run, logs_of, is_running, signal) {
  /** @type {number | undefined} the last one, unless another was chosen */
  let attempt;
  let seen = 0;
  let next = -TAIL;
  let first = 0;
  let text = "";
  let is_asking = false;
  const lines = element("pre", { class: "log", tabindex: 0, role: "log", "aria-label": `Log of run ${run}`, "aria-live": "off" });
  const state = element("span", { class: "hint" });
  const earlier = element("button", { type: "button", hidden: true, on: { click: () => show_earlier() } }, "Show earlier lines");
  const follow = element("button", { type: "button", hidden: true, on: { click: () => { lines.scrollTop = lines.scrollHeight; } } }, "Follow the end");
  const is_at_end = () => lines.scrollHeight - lines.scrollTop - lines.clientHeight < 24;
  lines.addEventListener("scroll", () => { follow.hidden = is_at_end(); }, { passive: true });

  const draw = () => {
    const follows = is_at_end();
    if (text.length > MOST) {
      first += text.length - MOST;
      text = text.slice(-MOST);
    }
    // Of a line that a program overwrites (a progress bar), only the last state is shown.
    fill(lines, text.replace(/\r\n/g, "\n").replace(/[^\n]*\r(?=[^\n])/g, "") || "Nothing has been printed.");
    earlier.hidden = first <= 0;
    if (follows) lines.scrollTop = lines.scrollHeight;
  };
  async function look() {
    if (is_asking || signal.aborted) return;
    if (logs_of().length === 0) return draw();
    is_asking = true;
    try {
      for (;;) {
        const asked = attempt;
        const part = await ask(["runs", run, "log"], { attempt, from: next }, signal);
        if (asked !== attempt) continue;
        if (seen && part.attempt !== seen) {  // the run has a new attempt
          [seen, next, first, text] = [part.attempt, 0, 0, ""];
          continue;
        }
        seen = part.attempt;
        if (next < 0) first = part.from;
        next = part.next;
        if (part.text || !text) {
          text += part.text;
          draw();
        }
        fill(state, bytes(part.bytes));
        if (part.next >= part.bytes || !part.text) break;
      }
    } catch (error) {
      if (!is_abandoned(error)) fill(state, /** @type {Error} */ (error).message);
    } finally {
      is_asking = false;
    }
  }
  async function show_earlier() {
    const from = Math.max(0, first - 4 * TAIL);
    const part = await ask(["runs", run, "log"], { attempt, from }, signal).catch(() => null);
    if (!part) return;
    const height = lines.scrollHeight - lines.scrollTop;
    text = part.text.slice(0, first - from) + text;
    first = from;
    draw();
    lines.scrollTop = lines.scrollHeight - height;
  }
  const timer = setInterval(() => {
    if (is_running() && !document.hidden) look();
  }, PAUSE);
  signal.addEventListener("abort", () => clearInterval(timer));
  look();

  const logs = logs_of();
  const chooser = logs.length > 1 ? choice("Attempt", logs.map((log) => [String(log.attempt), `${log.attempt}`]), String(logs[logs.length - 1].attempt), (value) => {
    attempt = Number(value);
    [seen, next, first, text] = [0, -TAIL, 0, ""];
    look();
  }) : null;
  return { node: element("div", {}, element("div", { class: "controls" }, chooser, state, earlier, follow), lines), look };
}
