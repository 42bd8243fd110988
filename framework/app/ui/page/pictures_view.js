// The view of pictures: the same picture of many runs, by epochs or by parameters, side by side or under a slider.

import { artifact_address, ask } from "./api.js";
import { choice } from "./controls.js";
import { element, fill } from "./element.js";
import { empty_state } from "./notice.js";
import { paced } from "./pace.js";
import { picture_pair } from "./picture_pair.js";
import { thumbnail } from "./picture_dialog.js";
import { value_text } from "./quantity.js";
import { address, listed, remember } from "./route.js";
import { parameters_text, short } from "./run_names.js";

const MODES = [["epochs", "Runs by epochs"], ["side", "Runs side by side"], ["parameters", "By two parameters"], ["pair", "Two with a slider"]];
const SOME = 30;  // runs shown if none are selected
const MOST_COLUMNS = 24;

/**
 * @typedef {{run: string, name: string, epoch: number, id: number, caption?: string, media: string}} Kept
 * @param {HTMLElement} holder @param {import("./route.js").Route} route @param {import("./main.js").Shop} shop
 */
export async function show_pictures(holder, route, shop) {
  const { parameters } = route;
  const { signal } = shop;
  let runs = listed(parameters.get("runs"));
  const is_chosen = runs.length > 0;
  if (!is_chosen) runs = (await ask(["runs"], { limit: SOME, sort: "-run.created", columns: "run.run" }, signal)).rows.map((/** @type {any} */ row) => row.run);
  const title = element("h1", {}, "Pictures");
  if (runs.length === 0) return fill(holder, title, empty_state("No runs yet", "Pictures that runs record appear here."));
  let [answer, comparison] = await Promise.all([ask(["pictures"], { runs: runs.join(",") }, signal), ask(["compare"], { runs: runs.join(",") }, signal)]);
  const hint = is_chosen ? null : element("p", { class: "hint" }, `The newest ${runs.length} runs. `, element("a", { href: address("runs") }, "Select runs"), " to see theirs.");
  if (answer.names.length === 0) {
    return fill(holder, title, hint, empty_state("These runs recorded no pictures", "A plugin writes samples. A program calls ", element("code", {}, "run.log_image"), " or prints an artifact line: see docs/artifacts.md."));
  }

  const state = {
    name: answer.names.includes(parameters.get("name")) ? /** @type {string} */ (parameters.get("name")) : answer.names[0],
    mode: MODES.some(([mode]) => mode === parameters.get("mode")) ? /** @type {string} */ (parameters.get("mode")) : "epochs",
    epoch: Number(parameters.get("epoch")) || 0, size: Math.max(48, Math.min(512, Number(parameters.get("size")) || 128)),
    row: parameters.get("row") ?? "", column: parameters.get("column") ?? "", left: parameters.get("left") ?? "", right: parameters.get("right") ?? "",
    at: Number(parameters.get("at") ?? 50),
  };
  const place = element("div", { class: "pictures" });
  const controls = element("div", { class: "controls" });

  /** @type {Map<string, Kept[]>} */
  let by_run = new Map();
  const sort_in = () => {
    by_run = new Map(comparison.runs.map((/** @type {string} */ run) => [run, []]));
    for (const picture of answer.pictures) if (picture.name === state.name) by_run.get(picture.run)?.push(picture);
    for (const kept of by_run.values()) kept.sort((a, b) => a.epoch - b.epoch);
  };
  const epochs = () => /** @type {number[]} */ ([...new Set([...by_run.values()].flat().map(({ epoch }) => epoch))].sort((a, b) => a - b));
  /** The picture of a run at an epoch, or the last before it. @param {string} run @param {number} epoch */
  const at_epoch = (run, epoch) => (by_run.get(run) ?? []).findLast((picture) => picture.epoch <= epoch);
  const chosen_epoch = () => state.epoch || epochs()[epochs().length - 1] || 0;
  /** @param {Kept} picture */
  const picture_of = (picture) => ({ address: artifact_address(picture.run, picture.id), title: `${state.name}, run ${picture.run}, epoch ${picture.epoch}`, caption: [parameters_text(comparison, picture.run), picture.caption].filter(Boolean).join(". ") });
  /** @param {string} run */
  const run_head = (run) => [element("a", { href: address("run", run) }, run), element("span", { class: "hint" }, parameters_text(comparison, run))];

  function draw_by_epochs() {
    const all = epochs();
    const every = Math.ceil(all.length / MOST_COLUMNS);
    const shown = all.filter((_, i) => i % every === 0 || i === all.length - 1);
    const with_pictures = [...by_run].filter(([, kept]) => kept.length > 0);
    fill(place, element("div", { class: "wide framed", tabindex: 0, role: "region", "aria-label": "Runs by epochs" }, element("table", { class: "matrix" },
      element("thead", {}, element("tr", {}, element("th", { scope: "col" }, "run"), shown.map((epoch) => element("th", { scope: "col" }, `epoch ${epoch}`)))),
      element("tbody", {}, with_pictures.map(([run, kept]) => {
        const pictures = kept.map(picture_of);
        return element("tr", {}, element("th", { scope: "row" }, run_head(run)), shown.map((epoch) => {
          const index = kept.findIndex((picture) => picture.epoch === epoch);
          return element("td", {}, index < 0 ? null : thumbnail(pictures, index, state.size));
        }));
      })))), every > 1 ? element("p", { class: "hint" }, `Every ${every}th of ${all.length} epochs is shown.`) : null, left_out(with_pictures.length));
  }
  /** @param {number} shown */
  const left_out = (shown) => (shown < comparison.runs.length ? element("p", { class: "hint" }, `${comparison.runs.length - shown} of ${comparison.runs.length} runs have no such picture.`) : null);

  function draw_side() {
    const kept = comparison.runs.map((/** @type {string} */ run) => at_epoch(run, chosen_epoch())).filter(Boolean);
    const pictures = kept.map(picture_of);
    fill(place, element("div", { class: "side-by-side" }, kept.map((/** @type {Kept} */ picture, /** @type {number} */ i) => element("figure", { style: { width: `${state.size}px` } }, thumbnail(pictures, i, state.size),
      element("figcaption", {}, run_head(picture.run), picture.epoch !== chosen_epoch() ? element("span", { class: "hint" }, `epoch ${picture.epoch}`) : null)))), left_out(kept.length));
  }

  function draw_by_parameters() {
    const varying = comparison.parameters.filter((/** @type {any} */ parameter) => parameter.differs);
    if (varying.length === 0) return fill(place, empty_state("No parameter differs", "Select runs with different parameters."));
    const row = varying.find((/** @type {any} */ one) => one.name === state.row) ?? varying[0];
    const column = varying.find((/** @type {any} */ one) => one.name === state.column && one !== row) ?? varying[1] ?? { name: "", values: comparison.runs.map(() => "") };
    const values = (/** @type {any} */ parameter) => [...new Set(parameter.values.map(value_text))].sort((a, b) => a.localeCompare(b, "en", { numeric: true }) || 0).sort((a, b) => Number(a) - Number(b) || 0);
    const cells = new Map();
    comparison.runs.forEach((/** @type {string} */ run, /** @type {number} */ i) => {
      const key = JSON.stringify([value_text(row.values[i]), value_text(column.values[i])]);
      cells.set(key, [...(cells.get(key) ?? []), at_epoch(run, chosen_epoch())].filter(Boolean));
    });
    fill(place, element("div", { class: "wide framed", tabindex: 0, role: "region", "aria-label": `${row.name} by ${column.name}` }, element("table", { class: "matrix" },
      element("thead", {}, element("tr", {}, element("th", { scope: "col" }, column.name ? `${short(row.name)} \\ ${short(column.name)}` : short(row.name)), values(column).map((value) => element("th", { scope: "col", title: value }, column.name ? short(value) || "(empty)" : "")))),
      element("tbody", {}, values(row).map((value) => element("tr", {}, element("th", { scope: "row", title: value }, short(value) || "(empty)"), values(column).map((other) => {
        const kept = cells.get(JSON.stringify([value, other])) ?? [];
        const pictures = kept.map(picture_of);
        return element("td", {}, pictures.slice(0, 4).map((/** @type {any} */ _, /** @type {number} */ i) => thumbnail(pictures, i, state.size)), kept.length > 4 ? element("span", { class: "hint" }, `and ${kept.length - 4} more runs`) : null);
      })))))));
  }

  function draw_pair() {
    const all = [...by_run.values()].flat();
    const options = all.map((picture) => [`${picture.run}:${picture.epoch}`, `${picture.run}, epoch ${picture.epoch}${parameters_text(comparison, picture.run) ? ` (${parameters_text(comparison, picture.run)})` : ""}`]);
    const find = (/** @type {string} */ key, /** @type {Kept} */ other) => all.find((picture) => `${picture.run}:${picture.epoch}` === key) ?? other;
    if (all.length === 0) return fill(place, empty_state("No such picture", "Choose another one."));
    const lasts = [...by_run.values()].filter((kept) => kept.length > 0).map((kept) => kept[kept.length - 1]);
    const left = find(state.left, lasts[0]);
    const right = find(state.right, lasts[1] ?? all[0]);
    fill(place, element("div", { class: "controls" },
      choice("Left", options, `${left.run}:${left.epoch}`, (value) => { state.left = value; remember({ left: value }); draw_pair(); }),
      choice("Right", options, `${right.run}:${right.epoch}`, (value) => { state.right = value; remember({ right: value }); draw_pair(); })),
    picture_pair(picture_of(left), picture_of(right), state.at, (at) => {
      state.at = at;
      remember({ at: at === 50 ? "" : at });
    }));
  }

  function draw_controls() {
    const all = epochs();
    const varying = comparison.parameters.filter((/** @type {any} */ parameter) => parameter.differs).map((/** @type {any} */ one) => [one.name, one.name]);
    const output = element("output", {}, `${chosen_epoch()}`);
    const slider = element("input", { type: "range", min: 0, max: Math.max(0, all.length - 1), value: Math.max(0, all.findLastIndex((epoch) => epoch <= chosen_epoch())), on: { input: () => {
      state.epoch = all[Number(slider.value)];
      output.textContent = String(state.epoch);
      remember({ epoch: state.epoch });
      draw_place();
    } } });
    const size = element("input", { type: "range", min: 48, max: 512, step: 8, value: state.size, on: { input: () => {
      state.size = Number(size.value);
      remember({ size: state.size === 128 ? "" : state.size });
      for (const image of place.querySelectorAll(".thumb img")) /** @type {HTMLElement} */ (image).style.width = `${state.size}px`;
      for (const figure of place.querySelectorAll("figure")) /** @type {HTMLElement} */ (figure).style.width = `${state.size}px`;
    } } });
    const again = () => { draw_controls(); draw_place(); };
    fill(controls,
      choice("Picture", answer.names.map((/** @type {string} */ name) => [name, name]), state.name, (name) => { state.name = name; remember({ name }, "step"); sort_in(); again(); }),
      choice("Show", MODES, state.mode, (mode) => { state.mode = mode; remember({ mode: mode === "epochs" ? "" : mode }, "step"); again(); }),
      (state.mode === "side" || state.mode === "parameters") && all.length > 1 ? element("label", { class: "control" }, element("span", {}, "Epoch"), slider, output) : null,
      state.mode === "parameters" && varying.length > 1 ? [choice("Rows", varying, state.row || varying[0][0], (row) => { state.row = row; remember({ row }); draw_place(); }), choice("Columns", varying, state.column || varying[1][0], (column) => { state.column = column; remember({ column }); draw_place(); })] : null,
      state.mode === "pair" ? null : element("label", { class: "control" }, element("span", {}, "Size"), size));
  }
  function draw_place() {
    if (state.mode === "side") draw_side();
    else if (state.mode === "parameters") draw_by_parameters();
    else if (state.mode === "pair") draw_pair();
    else draw_by_epochs();
  }

  sort_in();
  fill(holder, element("div", { class: "view-head" }, title, is_chosen ? element("a", { href: address("compare", "", { runs: runs.join(",") }) }, "compare these runs") : null), hint, controls, place);
  draw_controls();
  draw_place();

  const look = paced(2000, async () => {
    const now = await ask(["pictures"], { runs: runs.join(",") }, signal);
    if (now.pictures.length === answer.pictures.length) return;
    answer = now;
    sort_in();
    if (!place.contains(document.activeElement)) draw_place();
  }, signal);
  shop.live.listen((change) => {
    if (change.all || runs.some((run) => change.runs.has(run.slice(0, 10)))) look();
  }, signal);
}
