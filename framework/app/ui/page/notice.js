// Sentences at the page's foot that go away by themselves, some with an Undo.

import { element } from "./element.js";
import { is_abandoned, Refusal } from "./api.js";

const STAYS = 6000;  // milliseconds
const STAYS_WITH_UNDO = 15000;

/** @param {string} text @param {{undo?: () => void, is_error?: boolean}} [more] */
export function notice(text, { undo, is_error = false } = {}) {
  const line = element("div", { class: is_error ? "notice wrong" : "notice", role: is_error ? "alert" : undefined },
    element("span", {}, text));
  const close = () => line.remove();
  if (undo) {
    line.append(element("button", { type: "button", class: "plain", on: { click: () => { close(); undo(); } } }, "Undo"));
  }
  line.append(element("button", { type: "button", class: "plain", "aria-label": "Close this message", on: { click: close } }, "×"));
  document.getElementById("notices")?.append(line);
  setTimeout(close, undo ? STAYS_WITH_UNDO : STAYS);
}

/** Says what went wrong, unless only nobody waits for it any more. @param {unknown} error */
export function say_error(error) {
  if (is_abandoned(error)) return;
  notice(sentence_of(error), { is_error: true });
  if (!(error instanceof Refusal)) console.error(error);
}

/** @param {unknown} error */
export function sentence_of(error) {
  if (error instanceof Refusal) return error.sentence;
  return error instanceof Error ? error.message : String(error);
}

/** What a view shows in place of its content. @param {string} title @param {...import("./element.js").Child} what */
export const empty_state = (title, ...what) =>
  element("div", { class: "empty" }, element("h2", {}, title), element("p", {}, ...what));

/** The same for an error. @param {unknown} error */
export const error_state = (error) =>
  element("div", { class: "empty wrong", role: "alert" }, element("h2", {}, "This cannot be shown"), element("p", {}, sentence_of(error)));
