// Each run as a line through its parameters and metrics. Ranges on the axes select runs.

import { drawing, element, fill } from "./element.js";
import { marks_of, scale_of, share_of } from "./axis_scale.js";

const [LEAST_GAP, HEIGHT, SIDE, TOP, BOTTOM] = [120, 400, 70, 34, 16];

/**
 * @typedef {{name: string, values: unknown[], is_log: boolean}} Axis
 * @typedef {Map<string, [number, number]>} Brushes by axis, as shares of its height
 */

/**
 * @param {Axis[]} axes @param {string[]} runs @param {(run: string) => string} colour @param {Brushes} brushes
 * @param {(kept: string[]) => void} on_brush @param {number} room pixels
 */
export function parallel_plot(axes, runs, colour, brushes, on_brush, room) {
  const scales = axes.map((axis) => scale_of(axis.values, axis.is_log));
  const gap = Math.max(LEAST_GAP, (room - 2 * SIDE - 40) / (axes.length - 1));
  const width = SIDE * 2 + 40 + gap * (axes.length - 1);
  const px = (/** @type {number} */ axis) => SIDE + axis * gap;
  const py = (/** @type {number} */ share) => HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
  const share_at = (/** @type {number} */ y) => Math.max(0, Math.min(1, (HEIGHT - BOTTOM - y) / (HEIGHT - TOP - BOTTOM)));

  const lines = runs.map((run, r) => {
    let path = "";
    let is_broken = true;
    axes.forEach((axis, a) => {
      const share = share_of(scales[a], axis.values[r]);
      if (share === null) {
        is_broken = true;
        return;
      }
      path += `${is_broken ? "M" : "L"}${px(a)} ${py(share).toFixed(1)}`;
      is_broken = false;
    });
    return drawing("path", { class: "run-line", d: path, style: { stroke: colour(run) } });
  });
  const boxes = axes.map((_, a) => drawing("rect", { class: "brush", x: px(a) - 11, width: 22 }));

  const draw_brushes = () => {
    const kept = runs.filter((_, r) => axes.every((axis, a) => {
      const brush = brushes.get(axis.name);
      if (!brush) return true;
      const share = share_of(scales[a], axis.values[r]);
      return share !== null && share >= brush[0] - 1e-9 && share <= brush[1] + 1e-9;
    }));
    const is_kept = new Set(kept);
    runs.forEach((run, r) => lines[r].classList.toggle("out", !is_kept.has(run)));
    axes.forEach((axis, a) => {
      const brush = brushes.get(axis.name);
      boxes[a].setAttribute("y", String(brush ? py(brush[1]) - 2 : 0));
      boxes[a].setAttribute("height", String(brush ? py(brush[0]) - py(brush[1]) + 4 : 0));
      sliders[a].low.value = String(brush ? brush[0] : 0);
      sliders[a].high.value = String(brush ? brush[1] : 1);
    });
    on_brush(kept);
  };
  /** @param {string} name @param {number} from @param {number} to */
  const put = (name, from, to) => {
    const [low, high] = [Math.min(from, to), Math.max(from, to)];
    if (low <= 0 && high >= 1) brushes.delete(name);
    else brushes.set(name, [Number(low.toFixed(3)), Number(high.toFixed(3))]);
    draw_brushes();
  };

  const sliders = axes.map((axis) => {
    const slider = (/** @type {string} */ which, /** @type {number} */ value) => element("input", { type: "range", min: 0, max: 1, step: 0.01, value, "aria-label": `${which} end of ${axis.name}`,
      on: { input: () => put(axis.name, Number(pair.low.value), Number(pair.high.value)) } });
    const pair = { low: slider("lower", 0), high: slider("upper", 1) };
    return pair;
  });

  const picture = drawing("svg", { class: "parallel", viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, role: "img",
    "aria-label": `${runs.length} runs as lines through ${axes.map(({ name }) => name).join(", ")}` });
  const handles = axes.map((axis, a) => {
    let began = 0;
    const at = (/** @type {PointerEvent} */ event) => share_at(new DOMPoint(event.clientX, event.clientY).matrixTransform(picture.getScreenCTM().inverse()).y);
    const handle = drawing("rect", { class: "handle", x: px(a) - 18, y: TOP - 6, width: 36, height: HEIGHT - TOP - BOTTOM + 12, on: {
      pointerdown: (/** @type {any} */ event) => {
        handle.setPointerCapture(event.pointerId);
        began = at(event);
      },
      pointermove: (/** @type {any} */ event) => {
        if (handle.hasPointerCapture(event.pointerId) && Math.abs(at(event) - began) > 0.01) put(axis.name, began, at(event));
      },
      dblclick: () => put(axis.name, 0, 1),
      click: (/** @type {any} */ event) => { if (Math.abs(at(event) - began) <= 0.01) put(axis.name, 0, 1); },
    } });
    return handle;
  });
  fill(picture, lines, axes.map((axis, a) => [
    drawing("line", { class: "axis", x1: px(a), x2: px(a), y1: TOP, y2: HEIGHT - BOTTOM }),
    marks_of(scales[a], 5).map(({ share, text }) => drawing("text", { class: "mark", x: px(a) + 6, y: py(share) + 4 }, text.length > 13 ? `${text.slice(0, 12)}…` : text)),
    drawing("text", { class: "title", x: px(a), y: 16, "text-anchor": "middle" }, axis.name.length > 18 ? `${axis.name.slice(0, 17)}…` : axis.name, drawing("title", {}, axis.name)),
  ]), boxes, handles);
  const node = element("div", { class: "parallel-frame" }, element("div", { class: "wide", tabindex: 0, role: "region", "aria-label": "Parallel coordinates" }, picture),
    element("details", { class: "brushes" }, element("summary", {}, "Select by sliders"),
      axes.map((axis, a) => element("div", { class: "brush-row" }, element("span", { class: "name", title: axis.name }, axis.name), sliders[a].low, sliders[a].high))));
  draw_brushes();
  return node;
}
