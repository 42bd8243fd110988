// The view of one sweep: progress, running and failed runs, forecast, claims, Slurm, its file.

import { ask } from "./api.js";
import { element, fill } from "./element.js";
import { has_news } from "./live.js";
import { say_error } from "./notice.js";
import { paced } from "./pace.js";
import { ago, count, counted, duration, time, value_text } from "./quantity.js";
import { address, go } from "./route.js";
import { status_counts } from "./status_badge.js";
import { sweep_progress } from "./sweeps_view.js";

const SLOWLY = 2000;  // milliseconds
const SHOWN_FAILURES = 50;

/** @param {HTMLElement} holder @param {import("./route.js").Route} route @param {import("./main.js").Shop} shop */
export async function show_sweep(holder, route, shop) {
  let sweep = await ask(["sweeps", route.id], {}, shop.signal);
  const place = element("div", { class: "sweep" });
  const running = element("div", {});
  const draw = () => {
    const open = new Set([...place.querySelectorAll("details[open]")].map((one) => /** @type {HTMLElement} */ (one).dataset.key));
    fill(running, running_of(sweep));
    fill(place, head_of(sweep), running, failed_of(sweep, open), forecast_of(sweep), claims_of(sweep), slurm_of(sweep), file_of(sweep, open));
  };
  fill(holder, element("div", { class: "view-head" }, element("h1", {}, "Sweep ", element("code", {}, sweep.name)),
    element("button", { type: "button", class: "main", on: { click: () => go(address("runs", "", { sweep: sweep.sweep })) } }, "Its runs"), element("button", { type: "button", on: { click: () => compare(sweep, shop.signal) } }, "Compare")), place);
  draw();
  const look = paced(SLOWLY, async () => {
    sweep = await ask(["sweeps", route.id], {}, shop.signal);
    if (!place.contains(document.activeElement)) draw();
  }, shop.signal);
  shop.live.listen((change) => {
    if (has_news(change)) return look();
    for (const [run, now] of change.progress) {
      const one = sweep.running?.find((/** @type {any} */ known) => known.run === run);
      if (one && now) Object.assign(one, now, { heartbeat: Date.now() / 1000 });
    }
    fill(running, running_of(sweep));
  }, shop.signal);
}

/** @param {any} sweep @param {AbortSignal} signal */
function compare(sweep, signal) {
  ask(["runs"], { sweep: sweep.sweep, limit: 200, columns: "run.run" }, signal)
    .then(({ rows }) => go(address("compare", "", { runs: rows.map((/** @type {any} */ row) => row.run).join(",") })))
    .catch(say_error);
}

/** @param {string} title @param {...any} content */
const section = (title, ...content) => element("section", { class: "run-section" }, element("h2", {}, title), content);
/** @param {string[]} heads @param {any[]} rows @param {string} name */
const table = (heads, rows, name) => element("div", { class: "wide framed", tabindex: 0, role: "region", "aria-label": name }, element("table", { class: "plain-table" }, element("thead", {}, element("tr", {}, heads.map((text) => element("th", { scope: "col" }, text)))), element("tbody", {}, rows)));
/** @param {string} run */
const link = (run) => element("a", { href: address("run", run) }, run);

/** @param {any} sweep */
function head_of(sweep) {
  return element("div", { class: "sweep-head" }, sweep_progress(sweep), element("p", {}, `${count(sweep.epochs_done)} of ${counted(sweep.epochs, "epoch")} in ${counted(sweep.runs, "run")}. `, status_counts(sweep.statuses)),
    element("p", { class: "hint" }, `recorded ${time(sweep.recorded)} as ${sweep.sweep}`, (sweep.overrides ?? []).length > 0 ? [" with ", element("code", {}, [sweep.overrides].flat().join(" "))] : null));
}

