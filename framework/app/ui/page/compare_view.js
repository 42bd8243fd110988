// The view that compares runs: curves, parameters side by side, scatter, parallel coordinates, importance.

import { ask, real } from "./api.js";
import { choice, toggle } from "./controls.js";
import { curve_controls, look_of, zooming } from "./curve_controls.js";
import { CurveGrid } from "./curve_grid.js";
import { curve_legend } from "./curve_legend.js";
import { bare } from "./column_chooser.js";
import { element, fill } from "./element.js";
import { importance_bars } from "./importance_bars.js";
import { empty_state, say_error } from "./notice.js";
import { parallel_plot } from "./parallel_plot.js";
import { parameters_table } from "./parameters_table.js";
import { counted } from "./quantity.js";
import { address, go, listed, remember } from "./route.js";
import { colours_of } from "./run_colours.js";
import { parameters_text, settings_of, short } from "./run_names.js";
import { scatter_plot } from "./scatter_plot.js";
import { on_theme } from "./theme.js";

const TABS = [["curves", "Curves"], ["parameters", "Parameters"], ["scatter", "Scatter"], ["parallel", "Parallel coordinates"], ["importance", "Importance"]];
const MOST_AXES = 9;

/** Names in a parameter of the address; they may have commas. @param {string | null} text @returns {string[]} */
const names_in = (text) => (text ? text.split(";").map(decodeURIComponent) : []);
/** @param {Iterable<string>} names */
const names_text = (names) => [...names].map((name) => name.replace(/[%;]/g, encodeURIComponent)).join(";");

/** @param {HTMLElement} holder @param {import("./route.js").Route} route @param {import("./main.js").Shop} shop */
export async function show_compare(holder, route, shop) {
  const { parameters } = route;
  const runs = [...new Set(listed(parameters.get("runs")))];
  if (runs.length === 0) {
    fill(holder, element("h1", { class: "hidden-title" }, "Compare"), empty_state("Nothing is selected", "Select runs among ", element("a", { href: address("runs") }, "all runs"), ", then press Compare."));
    return;
  }
  /** @type {import("./run_names.js").Comparison} */
  let comparison = await compared(runs, shop);
  const known = comparison.runs;
  let tab = TABS.some(([name]) => name === parameters.get("tab")) ? /** @type {string} */ (parameters.get("tab")) : "curves";

  const panel = element("div", { class: "panel", id: "panel", role: "tabpanel", "aria-labelledby": `tab-${tab}` });
  const tabs = TABS.map(([name, title]) => element("button", {
    type: "button", role: "tab", id: `tab-${name}`, "aria-controls": "panel", "aria-selected": name === tab, tabIndex: name === tab ? 0 : -1,
    on: {
      click: () => {
        tab = name;
        remember({ tab: name === "curves" ? "" : name }, "step");
        draw_tabs();
        draw();
      },
    },
  }, title));
  const draw_tabs = () => {
    TABS.forEach(([name], i) => {
      tabs[i].setAttribute("aria-selected", String(name === tab));
      tabs[i].tabIndex = name === tab ? 0 : -1;
    });
    panel.setAttribute("aria-labelledby", `tab-${tab}`);
  };
  const tab_list = element("div", { class: "tabs", role: "tablist", "aria-label": "Ways to compare", on: { keydown: (/** @type {KeyboardEvent} */ event) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!step) return;
    const next = (TABS.findIndex(([name]) => name === tab) + step + TABS.length) % TABS.length;
    tabs[next].click();
    tabs[next].focus();
  } } }, tabs);

  fill(holder, element("div", { class: "view-head" }, element("h1", {}, `Compare ${counted(known.length, "run")}`),
    element("a", { href: address("runs", "", { selected: known.join(",") }) }, "choose others"), element("a", { href: address("pictures", "", { runs: known.join(",") }) }, "their pictures")), tab_list, panel);

  let leaving = new AbortController();
  shop.signal.addEventListener("abort", () => leaving.abort());
  /** @type {((has_epochs: boolean) => void) | null} */
  let on_change = null;

  const context = () => ({ panel, parameters: new URLSearchParams(location.hash.split("?")[1] ?? ""), comparison, shop, signal: leaving.signal });
  function draw() {
    leaving.abort();
    leaving = new AbortController();
    on_change = null;
    fill(panel);
    if (tab === "curves") on_change = draw_curves(context());
    else if (tab === "parameters") draw_parameters(context());
    else if (tab === "scatter") draw_scatter(context());
    else if (tab === "parallel") draw_parallel(context());
    else fill(panel, importance_bars(comparison.importance ?? []));
  }
  draw();
  on_theme(() => tab !== "curves" && draw(), shop.signal);

  shop.live.listen(async (change) => {
    const has_ours = (/** @type {{has: (run: string) => boolean}} */ runs) => known.some((run) => runs.has(run));
    if (!change.all && !has_ours(change.runs)) {
      if (has_ours(change.progress)) on_change?.(false);
      return;
    }
    const has_epochs = change.all || has_ours(change.epochs);
    // The first epoch of all brings the metrics, which need charts.
    if (on_change && !(has_epochs && comparison.metrics.length === 0)) return on_change(has_epochs);
    if (panel.contains(document.activeElement)) return;  // does not redraw controls that the user is using
    try {
      comparison = await compared(runs, shop);
      draw();
    } catch (error) {
      say_error(error);
    }
  }, shop.signal);
}

