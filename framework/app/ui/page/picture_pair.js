// Two pictures on top of each other, with a divider that pointer, finger or arrow keys move.

import { element } from "./element.js";

/** @param {{address: string, title: string}} left @param {{address: string, title: string}} right @param {number} at per cent @param {(at: number) => void} on_move */
export function picture_pair(left, right, at, on_move) {
  const upper = element("img", { class: "upper", src: left.address, alt: left.title });
  const under = element("img", { class: "under", src: right.address, alt: right.title });
  const line = element("span", { class: "divider", "aria-hidden": "true" });
  const slider = element("input", { type: "range", min: 0, max: 100, step: 1, value: at, "aria-label": "Where the left picture ends", on: { input: () => put(Number(slider.value)) } });
  const frame = element("div", { class: "pair", on: {
    pointerdown: (/** @type {PointerEvent} */ event) => { frame.setPointerCapture(event.pointerId); drag(event); },
    pointermove: (/** @type {PointerEvent} */ event) => { if (frame.hasPointerCapture(event.pointerId)) drag(event); },
  } }, under, upper, line);
  const drag = (/** @type {PointerEvent} */ event) => {
    const box = frame.getBoundingClientRect();
    put(Math.round(Math.max(0, Math.min(100, (100 * (event.clientX - box.left)) / box.width))));
  };
  const put = (/** @type {number} */ share) => {
    upper.style.clipPath = `inset(0 ${100 - share}% 0 0)`;
    line.style.left = `${share}%`;
    slider.value = String(share);
    on_move(share);
  };
  // As wide as possible, but not higher than the window.
  const fit = () => { frame.style.width = `min(100%, 900px, calc(70vh * ${under.naturalWidth / Math.max(1, under.naturalHeight)}))`; };
  under.addEventListener("load", fit);
  put(at);
  return element("div", { class: "pair-frame" }, frame, slider, element("p", { class: "pair-names" }, element("span", {}, left.title), element("span", {}, right.title)));
}
