// What the page can change: tags, notes, the trash.

import { change } from "./api.js";
import { element } from "./element.js";
import { notice, say_error } from "./notice.js";
import { counted } from "./quantity.js";

/** @param {string} title @param {any[]} fields @param {string} verb @param {() => Promise<void>} act */
function ask_for(title, fields, verb, act) {
  const form = element("form", { method: "dialog", on: { submit: (/** @type {Event} */ event) => {
    event.preventDefault();
    act().then(() => dialog.close()).catch(say_error);
  } } }, element("h2", { id: "ask-title" }, title), fields, element("div", { class: "dialog-buttons" },
    element("button", { type: "button", on: { click: () => dialog.close() } }, "Cancel"), element("button", { class: "main" }, verb)));
  const dialog = element("dialog", { "aria-labelledby": "ask-title", on: { close: () => dialog.remove() } }, form);
  document.body.append(dialog);
  dialog.showModal();
}

/** @param {string} label @param {any} control */
const field = (label, control) => element("label", { class: "field" }, element("span", {}, label), control);

/** @param {string[]} runs @param {() => void} after */
export function ask_for_tag(runs, after) {
  const name = element("input", { type: "text", required: true, autocomplete: "off", maxlength: 200 });
  const value = element("input", { type: "text", autocomplete: "off" });
  ask_for(`Tag ${counted(runs.length, "run")}`, [field("Name", name), field("Value (may be empty)", value)], "Tag", async () => {
    await change("POST", "tags", { runs, name: name.value.trim(), value: value.value });
    notice(`Tagged ${counted(runs.length, "run")} with ${name.value.trim()}.`, { undo: () => untag(runs, name.value.trim(), after) });
    after();
  });
}

/** @param {string[]} runs @param {string} name @param {() => void} after */
export const untag = (runs, name, after) => change("DELETE", "tags", { runs, name }).then(after).catch(say_error);

/** @param {string[]} runs @param {() => void} after */
export function ask_for_note(runs, after) {
  const text = element("textarea", { rows: 4, required: true });
  ask_for(`Note on ${counted(runs.length, "run")}`, [field("Note", text)], "Add", async () => {
    await change("POST", "notes", { runs, text: text.value.trim() });
    notice(`Added a note to ${counted(runs.length, "run")}.`);
    after();
  });
}

/** Moves runs to the trash. The message has an Undo button. @param {string[]} runs @param {() => void} after */
export const trash = (runs, after) => change("POST", "trash", { runs }).then(({ changed }) => {
  const stay = runs.length - changed;
  notice(`${counted(changed, "run")} moved to the trash${stay > 0 ? `; ${counted(stay, "run")} still training, not moved` : ""}.`, {
    undo: () => change("DELETE", "trash", { runs }).then(after).catch(say_error),
  });
  after();
}).catch(say_error);
