// The controls of a grid of curves: axis, scale, smoothing and zoom. The address keeps them.

import { choice, toggle } from "./controls.js";
import { AXES } from "./curve_grid.js";
import { element } from "./element.js";
import { remember } from "./route.js";

/** The settings in the address. @param {URLSearchParams} parameters */
export function look_of(parameters) {
  const zoom = (parameters.get("zoom") ?? "").split(":").map(Number);
  return {
    axis: AXES.some(([name]) => name === parameters.get("x")) ? /** @type {string} */ (parameters.get("x")) : "epoch",
    is_log_x: parameters.get("logx") === "1", is_log_y: parameters.get("logy") === "1",
    smooth: Math.max(0, Math.min(0.99, Number(parameters.get("smooth")) || 0)),
    window: /** @type {[number, number] | null} */ (zoom.length === 2 && zoom.every(Number.isFinite) ? [zoom[0], zoom[1]] : null),
  };
}

/**
 * The button that shows all of a zoomed axis, and what the grid calls when zooming has ended.
 * @param {import("./curve_grid.js").Look} look @param {() => import("./curve_grid.js").CurveGrid} grid
 */
export function zooming(look, grid) {
  const zoomed = element("button", { type: "button", hidden: !look.window, on: { click: () => grid().group.zoom(null, null) } }, "Show the whole axis");
  /** @param {[number, number] | null} window */
  const on_zoom = (window) => {
    zoomed.hidden = !window;
    remember({ zoom: window ? window.map((v) => Number(v.toPrecision(6))).join(":") : "" }, "same");
  };
  return { zoomed, on_zoom };
}

/**
 * The axis, its scales and the smoothing.
 * @param {import("./curve_grid.js").Look} look @param {import("./curve_grid.js").CurveGrid} grid @param {HTMLElement} zoomed
 */
export function curve_controls(look, grid, zoomed) {
  const output = element("output", {}, look.smooth.toFixed(2));
  const smooth = element("input", { type: "range", min: 0, max: 0.99, step: 0.01, value: look.smooth, on: { input: () => {
    look.smooth = Number(smooth.value);
    output.textContent = look.smooth.toFixed(2);
    remember({ smooth: look.smooth || "" });
    grid.draw_soon();
  } } });
  return [
    choice("Along", AXES, look.axis, (axis) => {
      look.axis = axis;
      look.window = null;
      zoomed.hidden = true;
      remember({ x: axis === "epoch" ? "" : axis, zoom: "" }, "step");
      grid.fetch_all();
    }),
    toggle("log x", look.is_log_x, (is_on) => { look.is_log_x = is_on; remember({ logx: is_on ? 1 : "" }); grid.draw(); }),
    toggle("log y", look.is_log_y, (is_on) => { look.is_log_y = is_on; remember({ logy: is_on ? 1 : "" }); grid.draw(); }),
    element("label", { class: "control" }, element("span", {}, "Smoothing"), smooth, output),
  ];
}
