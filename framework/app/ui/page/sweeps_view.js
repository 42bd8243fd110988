// The list of recorded sweeps.

import { ask } from "./api.js";
import { element, fill } from "./element.js";
import { has_news } from "./live.js";
import { empty_state } from "./notice.js";
import { paced } from "./pace.js";
import { count, time } from "./quantity.js";
import { address } from "./route.js";
import { status_counts } from "./status_badge.js";

const SLOWLY = 3000;  // milliseconds

/** The progress of a sweep. @param {{epochs_done: number, epochs: number}} sweep */
export const sweep_progress = ({ epochs_done, epochs }) => element("progress", { max: Math.max(1, epochs), value: epochs_done, "aria-label": `${epochs_done} of ${epochs} epochs` });

/** @param {HTMLElement} holder @param {import("./route.js").Route} _ @param {import("./main.js").Shop} shop */
export async function show_sweeps(holder, _, shop) {
  const body = element("tbody");
  const table = element("div", { class: "wide framed", tabindex: 0, role: "region", "aria-label": "Sweeps" }, element("table", { class: "plain-table" },
    element("thead", {}, element("tr", {}, ["sweep", "progress", "epochs", "runs", "states", "recorded"].map((text) => element("th", { scope: "col" }, text)))), body));
  const nothing = element("div");
  const draw = async () => {
    const { sweeps } = await ask(["sweeps"], {}, shop.signal);
    table.hidden = sweeps.length === 0;
    fill(nothing, sweeps.length === 0 ? empty_state("No sweeps yet", "Record one with ", element("code", {}, "epochal run SWEEP.toml"), ".") : null);
    fill(body, sweeps.map((/** @type {any} */ sweep) => element("tr", {}, element("th", { scope: "row" }, element("a", { href: address("sweep", sweep.sweep) }, sweep.name), element("span", { class: "hint" }, ` ${sweep.sweep.slice(sweep.name.length)}`)),
      element("td", {}, sweep_progress(sweep)), element("td", { class: "number" }, `${count(sweep.epochs_done)} of ${count(sweep.epochs)}`), element("td", { class: "number" }, element("a", { href: address("runs", "", { sweep: sweep.sweep }) }, count(sweep.runs))),
      element("td", {}, status_counts(sweep.statuses)), element("td", {}, time(sweep.recorded)))));
  };
  fill(holder, element("div", { class: "view-head" }, element("h1", {}, "Sweeps")), nothing, table);
  await draw();
  const look = paced(SLOWLY, async () => {
    if (!table.contains(document.activeElement)) await draw();
  }, shop.signal);
  shop.live.listen((change) => has_news(change) && look(), shop.signal);
}
