// The status of a run as a coloured word.

import { element } from "./element.js";

const KNOWN = new Set(["queued", "running", "finished", "failed", "interrupted", "stopped"]);

/** @param {string} status @param {boolean} [is_lost] whether its worker is gone @param {string} [text] instead of the status */
export function status_badge(status, is_lost = false, text = "") {
  const shown = is_lost ? "interrupted" : status;
  return element("span", { class: `status ${KNOWN.has(shown) ? shown : "mixed"}` },
    element("span", { class: "dot", "aria-hidden": "true" }), text || (is_lost ? "interrupted (its worker is gone)" : status));
}

/** The number of runs with each status. @param {Record<string, number>} statuses */
export function status_counts(statuses) {
  return element("span", { class: "status-counts" }, Object.entries(statuses).filter(([, n]) => n > 0)
    .map(([status, n]) => status_badge(status, false, `${n.toLocaleString("en")} ${status}`)));
}
