// The view of all runs: filter, sorting, columns, seeds in one row, and actions on the selected runs.

import { Refusal } from "./api.js";
import { bare, choose_columns } from "./column_chooser.js";
import { element, fill } from "./element.js";
import { FilterField } from "./filter_field.js";
import { empty_state, say_error } from "./notice.js";
import { count, counted } from "./quantity.js";
import { address, go, keep_scroll, kept_scroll, listed, remember } from "./route.js";
import { ask_for_note, ask_for_tag, trash } from "./run_actions.js";
import { paced } from "./pace.js";
import { RunRows, runs_of } from "./run_rows.js";
import { RunsTable } from "./runs_table.js";

const MOST_SELECTED = 200;  // the most that the API compares at once
const SOON = 1000;  // milliseconds between two fetches of changed rows
const SLOWLY = 4000;  // and of all visible rows
const STATUSES = ["queued", "running", "finished", "failed", "interrupted", "stopped"];

/** Fields with commas; a comma within backquotes does not separate. @param {string | null} text @returns {string[]} */
const fields_in = (text) => (text ?? "").match(/(`[^`]*`|[^,`])+/g) ?? [];

/** @param {HTMLElement} holder @param {import("./route.js").Route} route @param {import("./main.js").Shop} shop */
export async function show_runs(holder, route, shop) {
  const { parameters } = route;
  const { fields, signal, store } = shop;
  const objective = fields.find((field) => field.objective) ?? fields.find((field) => field.room === "metrics");
  const state = {
    where: parameters.get("where") ?? "", sort: parameters.get("sort") ?? "", columns: parameters.get("columns") ?? "",
    group: parameters.get("group") ?? "", sweep: parameters.get("sweep") ?? "", spark: parameters.get("spark") ?? "",
  };
  const selected = new Set(listed(parameters.get("selected")));
  const unfolded = new Set(listed(parameters.get("open")));

  const spark_metric = () => (state.spark === "none" ? "" : state.spark || (objective ? bare(objective.name) : ""));
  const question = () => ({ where: state.where, sort: state.sort, columns: state.columns, group: state.group, sweep: state.sweep, sparklines: spark_metric() });

  const rows = new RunRows(signal, () => draw());
  const found = element("span", { class: "found", role: "status" });
  const nothing = element("div");
  const actions = element("div", { class: "actions", role: "toolbar", "aria-label": "Selected runs" });

  const table = new RunsTable(rows, selected, unfolded, {
    direction_of: (field) => {
      const sorts = fields_in(state.sort);
      return sorts.includes(field) ? "ascending" : sorts.includes(`-${field}`) ? "descending" : "";
    },
    on_sort: (field, adds) => {
      const sorts = fields_in(state.sort);
      const column = rows.columns.find((one) => one.field === field);
      const first = column?.better === "higher" ? `-${field}` : field;
      const second = first === field ? `-${field}` : field;
      const next = sorts.includes(first) ? second : sorts.includes(second) ? "" : first;
      const others = adds ? sorts.filter((one) => one !== field && one !== `-${field}`) : [];
      state.sort = [...others, next].filter(Boolean).join(",");
      remember({ sort: state.sort }, "step");
      load();
    },
    on_selection: () => draw_selection(),
    on_open_row: () => remember({ open: [...unfolded].join(",") }),
    on_all: async () => {
      if (selected.size > 0) selected.clear();
      else {
        await rows.ensure(0, Math.min(rows.total, MOST_SELECTED)).catch(say_error);
        for (let i = 0; i < Math.min(rows.total, MOST_SELECTED) && selected.size < MOST_SELECTED; ++i) {
          const row = rows.row(i);
          for (const run of row ? runs_of(row) : []) selected.add(run);
        }
      }
      draw_selection();
      table.draw();
    },
  });

  const filter = new FilterField({
    value: state.where, fields, values: { status: STATUSES, experiment: store.experiments ?? [] },
    on_filter: (text, is_done) => {
      state.where = text;
      load(is_done ? "step" : "same");
    },
  });

  const group = element("input", { type: "checkbox", id: "group", checked: state.group === "seeds", on: { change: () => {
    state.group = group.checked ? "seeds" : "";
    unfolded.clear();
    remember({ group: state.group, open: "" }, "step");
    load();
  } } });
  const chooser = element("button", { type: "button", on: { click: () => choose_columns(fields, rows.columns.map((column) => column.field), spark_metric() || "none", (columns, spark) => {
    state.columns = columns ? columns.join(",") : "";
    state.spark = columns ? (spark === "none" || !objective || spark !== bare(objective.name) ? spark : "") : "";
    remember({ columns: state.columns, spark: state.spark }, "step");
    load();
  }) } }, "Columns");
  const of_sweep = state.sweep ? element("span", { class: "chip" }, "sweep ", element("a", { href: address("sweep", state.sweep) }, state.sweep),
    element("button", { type: "button", class: "plain", "aria-label": "Show runs of all sweeps", on: { click: () => { state.sweep = ""; remember({ sweep: "" }, "step"); of_sweep?.remove(); load(); } } }, "×")) : null;

  fill(holder, element("h1", { class: "hidden-title" }, "Runs"),
    element("div", { class: "toolbar" }, filter.node,
      element("div", { class: "tools" }, of_sweep, element("label", { class: "switch" }, group, "Group seeds"), chooser)),
    element("div", { class: "summary" }, found, actions), nothing, table.node);

  const draw_found = () => {
    const things = state.group === "seeds" ? counted(rows.total, "setting") : counted(rows.total, "run");
    found.textContent = state.where || state.sweep ? `${things} found` : things;
    fill(nothing);
    table.node.hidden = rows.total === 0;
    if (rows.total > 0) return;
    if (state.where) nothing.append(empty_state("No run matches the filter", "Change it, or ", element("button", { type: "button", class: "link", on: { click: () => { filter.input.value = ""; state.where = ""; filter.clear.hidden = true; load("step"); } } }, "show all runs"), "."));
    else nothing.append(empty_state("No runs yet", "Start a sweep with ", element("code", {}, "epochal run SWEEP.toml"), " or any program with ", element("code", {}, "epochal track -- PROGRAM"), ". The runs appear here without a reload."));
  };

  function draw() {
    if (signal.aborted) return;
    draw_found();
    table.draw();
  }

  function draw_selection() {
    const runs = [...selected];
    remember({ selected: runs.join(",") });
    window.dispatchEvent(new Event("epochal:selection"));
    if (runs.length === 0) return fill(actions, element("span", { class: "hint" }, "Select runs to compare them"));
    const too_many = runs.length > MOST_SELECTED;
    const act = (/** @type {string} */ text, /** @type {() => void} */ listener, /** @type {object} */ more = {}) => element("button", { type: "button", ...more, on: { click: listener } }, text);
    fill(actions, element("strong", {}, `${count(runs.length)} selected`),
      act("Compare", () => go(address("compare", "", { runs: runs.join(",") })), { class: "main", disabled: too_many }),
      act("Pictures", () => go(address("pictures", "", { runs: runs.join(",") })), { disabled: too_many }),
      store.can_write ? [act("Tag", () => ask_for_tag(runs, again)), act("Note", () => ask_for_note(runs, again)),
        act("Trash", () => trash(runs, () => { selected.clear(); draw_selection(); again(); }))] : null,
      act("Clear", () => { selected.clear(); draw_selection(); table.draw(); }, { class: "plain" }),
      too_many ? element("span", { class: "hint" }, `at most ${MOST_SELECTED} can be compared`) : null);
  }

  const again = () => rows.refresh().catch(say_error);

  /** @param {"step" | "same"} [history] */
  async function load(history) {
    table.has_spark = Boolean(spark_metric());
    try {
      holder.setAttribute("aria-busy", "true");
      await rows.start(question());
      filter.show_error(null);
      if (history) remember({ where: state.where }, history);
    } catch (error) {
      if (error instanceof Refusal && error.status === 400) filter.show_error(error);
      else say_error(error);
    } finally {
      holder.removeAttribute("aria-busy");
    }
  }

  // Changed rows are fetched by themselves. If rows came, went or moved, all visible ones are fetched, but less often.
  const slowly = paced(SLOWLY, again, signal);
  /** @type {Set<string>} */
  let changed = new Set();
  const patch = paced(SOON, async () => {
    const now = changed;
    changed = new Set();
    try {
      if (!(await rows.patch(now))) slowly();
    } catch (error) {
      if (error instanceof Refusal) slowly();
    }
  }, signal);
  shop.live.listen((change) => {
    if (change.all || change.removed.size > 0) return slowly();
    for (const run of change.runs) changed.add(run);
    if (changed.size > 0) patch();
  }, signal);

  let scrolled = 0;
  const top = kept_scroll();
  table.node.addEventListener("scroll", () => {
    clearTimeout(scrolled);
    scrolled = window.setTimeout(() => !signal.aborted && keep_scroll(table.node.scrollTop), 200);
  }, { signal });

  draw_selection();
  await load();
  if (top > 0) {
    table.node.scrollTop = top;
    table.draw();
  }
}
