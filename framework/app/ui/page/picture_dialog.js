// A picture as large as the window, with its caption. Arrow keys go to the next one.

import { element, fill } from "./element.js";

/**
 * @typedef {{address: string, title: string, caption?: string}} Picture
 * @param {Picture[]} pictures @param {number} index
 */
export function show_picture(pictures, index) {
  const image = element("img", { alt: "" });
  const title = element("h2", { id: "picture-title" });
  const caption = element("p", {});
  const link = element("a", { target: "_blank", rel: "noopener" }, "Open the file");
  let at = index;
  const put = () => {
    const picture = pictures[at];
    image.src = picture.address;
    image.alt = picture.title;
    link.href = picture.address;
    fill(title, picture.title);
    fill(caption, picture.caption ?? "");
    previous.disabled = at === 0;
    next.disabled = at === pictures.length - 1;
  };
  const move = (/** @type {number} */ by) => {
    at = Math.max(0, Math.min(pictures.length - 1, at + by));
    put();
  };
  const previous = element("button", { type: "button", on: { click: () => move(-1) } }, "← Previous");
  const next = element("button", { type: "button", on: { click: () => move(1) } }, "Next →");
  const dialog = element("dialog", { class: "picture", "aria-labelledby": "picture-title", on: {
    close: () => dialog.remove(),
    keydown: (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "ArrowLeft") move(-1);
      else if (event.key === "ArrowRight") move(1);
    },
  } }, title, image, caption, element("div", { class: "dialog-buttons" }, link, previous, next,
    element("button", { type: "button", class: "main", autofocus: true, on: { click: () => dialog.close() } }, "Close")));
  put();
  document.body.append(dialog);
  dialog.showModal();
}

/** A thumbnail that opens the picture. @param {Picture[]} pictures all beside it @param {number} index @param {number} size pixels */
export function thumbnail(pictures, index, size) {
  const picture = pictures[index];
  return element("button", { type: "button", class: "thumb", on: { click: () => show_picture(pictures, index) } },
    element("img", { src: picture.address, alt: picture.title, loading: "lazy", decoding: "async", style: { width: `${size}px`, height: "auto", minHeight: `${Math.min(size, 48)}px` } }));
}
