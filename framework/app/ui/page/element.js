// Builds the page's elements. A text from the store becomes only a text node or the value of an attribute, so that no
// name can run a script.

const SVG = "http://www.w3.org/2000/svg";

/**
 * @typedef {Record<string, unknown>} Properties Attributes; besides: `on` (listeners by event), `style` (properties of
 *   element.style), `data` (data-… attributes) and `value`, `checked`, `disabled`, `hidden` … as properties.
 * @typedef {Node | string | number | null | undefined | false | readonly any[]} Child a list has more of them
 */

const AS_PROPERTY = new Set(["value", "checked", "disabled", "hidden", "open", "selected", "indeterminate", "tabIndex"]);

/** @param {Element} made @param {Properties} properties @param {Child[]} children @returns {any} */
function filled(made, properties, children) {
  made.append(...flat(children));
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name === "on") {
      for (const [event, listener] of Object.entries(/** @type {Record<string, EventListener>} */ (value))) {
        made.addEventListener(event, listener);
      }
    } else if (name === "style") {
      Object.assign(/** @type {HTMLElement} */ (made).style, value);
    } else if (name === "data") {
      Object.assign(/** @type {HTMLElement} */ (made).dataset, value);
    } else if (AS_PROPERTY.has(name)) {
      /** @type {any} */ (made)[name] = value;
    } else if (typeof value !== "boolean" || name.startsWith("aria-")) {
      made.setAttribute(name, String(value));
    } else if (value) {
      made.setAttribute(name, "");
    }
  }
  return made;
}

/** @param {Child[]} children @returns {(Node | string)[]} */
function flat(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => (child instanceof Node ? child : String(child)));
}

/**
 * @param {string} name @param {Properties} [properties] @param {...Child} children
 * @returns {any}
 */
export const element = (name, properties = {}, ...children) => filled(document.createElement(name), properties, children);

/**
 * The same for the elements of a drawing.
 * @param {string} name @param {Properties} [properties] @param {...Child} children
 * @returns {any}
 */
export const drawing = (name, properties = {}, ...children) => filled(document.createElementNS(SVG, name), properties, children);

/** Replaces the children of a node. @param {Element} node @param {...Child} children */
export function fill(node, ...children) {
  node.replaceChildren(...flat(children));
}