/** The comparison of runs, with the objective before the other metrics. @param {string[]} runs @param {import("./main.js").Shop} shop */
async function compared(runs, shop) {
  const comparison = await ask(["compare"], { runs: runs.join(",") }, shop.signal);
  const objectives = new Set(shop.fields.filter((field) => field.objective).map((field) => bare(field.name)));
  comparison.metrics.sort((/** @type {any} */ a, /** @type {any} */ b) => Number(objectives.has(b.name)) - Number(objectives.has(a.name)));
  return comparison;
}

/**
 * @typedef {{panel: HTMLElement, parameters: URLSearchParams, comparison: import("./run_names.js").Comparison, shop: import("./main.js").Shop, signal: AbortSignal}} Context
 */

/** The ways to colour curves, points and lines. @param {import("./run_names.js").Comparison} comparison @returns {string[][]} */
const colourings = (comparison) => [["", "run"], ["setting", "setting"], ...comparison.parameters.filter(({ differs }) => differs).map(({ name }) => [`params.${name}`, name])];

/** The value that each colour stands for. @param {{colour: string, text: string}[]} key @param {string} title */
const colour_key = (key, title) => (key.length === 0 ? null : element("p", { class: "colour-key" }, `${title}:`, key.map(({ colour, text }) => element("span", {}, element("span", { class: "swatch", style: { background: colour } }), short(text)))));

