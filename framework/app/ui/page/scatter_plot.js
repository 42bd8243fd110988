// Each run as a point: one parameter or metric against another.

import { drawing, element } from "./element.js";
import { marks_of, scale_of, share_of } from "./axis_scale.js";
import { short } from "./run_names.js";
import { value_text } from "./quantity.js";
import { address } from "./route.js";

const [HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [440, 76, 20, 14, 46];

/**
 * @typedef {{run: string, name: string, x: unknown, y: unknown, colour: string}} Point
 * @param {Point[]} points @param {{x: string, y: string, is_log_x: boolean, is_log_y: boolean}} axes @param {number} width pixels
 */
export function scatter_plot(points, axes, width) {
  const [sx, sy] = [scale_of(points.map(({ x }) => x), axes.is_log_x), scale_of(points.map(({ y }) => y), axes.is_log_y)];
  // Points keep a distance from the edges.
  const px = (/** @type {number} */ share) => LEFT + 12 + share * (width - LEFT - RIGHT - 24);
  const py = (/** @type {number} */ share) => HEIGHT - BOTTOM - 10 - share * (HEIGHT - TOP - BOTTOM - 20);
  const tip = element("div", { class: "values", hidden: true, "aria-hidden": "true" });
  let left_out = 0;

  const marks = points.map((point) => {
    const [x, y] = [share_of(sx, point.x), share_of(sy, point.y)];
    if (x === null || y === null) {
      ++left_out;
      return null;
    }
    const say = `${point.run}: ${axes.x} ${value_text(point.x)}, ${axes.y} ${value_text(point.y)}`;
    const show = () => {
      tip.replaceChildren(element("p", { class: "near" }, element("span", { class: "swatch", style: { background: point.colour } }), element("span", { class: "name" }, point.run)),
        element("p", {}, element("span", { class: "name" }, point.name)), element("p", {}, element("span", { class: "name" }, axes.x), element("b", {}, short(value_text(point.x)))),
        element("p", {}, element("span", { class: "name" }, axes.y), element("b", {}, short(value_text(point.y)))));
      const is_left = x > 0.6;
      tip.style.left = is_left ? "" : `${(100 * px(x)) / width + 2}%`;
      tip.style.right = is_left ? `${100 - (100 * px(x)) / width + 2}%` : "";
      tip.style.top = `${Math.min(70, (100 * py(y)) / HEIGHT)}%`;
      tip.hidden = false;
    };
    const hide = () => { tip.hidden = true; };
    return drawing("a", { href: address("run", point.run), "aria-label": say, on: { mouseenter: show, mouseleave: hide, focus: show, blur: hide } },
      drawing("circle", { cx: px(x), cy: py(y), r: 5.5, style: { fill: point.colour } }));
  });

  const picture = drawing("svg", { class: "scatter", viewBox: `0 0 ${width} ${HEIGHT}`, role: "group", "aria-label": `${axes.y} against ${axes.x}, ${points.length - left_out} runs` },
    marks_of(sx, width / 120).map(({ share, text }) => [drawing("line", { class: "grid", x1: px(share), x2: px(share), y1: TOP, y2: HEIGHT - BOTTOM }),
      drawing("text", { x: px(share), y: HEIGHT - BOTTOM + 17, "text-anchor": "middle" }, clipped(text, 14))]),
    marks_of(sy, 6).map(({ share, text }) => [drawing("line", { class: "grid", x1: LEFT, x2: width - RIGHT, y1: py(share), y2: py(share) }),
      drawing("text", { x: LEFT - 8, y: py(share) + 4, "text-anchor": "end" }, clipped(text, 10))]),
    drawing("line", { class: "axis", x1: LEFT, x2: width - RIGHT, y1: HEIGHT - BOTTOM, y2: HEIGHT - BOTTOM }), drawing("line", { class: "axis", x1: LEFT, x2: LEFT, y1: TOP, y2: HEIGHT - BOTTOM }),
    drawing("text", { class: "title", x: (LEFT + width - RIGHT) / 2, y: HEIGHT - 6, "text-anchor": "middle" }, clipped(axes.x, 60)),
    drawing("text", { class: "title", x: 14, y: (TOP + HEIGHT - BOTTOM) / 2, "text-anchor": "middle", transform: `rotate(-90 14 ${(TOP + HEIGHT - BOTTOM) / 2})` }, clipped(axes.y, 44)),
    marks);
  return element("div", { class: "scatter-frame" }, picture, tip, left_out > 0 ? element("p", { class: "hint" }, `${left_out} of ${points.length} runs are not drawn: a value is missing or not finite.`) : null);
}

/** @param {string} text @param {number} most */
const clipped = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
