// Starts the page: asks what the store has, listens to its changes, and shows the view that the address names.

import { ask, is_abandoned } from "./api.js";
import { element, fill } from "./element.js";
import { Live } from "./live.js";
import { counted } from "./quantity.js";
import { address, current } from "./route.js";
import { error_state, sentence_of } from "./notice.js";

/**
 * What every view is given.
 * @typedef {object} Field
 * @property {string} name @property {"run" | "params" | "metrics" | "tags"} room @property {string} type
 * @property {string} [meaning] @property {boolean} [varies] @property {string} [better] @property {boolean} [objective]
 *
 * @typedef {object} Shop
 * @property {any} store the answer of /store @property {Field[]} fields @property {Live} live
 * @property {AbortSignal} signal ends when another view is shown
 */

/** @typedef {(holder: HTMLElement, route: import("./route.js").Route, shop: Shop) => unknown} Show */
/** @type {Record<string, {title: string, show: () => Promise<Show>}>} each is fetched when it is first shown */
const VIEWS = {
  runs: { title: "Runs", show: async () => (await import("./runs_view.js")).show_runs },
  compare: { title: "Compare", show: async () => (await import("./compare_view.js")).show_compare },
  run: { title: "Run", show: async () => (await import("./run_view.js")).show_run },
  pictures: { title: "Pictures", show: async () => (await import("./pictures_view.js")).show_pictures },
  sweeps: { title: "Sweeps", show: async () => (await import("./sweeps_view.js")).show_sweeps },
  sweep: { title: "Sweep", show: async () => (await import("./sweep_view.js")).show_sweep },
};
const IN_NAVIGATION = ["runs", "compare", "pictures", "sweeps"];

const holder = /** @type {HTMLElement} */ (document.getElementById("view"));
const navigation = /** @type {HTMLElement} */ (document.getElementById("nav"));
const connection = /** @type {HTMLElement} */ (document.getElementById("connection"));
const place = /** @type {HTMLElement} */ (document.getElementById("place"));

let leaving = new AbortController();
/** @type {Omit<Shop, "signal">} */
let shop;

/** Compare and Pictures keep the runs that are looked at, as one goes from view to view. */
function draw_navigation() {
  const route = current();
  const runs = route.view === "run" ? route.id : (route.parameters.get("runs") ?? route.parameters.get("selected") ?? "");
  fill(navigation, IN_NAVIGATION.map((view) => {
    const here = route.view === view || (view === "runs" && route.view === "run") || (view === "sweeps" && route.view === "sweep");
    const parameters = runs && (view === "compare" || view === "pictures") ? { runs } : runs && view === "runs" ? { selected: runs } : {};
    return element("a", { href: address(view, "", parameters), "aria-current": here ? "page" : undefined }, VIEWS[view].title);
  }));
}

function show() {
  leaving.abort();
  leaving = new AbortController();
  const route = current();
  const view = VIEWS[route.view];
  draw_navigation();
  if (!view) {
    fill(holder, element("div", { class: "empty" }, element("h1", {}, "This page does not exist"),
      element("p", {}, "Go to ", element("a", { href: address("runs") }, "all runs"), ".")));
    return;
  }
  document.title = `${route.id ? `${route.id} · ` : ""}${view.title} · epochal`;
  holder.className = `view-${route.view}`;
  fill(holder);
  const { signal } = leaving;
  view.show().then((draw) => (signal.aborted ? null : draw(holder, route, { ...shop, signal }))).catch((error) => {
    if (is_abandoned(error) || signal.aborted) return;
    fill(holder, element("h1", { class: "hidden-title" }, view.title), error_state(error));
  });
}

/** @param {boolean} is_connected */
function show_connection(is_connected) {
  connection.className = is_connected ? "connection live" : "connection lost";
  connection.textContent = is_connected ? "live" : "not connected; trying again";
}

async function start() {
  document.getElementById("skip")?.addEventListener("click", (event) => {
    event.preventDefault();  // the part behind # names the view
    holder.focus();
  });
  const url = new URL(location.href);
  if (url.searchParams.has("token")) {  // the cookie has it now; an address that is sent should not
    url.searchParams.delete("token");
    window.history.replaceState(null, "", url);
  }
  VIEWS[current().view]?.show();  // comes while the store is asked
  try {
    const [store, fields] = await Promise.all([ask(["store"]), ask(["fields"])]);
    place.textContent = store.name;
    place.title = `${store.path} · ${counted(store.runs, "run")} · epochal ${store.version}`;
    shop = { store, fields: fields.fields, live: new Live(store.cursor, show_connection) };
  } catch (error) {
    fill(holder, element("div", { class: "empty wrong", role: "alert" }, element("h1", {}, "The store cannot be read"),
      element("p", {}, sentence_of(error)), element("button", { type: "button", on: { click: () => location.reload() } }, "Try again")));
    return;
  }
  // Names of parameters and metrics come with new runs; a change that is not a run's epoch is told as a sweep's.
  shop.live.listen(async (change) => {
    if (change.all || change.sweeps) shop.fields.splice(0, Infinity, ...(await ask(["fields"]).catch(() => ({ fields: shop.fields }))).fields);
  }, new AbortController().signal);
  // Navigation follows selection.
  window.addEventListener("epochal:selection", draw_navigation);
  // Going back to an entry that remember() made changes the hash too.
  window.addEventListener("hashchange", show);
  show();
}

start();
