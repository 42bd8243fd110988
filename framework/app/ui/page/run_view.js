// The view of one run: everything that the store has about it.

import { ask } from "./api.js";
import { curve_controls, look_of, zooming } from "./curve_controls.js";
import { CurveGrid } from "./curve_grid.js";
import { element, fill } from "./element.js";
import { say_error } from "./notice.js";
import { paced } from "./pace.js";
import { ago, bytes, count, counted, duration, number, percent, time, value_text } from "./quantity.js";
import { address, go } from "./route.js";
import { ask_for_note, ask_for_tag, trash, untag } from "./run_actions.js";
import { run_artifacts } from "./run_artifacts.js";
import { run_log } from "./run_log.js";
import { status_badge } from "./status_badge.js";
import { line_colour, on_theme } from "./theme.js";
import { utilisation_chart } from "./utilisation_chart.js";

const SLOWLY = 1000;  // milliseconds between two fetches of a run that changes

/** @param {HTMLElement} holder @param {import("./route.js").Route} route @param {import("./main.js").Shop} shop */
export async function show_run(holder, route, shop) {
  const { signal } = shop;
  let run = await ask(["runs", route.id], {}, signal);
  const name = run.run;
  const head = element("div", { class: "run-head" });
  const progress = element("div", { class: "progress-place" });
  const facts = element("dl", { class: "facts" });
  const tags = element("div", { class: "tags" });
  const notes = element("div", {});
  const metrics = element("div", { class: "wide", tabindex: 0, role: "region", "aria-label": "Metrics" });
  const epochs = element("div", {});
  const attempts = element("div", {});
  const events = element("div", {});
  const artifacts = element("div", {});

  const curves = run_curves(route, run, signal);
  const log = run_log(name, () => run.logs ?? [], () => run.status === "running", signal);
  const use = utilisation_chart(name, signal);

  const again = () => ask(["runs", name], {}, signal).then((now) => {
    run = now;
    draw();
  }).catch(say_error);

  let artifacts_drawn = "";
  let epochs_drawn = -1;
  function draw() {
    draw_head();
    draw_progress(progress, run);
    draw_facts(facts, run);
    draw_tags();
    fill(notes, (run.notes ?? []).length === 0 ? element("p", { class: "hint" }, "No notes.") : run.notes.map((/** @type {any} */ note) => element("blockquote", {}, element("p", {}, note.text), element("footer", {}, time(note.at)))));
    draw_metrics(metrics, run);
    draw_epochs(epochs, run);
    draw_attempts(attempts, run);
    fill(events, (run.events ?? []).length === 0 ? element("p", { class: "hint" }, "No events.") : element("ul", { class: "events" }, run.events.map((/** @type {any} */ event) => element("li", {}, element("time", {}, time(event.at)), element("span", { class: "kind" }, event.kind), element("span", {}, event.text)))));
    const key = JSON.stringify((run.artifacts ?? []).map((/** @type {any} */ one) => one.id));
    if (key !== artifacts_drawn && !artifacts.contains(document.activeElement)) {
      artifacts_drawn = key;
      fill(artifacts, run_artifacts(name, run.artifacts ?? [], signal));
    }
    if (run.epochs_done !== epochs_drawn) {
      epochs_drawn = run.epochs_done;
      use.look(run.epochs_table);
    }
    curves.show(run);
  }
  function draw_head() {
    fill(head, element("h1", {}, "Run ", element("code", {}, name)), status_badge(run.status, run.is_lost),
      element("div", { class: "actions" },
        element("button", { type: "button", on: { click: () => go(address("compare", "", { runs: name })) } }, "Compare"),
        element("button", { type: "button", on: { click: () => go(address("runs", "", { where: seeds_filter() })) } }, "Runs like it"),
        shop.store.can_write ? [element("button", { type: "button", on: { click: () => ask_for_tag([name], again) } }, "Tag"), element("button", { type: "button", on: { click: () => ask_for_note([name], again) } }, "Note"),
          element("button", { type: "button", on: { click: () => trash([name], () => {}) } }, "Trash")] : null),
      run.error ? element("pre", { class: "error-text", role: "alert", tabindex: 0, "aria-label": "Error" }, run.error) : null);
  }
  const seeds_filter = () => `experiment = '${run.experiment.replaceAll("'", "''")}'`;
  function draw_tags() {
    const entries = Object.entries(run.tags ?? {});
    fill(tags, entries.length === 0 ? element("p", { class: "hint" }, "No tags.") : entries.map(([tag, value]) => element("span", { class: "chip" }, value === true || value === "" ? tag : `${tag}: ${value}`,
      shop.store.can_write ? element("button", { type: "button", class: "plain", "aria-label": `Remove tag ${tag}`, on: { click: () => untag([name], tag, again) } }, "×") : null)));
  }

  const section = (/** @type {string} */ title, /** @type {any[]} */ ...content) => element("section", { class: "run-section" }, element("h2", {}, title), content);
  fill(holder, head, progress, element("div", { class: "run-columns" },
    element("div", { class: "run-main" }, section("Curves", curves.node), section("Metrics", metrics), section("Log", log.node), section("Pictures and files", artifacts), section("Machine use", use.node), section("Epochs", epochs)),
    element("div", { class: "run-side" }, section("About", facts), section("Parameters", parameter_table(run)), section("Tags", tags), section("Notes", notes), section("Events", events), section("Attempts", attempts))));
  draw();

  const look = paced(SLOWLY, async () => {
    const was = run.epochs_done;
    await again();
    curves.changed(run.epochs_done !== was);
    log.look();
  }, signal);
  shop.live.listen((change) => {
    if (change.all || change.runs.has(name)) return look();
    if (!change.progress.has(name)) return;
    run.live = change.progress.get(name) ?? undefined;
    draw_progress(progress, run);
    curves.changed(false);
  }, signal);
}