/** @param {any} sweep */
function running_of({ running = [] }) {
  if (running.length === 0) return null;
  return section("Running now", table(["run", "host", "device", "epoch", "progress", "last seen", "Slurm"], running.map((/** @type {any} */ one) => element("tr", {}, element("td", {}, link(one.run)), element("td", {}, one.host ?? ""), element("td", {}, one.device ?? ""),
    element("td", { class: "number" }, one.epoch ?? ""), element("td", {}, one.total > 0 ? element("progress", { max: one.total, value: one.done, "aria-label": `${one.done} of ${one.total}` }) : ""), element("td", {}, ago(one.heartbeat)), element("td", {}, value_text(one.slurm)))), "Running now"));
}

/** @param {any} sweep @param {Set<string | undefined>} open */
function failed_of({ failed = [] }, open) {
  if (failed.length === 0) return null;
  return section(`Failed (${failed.length})`, failed.slice(0, SHOWN_FAILURES).map((/** @type {any} */ one) => element("details", { class: "failure", data: { key: one.run }, open: open.has(one.run) }, element("summary", {}, element("code", {}, one.run), " ", element("span", { class: "error-line" }, (one.error || "no error was recorded").split("\n")[0])),
    element("p", {}, link(one.run)), element("pre", { class: "log", tabindex: 0, "aria-label": `Last lines of ${one.run}` }, [one.error?.includes("\n") ? one.error : "", one.log].filter(Boolean).join("\n") || "It printed nothing."))),
  failed.length > SHOWN_FAILURES ? element("p", { class: "hint" }, `and ${failed.length - SHOWN_FAILURES} more`) : null);
}

/** @param {any} sweep */
function forecast_of({ forecast }) {
  if (!forecast || !(forecast.seconds > 0 || forecast.seconds_left > 0)) return null;
  const { seconds, spent, seconds_left: left } = forecast;
  const most = Math.max(seconds ?? 0, spent ?? 0) || 1;
  const bar = (/** @type {string} */ name, /** @type {number} */ value, /** @type {string} */ kind) => element("tr", {}, element("th", { scope: "row" }, name), element("td", { class: "number" }, duration(value)), element("td", { class: "bar-cell" }, element("span", { class: `bar-long ${kind}`, style: { width: `${(100 * value) / most}%` } })));
  const off = seconds > 0 && spent > 0 ? spent / seconds - 1 : null;
  return section("Forecast and actual time", seconds > 0 && spent !== undefined ? element("table", { class: "bars" }, element("tbody", {}, bar("forecast", seconds, "foreseen"), bar("actual", spent, ""))) : null,
    element("p", {}, off === null ? "" : `It took ${Math.abs(off) < 0.005 ? "as long as" : `${Math.round(Math.abs(off) * 100)} % ${off > 0 ? "longer than" : "less than"}`} forecast. `, left > 0 ? `About ${duration(left)} left.` : ""));
}

/** @param {any} sweep */
function claims_of({ claims = [] }) {
  if (claims.length === 0) return null;
  return section("Claims so far", element("ul", { class: "claims" }, claims.map((/** @type {any} */ claim) => element("li", {}, element("span", { class: `verdict ${["supported", "refuted", "undecided"].includes(claim.verdict) ? claim.verdict : "undecided"}` }, claim.verdict), element("div", {}, element("p", {}, claim.text),
    element("p", { class: "hint" }, [claim.rule, claim.numbers, claim.noise_floor && `noise floor: ${claim.noise_floor}`].flat().filter(Boolean).map(value_text).join("; ")))))));
}

/** @param {any} sweep */
function slurm_of({ slurm = [] }) {
  if (slurm.length === 0) return null;
  const names = [...new Set(slurm.flatMap((/** @type {any} */ task) => Object.keys(task)))];
  return section("Slurm", table(names, slurm.map((/** @type {any} */ task) => element("tr", {}, names.map((name) => element("td", {}, name === "run" && task.run ? link(task.run) : value_text(task[name]))))), "Slurm tasks"));
}

/** @param {any} sweep @param {Set<string | undefined>} open */
function file_of({ file, text }, open) {
  if (!text) return null;
  return section("Sweep file", element("details", { data: { key: "file" }, open: open.has("file") }, element("summary", {}, file || "the file"), element("pre", { class: "log", tabindex: 0, "aria-label": "Sweep file" }, text)));
}