/** @param {Context} context @returns {(has_epochs: boolean) => void} what to do when runs change */
function draw_curves({ panel, parameters, comparison, signal }) {
  const { runs } = comparison;
  const all_metrics = comparison.metrics;
  const wanted = parameters.get("metrics") === null ? all_metrics.map(({ name }) => name) : names_in(parameters.get("metrics"));
  let by = parameters.get("colour") ?? "";
  const settings = settings_of(comparison);
  let colours = colours_of(comparison, by, settings);

  /** @type {import("./curve_grid.js").Look} */
  const look = {
    ...look_of(parameters), is_band: parameters.get("seeds") === "band",
    colour: (run) => colours.of(run), name: (line) => name_of(line.runs), setting: (run) => settings.get(run) ?? run, hidden: new Set(names_in(parameters.get("hide"))),
  };
  /** @param {string[]} its */
  const name_of = (its) => (look.is_band ? parameters_text(comparison, its[0]) || its[0] : its[0]);

  const legend = element("div", { class: "legend-place" });
  const { zoomed, on_zoom } = zooming(look, () => grid);
  const grid = new CurveGrid({ runs, look, signal, on_zoom });

  const draw_legend = () => {
    colours = colours_of(comparison, by || (look.is_band ? "setting" : ""), settings);
    /** @type {Map<string, string[]>} */
    const groups = new Map();
    for (const run of runs) {
      const key = look.is_band ? (settings.get(run) ?? run) : run;
      groups.set(key, [...(groups.get(key) ?? []), run]);
    }
    const entries = [...groups].map(([key, its]) => ({ key, name: look.is_band ? name_of(its) : its[0], detail: look.is_band ? counted(its.length, "seed") : parameters_text(comparison, its[0]), colour: look.colour(its[0]) }));
    fill(legend, colour_key(colours.key, by.replace(/^params\./, "")), curve_legend(entries, look.hidden, (hidden) => {
      remember({ hide: names_text(hidden) });
      grid.draw();
    }, (key) => grid.group.highlight(key)));
  };
  const redraw = () => {
    draw_legend();
    grid.draw();
  };
  on_theme(redraw, signal);

  const chosen = new Set(wanted);
  const show_metrics = () => grid.show(all_metrics.filter(({ name }) => chosen.has(name)));

  fill(panel, element("div", { class: "controls" },
    ...curve_controls(look, grid, zoomed),
    choice("Seeds", [["", "each run"], ["band", "mean and range"]], look.is_band ? "band" : "", (seeds) => {
      look.is_band = seeds === "band";
      look.hidden.clear();
      remember({ seeds, hide: "" });
      redraw();
    }),
    choice("Colour by", colourings(comparison), by, (colour) => { by = colour; remember({ colour }); redraw(); }),
    all_metrics.length > 1 ? element("details", { class: "menu" }, element("summary", {}, "Metrics"), element("div", { class: "menu-list" }, all_metrics.map(({ name }) => toggle(name, chosen.has(name), (is_on) => {
      if (is_on) chosen.add(name);
      else chosen.delete(name);
      remember({ metrics: chosen.size === all_metrics.length ? "" : names_text(chosen) || ";" });
      show_metrics();
    })))) : null, zoomed),
  legend, grid.node, element("p", { class: "hint" }, "Drag over a chart to zoom all of them, double-click to see all. Ctrl-click in the legend to show only one curve."));
  if (all_metrics.length === 0) fill(grid.node, empty_state("No values yet", "The selected runs have not finished an epoch."));
  draw_legend();
  show_metrics();
  return (/** @type {boolean} */ has_epochs) => grid.changed(has_epochs);
}

/** @param {Context} context */
function draw_parameters({ panel, parameters, comparison }) {
  let differences_only = parameters.get("diff") !== "0";
  const colours = colours_of(comparison, "", new Map());
  const place = element("div");
  const put = () => fill(place, parameters_table(comparison, differences_only, colours.of));
  fill(panel, element("div", { class: "controls" }, toggle("Differences only", differences_only, (is_on) => { differences_only = is_on; remember({ diff: is_on ? "" : "0" }); put(); })), place);
  put();
}

/** Parameters and metrics as things with a value for each run. @param {import("./run_names.js").Comparison} comparison */
function measures_of(comparison) {
  return [
    ...comparison.parameters.map(({ name, values, differs }) => ({ key: `params.${name}`, name, values, differs })),
    ...comparison.metrics.flatMap(({ name, last, best }) => [
      { key: `metrics.${name}.last`, name, values: last.map(real), differs: true }, { key: `metrics.${name}.best`, name: `${name}, best`, values: best.map(real), differs: true },
    ]),
  ];
}

/** Whether all values are positive and span several powers of ten. @param {unknown[]} values */
function spans_powers(values) {
  const numbers = /** @type {number[]} */ (values.filter((v) => typeof v === "number"));
  return numbers.length > 0 && Math.min(...numbers) > 0 && Math.max(...numbers) / Math.min(...numbers) >= 20;
}