/** @param {import("./route.js").Route} route @param {any} run @param {AbortSignal} signal */
function run_curves(route, run, signal) {
  const look = {
    ...look_of(route.parameters), is_band: false,
    colour: () => line_colour(0), name: () => run.run, setting: (/** @type {string} */ one) => one, hidden: /** @type {Set<string>} */ (new Set()),
  };
  const { zoomed, on_zoom } = zooming(look, () => grid);
  const grid = new CurveGrid({ runs: [run.run], look, signal, height: 200, on_zoom });
  on_theme(() => grid.draw(), signal);
  const empty = element("p", { class: "hint" }, "Curves appear with the first values.");
  let shown = "";
  return {
    node: element("div", {}, element("div", { class: "controls" },
      ...curve_controls(look, grid, zoomed), zoomed), empty, grid.node),
    /** @param {any} now */
    show: (now) => {
      const metrics = now.metrics ?? [];
      const known = new Set(metrics.map((/** @type {any} */ metric) => metric.name));
      const all = [...metrics, ...(now.step_metrics ?? []).filter((/** @type {any} */ metric) => !known.has(metric.name))];
      const key = JSON.stringify(all.map(({ name }) => name));
      empty.hidden = all.length > 0;
      if (key === shown) return;
      shown = key;
      grid.show(all);
    },
    changed: (/** @type {boolean} */ has_epochs) => grid.changed(has_epochs),
  };
}

/** @param {HTMLElement} place @param {any} run */
function draw_progress(place, run) {
  const done = run.epochs_done;
  const { live } = run;
  if (run.status !== "running" || run.is_lost) return fill(place);
  const share = live && live.total > 0 && live.epoch === done + 1 ? live.done / live.total : 0;
  const total = run.epochs || done + 1;
  const left = seconds_left(run, share);
  const said = live ? `epoch ${live.epoch} of ${total}, ${count(live.done)} of ${count(live.total)}` : `${done} of ${total} epochs`;
  const old = place.querySelector("progress");
  const made = old ?? element("progress", { max: 1, "aria-label": "Progress" });
  made.value = Math.min(1, (done + share) / total);
  fill(place, made, element("p", {}, said, left !== null && left > 0 ? `, about ${duration(left)} left` : ""));
}

/** The time left, from the last epochs, or else from the forecast. @param {any} run @param {number} share done of the current epoch */
function seconds_left(run, share) {
  const last = run.epochs_table.slice(-5);
  if (last.length > 0) {
    const mean = last.reduce((/** @type {number} */ sum, /** @type {any} */ epoch) => sum + epoch.seconds, 0) / last.length;
    return mean * (run.epochs - run.epochs_done - share);
  }
  return run.forecast && run.started ? run.started + run.forecast.seconds - Date.now() / 1000 : null;
}

/** @param {HTMLElement} place @param {any} run */
function draw_facts(place, run) {
  const sweeps = (run.sweeps ?? []).map((/** @type {string} */ sweep) => [element("a", { href: address("sweep", sweep) }, sweep), " "]);
  const facts = [
    ["experiment", `${run.experiment} (version ${run.experiment_version})`], ["sweeps", sweeps.length > 0 ? sweeps : null], ["seed", String(run.seed)],
    ["epochs", `${run.epochs_done} of ${run.epochs}`], ["trained", duration(run.seconds)], ["forecast", run.forecast ? duration(run.forecast.seconds) : null], ["created", when(run.created)], ["started", when(run.started)], ["ended", when(run.ended)],
    ["objective", run.objective], ["code", run.code], ["data", run.data], ["weights", run.weights],
    ...Object.entries(run.choices ?? {}).map(([name, value]) => [name, value_text(value)]), ["identity", element("code", { class: "long" }, run.identity)],
  ];
  fill(place, facts.filter(([, value]) => value !== null && value !== undefined && value !== "").map(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]));
}

