// A field for a filter, with completion of names and the error at its column.

import { element, fill } from "./element.js";
import { completion } from "./filter_words.js";

const PAUSE = 300;  // milliseconds without typing until the filter is tried

export class FilterField {
  /**
   * @param {{value: string, fields: import("./main.js").Field[], values: Record<string, string[]>,
   *   on_filter: (text: string, is_done: boolean) => void}} what
   */
  constructor({ value, fields, values, on_filter }) {
    this.fields = fields;
    this.values = values;
    this.on_filter = on_filter;
    this.told = value;
    /** @type {import("./filter_words.js").Completion} */
    this.offer = { from: 0, to: 0, candidates: [] };
    this.chosen = -1;
    this.timer = 0;
    this.input = element("input", {
      type: "text", id: "filter", class: "filter", value, placeholder: "metrics.val.total < 2 and status = 'finished'", spellcheck: "false",
      autocomplete: "off", autocapitalize: "off", role: "combobox", "aria-expanded": false, "aria-controls": "filter-names", "aria-autocomplete": "list",
      "aria-describedby": "filter-error", enterkeyhint: "search",
      on: {
        input: () => this.#typed(), keydown: (/** @type {any} */ event) => this.#key(event),
        click: () => this.#complete(), blur: () => setTimeout(() => this.#close(), 120),
      },
    });
    this.list = element("ul", { id: "filter-names", class: "names", role: "listbox", "aria-label": "Names", hidden: true });
    this.error = element("div", { id: "filter-error", class: "filter-error", role: "status" });
    this.clear = element("button", { type: "button", class: "plain clear", "aria-label": "Clear the filter", hidden: !value,
      on: { click: () => { this.input.value = ""; this.#tell(true); this.input.focus(); } } }, "×");
    this.node = element("div", { class: "filter-field" }, element("label", { for: "filter" }, "Filter"),
      element("div", { class: "filter-box" }, this.input, this.clear, this.list), this.error);
  }

  /** Shows the server's error for the filter; null if it is correct. @param {import("./api.js").Refusal | null} refusal */
  show_error(refusal) {
    this.input.setAttribute("aria-invalid", refusal ? "true" : "false");
    if (!refusal) return fill(this.error);
    const text = this.input.value;
    const column = refusal.column;
    if (column === undefined) return fill(this.error, element("p", {}, refusal.sentence));
    const start = Math.max(0, column - 25);
    const shown = (start > 0 ? "…" : "") + text.slice(start, start + 60) + (start + 60 < text.length ? "…" : "");
    const caret = " ".repeat(Math.max(0, column - 1 - start + (start > 0 ? 1 : 0))) + "^";
    fill(this.error, element("pre", { "aria-hidden": "true" }, `${shown}\n${caret}`), element("p", {}, `column ${column}: ${refusal.sentence}`));
  }

  #typed() {
    this.#complete();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#tell(false), PAUSE);
  }

  /** @param {boolean} is_done */
  #tell(is_done) {
    clearTimeout(this.timer);
    const text = this.input.value.trim();
    this.clear.hidden = !text;
    if (text === this.told && !is_done) return;
    this.told = text;
    this.on_filter(text, is_done);
  }

  #complete() {
    const caret = this.input.selectionStart ?? this.input.value.length;
    this.offer = completion(this.input.value, caret, this.fields, this.values);
    const word = this.input.value.slice(this.offer.from, this.offer.to);
    if (this.offer.candidates.length === 1 && this.offer.candidates[0].text === word) this.offer.candidates = [];
    this.chosen = -1;
    this.#draw();
  }

  #draw() {
    const { candidates } = this.offer;
    this.list.hidden = candidates.length === 0;
    this.input.setAttribute("aria-expanded", String(candidates.length > 0));
    fill(this.list, candidates.map((candidate, i) => element("li", {
      id: `name-${i}`, role: "option", "aria-selected": i === this.chosen,
      on: { mousedown: (/** @type {Event} */ event) => { event.preventDefault(); this.#take(i); } },
    }, element("code", {}, candidate.text), element("span", {}, candidate.meaning))));
    if (this.chosen >= 0) {
      this.input.setAttribute("aria-activedescendant", `name-${this.chosen}`);
      this.list.children[this.chosen]?.scrollIntoView({ block: "nearest" });
    } else {
      this.input.removeAttribute("aria-activedescendant");
    }
  }

  #close() {
    this.offer.candidates = [];
    this.chosen = -1;
    this.#draw();
  }

  /** @param {number} index */
  #take(index) {
    const { from, to, candidates } = this.offer;
    const text = candidates[index].text;
    const value = this.input.value;
    const after = value.slice(to);
    const space = after.startsWith(" ") ? "" : " ";
    this.input.value = value.slice(0, from) + text + space + after;
    const caret = from + text.length + 1;
    this.input.setSelectionRange(caret, caret);
    this.#close();
    this.#typed();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const amount = this.offer.candidates.length;
    if (event.key === " " && event.ctrlKey) {
      event.preventDefault();
      this.#complete();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && amount > 0) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.chosen = this.chosen < 0 && step < 0 ? amount - 1 : (this.chosen + step + amount) % amount;
      this.#draw();
    } else if (event.key === "ArrowDown") {
      this.#complete();
    } else if ((event.key === "Enter" || event.key === "Tab") && this.chosen >= 0) {
      event.preventDefault();
      this.#take(this.chosen);
    } else if (event.key === "Enter") {
      this.#close();
      this.#tell(true);
    } else if (event.key === "Escape" && amount > 0) {
      event.preventDefault();
      this.#close();
    }
  }
}