/** @param {Context} context */
function draw_scatter({ panel, parameters, comparison }) {
  const measures = measures_of(comparison);
  const find = (/** @type {string | null} */ key, /** @type {string} */ other) => measures.find((one) => one.key === key) ?? measures.find((one) => one.key.startsWith(other) && one.differs) ?? measures[0];
  if (measures.length === 0) return fill(panel, empty_state("Nothing to draw", "The runs have no parameters and no metrics."));
  let [x, y] = [find(parameters.get("sx"), "params."), find(parameters.get("sy"), "metrics.")];
  let [is_log_x, is_log_y] = [parameters.get("slx") === "1" || (parameters.get("slx") === null && x.key.startsWith("params.") && spans_powers(x.values)), parameters.get("sly") === "1"];
  let by = parameters.get("colour") ?? "";
  const place = element("div");
  const put = () => {
    const colours = colours_of(comparison, by, settings_of(comparison));
    const points = comparison.runs.map((run, i) => ({ run, name: parameters_text(comparison, run), x: x.values[i], y: y.values[i], colour: colours.of(run) }));
    fill(place, colour_key(colours.key, by.replace(/^params\./, "")), scatter_plot(points, { x: x.name, y: y.name, is_log_x, is_log_y }, Math.max(320, Math.min(960, panel.clientWidth))));
  };
  const options = measures.map(({ key, name }) => [key, name]);
  fill(panel, element("div", { class: "controls" },
    choice("X axis", options, x.key, (key) => { x = find(key, ""); remember({ sx: key }); put(); }), toggle("log x", is_log_x, (is_on) => { is_log_x = is_on; remember({ slx: is_on ? 1 : 0 }); put(); }),
    choice("Y axis", options, y.key, (key) => { y = find(key, ""); remember({ sy: key }); put(); }), toggle("log y", is_log_y, (is_on) => { is_log_y = is_on; remember({ sly: is_on ? 1 : "" }); put(); }),
    choice("Colour by", colourings(comparison), by, (colour) => { by = colour; remember({ colour }); put(); })), place);
  put();
}

/** @param {Context} context */
function draw_parallel({ panel, parameters, comparison }) {
  const measures = measures_of(comparison).filter(({ key }) => !key.endsWith(".best"));
  const chosen = new Set(names_in(parameters.get("axes")));
  if (chosen.size === 0) {
    const varying = measures.filter(({ key, differs }) => key.startsWith("params.") && differs).slice(0, MOST_AXES - 1);
    for (const { key } of [...varying, ...measures.filter(({ key }) => key.startsWith("metrics.")).slice(0, 1)]) chosen.add(key);
  }
  let is_log = parameters.get("plog") === "1";
  let by = parameters.get("colour") ?? "";
  /** @type {import("./parallel_plot.js").Brushes} */
  const brushes = new Map(names_in(parameters.get("brush")).map((text) => {
    const [high, low, ...name] = text.split(":").reverse();
    return [name.reverse().join(":"), [Number(low), Number(high)]];
  }));
  const place = element("div");
  const kept_place = element("p", { class: "kept", role: "status" });
  const put = () => {
    const colours = colours_of(comparison, by, settings_of(comparison));
    const axes = measures.filter(({ key }) => chosen.has(key)).map(({ key, name, values }) => ({ name, values, is_log: is_log || (key.startsWith("params.") && spans_powers(values)) }));
    if (axes.length < 2) return fill(place, empty_state("Choose at least two axes", "The menu Axes adds more."));
    fill(place, colour_key(colours.key, by.replace(/^params\./, "")), parallel_plot(axes, comparison.runs, colours.of, brushes, (kept) => {
      remember({ brush: names_text([...brushes].map(([name, [low, high]]) => `${name}:${low}:${high}`)) });
      const is_all = kept.length === comparison.runs.length;
      fill(kept_place, is_all ? "Drag along an axis to select runs by their values; click the axis to clear the selection." : [`${counted(kept.length, "run")} of ${comparison.runs.length} `,
        kept.length > 0 ? element("button", { type: "button", on: { click: () => go(address("compare", "", { runs: kept.join(",") })) } }, "Compare only these") : null,
        element("button", { type: "button", class: "plain", on: { click: () => { brushes.clear(); put(); } } }, "Clear")]);
    }, panel.clientWidth));
  };
  fill(panel, element("div", { class: "controls" },
    element("details", { class: "menu" }, element("summary", {}, "Axes"), element("div", { class: "menu-list" }, measures.map(({ key, name }) => toggle(name, chosen.has(key), (is_on) => {
      if (is_on) chosen.add(key);
      else chosen.delete(key);
      remember({ axes: names_text(chosen) });
      put();
    })))), toggle("log axes", is_log, (is_on) => { is_log = is_on; remember({ plog: is_on ? 1 : "" }); put(); }),
    choice("Colour by", colourings(comparison), by, (colour) => { by = colour; remember({ colour }); put(); })), kept_place, place);
  put();
}