/** @param {unknown} seconds */
const when = (seconds) => (seconds === undefined || seconds === null ? null : [time(seconds), " ", element("span", { class: "hint" }, ago(seconds))]);

/** @param {any} run */
function parameter_table(run) {
  const entries = Object.entries(run.params ?? {});
  if (entries.length === 0) return element("p", { class: "hint" }, "No parameters.");
  return element("dl", { class: "facts" }, entries.map(([name, value]) => [element("dt", {}, name), element("dd", {}, value === "" ? element("span", { class: "hint" }, "empty") : value_text(value))]));
}

/** @param {HTMLElement} place @param {any} run */
function draw_metrics(place, run) {
  if ((run.metrics ?? []).length === 0) return fill(place, element("p", { class: "hint" }, "No epoch has ended yet."));
  fill(place, element("table", { class: "plain-table" }, element("thead", {}, element("tr", {}, element("th", { scope: "col" }, "metric"), ["last", "lowest", "in epoch", "highest", "in epoch", "mean"].map((text) => element("th", { scope: "col", class: "number" }, text)))),
    element("tbody", {}, run.metrics.map((/** @type {any} */ metric) => element("tr", {}, element("th", { scope: "row" }, metric.name, metric.name === run.objective ? element("span", { class: "hint" }, " objective") : null, metric.unit ? element("span", { class: "hint" }, ` ${metric.unit}`) : null),
      [metric.last, metric.lowest, metric.lowest_epoch, metric.highest, metric.highest_epoch, metric.mean].map((value, i) => element("td", { class: `number${(i === 1 && metric.better === "lower") || (i === 3 && metric.better === "higher") ? " best" : ""}` }, number(value))))))));
}

/** @param {HTMLElement} place @param {any} run */
function draw_epochs(place, run) {
  const was_open = /** @type {HTMLDetailsElement | null} */ (place.querySelector("details"))?.open ?? false;
  const table = run.epochs_table;
  if (table.length === 0) return fill(place, element("p", { class: "hint" }, "No epoch has ended yet."));
  const seconds = table.reduce((/** @type {number} */ sum, /** @type {any} */ epoch) => sum + epoch.seconds, 0);
  fill(place, element("details", { open: was_open }, element("summary", {}, `${counted(table.length, "epoch")}, ${duration(seconds / table.length)} each`),
    element("div", { class: "wide", tabindex: 0, role: "region", "aria-label": "Epochs" }, element("table", { class: "plain-table" }, element("thead", {}, element("tr", {}, ["epoch", "time", "waiting for data", "samples", "per second", "learning rate", "memory", "processor"].map((text) => element("th", { scope: "col", class: "number" }, text)))),
      element("tbody", {}, table.slice(-500).map((/** @type {any} */ epoch) => element("tr", {}, [String(epoch.epoch), duration(epoch.seconds), duration(epoch.data_wait_seconds), count(epoch.samples), epoch.samples && epoch.seconds ? number(Math.round(epoch.samples / epoch.seconds)) : "", number(epoch.learning_rate), bytes(epoch.peak_host_bytes), epoch.cpu_use === undefined ? "" : percent(epoch.cpu_use)]
        .map((text) => element("td", { class: "number" }, text)))))))));
}

/** @param {HTMLElement} place @param {any} run */
function draw_attempts(place, run) {
  const open = new Set([...place.querySelectorAll("details")].map((one, i) => (one.open ? i : -1)));
  fill(place, (run.attempts ?? []).length === 0 ? element("p", { class: "hint" }, "No worker has started this run.") : run.attempts.map((/** @type {any} */ attempt, /** @type {number} */ i) => {
    const facts = [
      ["host", attempt.host], ["processor", `${attempt.cpu}, ${attempt.cores} cores`], ["memory", bytes(attempt.memory_bytes)], ["GPU", attempt.gpu], ["device", attempt.device], ["threads", String(attempt.threads ?? "")], ["system", attempt.os],
      ["started", when(attempt.started)], ["ended", when(attempt.ended)], ["why it ended", attempt.end_reason], ["command", attempt.command ? element("code", { class: "long" }, attempt.command) : ""], ["folder", attempt.directory],
      ["commit", attempt.git_commit ? [element("code", {}, attempt.git_commit.slice(0, 12)), attempt.git_is_dirty ? " with uncommitted changes" : ""] : ""],
      ...Object.entries(attempt.libraries ?? {}), ...Object.entries(attempt.environment ?? {}),
    ];
    return element("details", { open: open.has(i) || (place.children.length === 0 && i === run.attempts.length - 1) }, element("summary", {}, `Attempt ${i + 1} on ${attempt.host}${attempt.end_reason ? `, ${attempt.end_reason}` : ""}`),
      element("dl", { class: "facts" }, facts.filter(([, value]) => value !== "" && value !== null && value !== undefined).map(([name, value]) => [element("dt", {}, name), element("dd", {}, value)])));
  }));
}

