// A curve the size of a word.

import { drawing } from "./element.js";
import { real } from "./api.js";

const [WIDTH, HEIGHT, EDGE] = [84, 20, 2];

/** @param {unknown[]} values @returns {SVGElement} */
export function sparkline(values) {
  const numbers = values.map(real);
  const finite = /** @type {number[]} */ (numbers.filter((v) => v !== null && Number.isFinite(v)));
  const picture = drawing("svg", { class: "spark", width: WIDTH, height: HEIGHT, viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" });
  if (finite.length === 0) return picture;
  const low = Math.min(...finite);
  const span = Math.max(...finite) - low || 1;
  let path = "";
  let is_broken = true;
  let last = [0, 0];
  numbers.forEach((value, i) => {
    if (value === null || !Number.isFinite(value)) {
      is_broken = true;
      return;
    }
    last = [EDGE + (i / Math.max(1, numbers.length - 1)) * (WIDTH - 2 * EDGE), HEIGHT - EDGE - ((value - low) / span) * (HEIGHT - 2 * EDGE)];
    path += `${is_broken ? "M" : "L"}${last[0].toFixed(1)} ${last[1].toFixed(1)}`;
    is_broken = false;
  });
  picture.append(drawing("path", { d: path }), drawing("circle", { cx: last[0].toFixed(1), cy: last[1].toFixed(1), r: 1.8 }));
  return picture;
}
