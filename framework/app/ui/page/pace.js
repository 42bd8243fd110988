// Keeps what follows changes from being done too often: not more often than some time, and for a small share of it.

import { say_error } from "./notice.js";

const SHARE = 15;  // after work of one second, so many seconds of pause

/**
 * @param {number} least milliseconds between two times @param {() => Promise<unknown>} act what it throws is said
 * @param {AbortSignal} signal ends it
 * @returns {() => void} call it whenever there is something to do
 */
export function paced(least, act, signal) {
  let timer = 0;
  let is_acting = false;
  let is_wanted = false;
  let not_before = 0;
  const plan = () => {
    if (timer || is_acting || signal.aborted) return;
    timer = window.setTimeout(run, Math.max(0, not_before - Date.now()));
  };
  const run = async () => {
    timer = 0;
    is_acting = true;
    is_wanted = false;
    const began = Date.now();
    try {
      await act();
    } catch (error) {
      say_error(error);
    } finally {
      not_before = Date.now() + Math.max(least, SHARE * (Date.now() - began));
      is_acting = false;
      if (is_wanted) plan();
    }
  };
  signal.addEventListener("abort", () => clearTimeout(timer));
  return () => {
    is_wanted = true;
    plan();
  };
}
