// The address names the view: #/VIEW/ID?parameter=value. The parameters keep the choices in a view, so that it can be
// bookmarked and sent, and Back works.

/**
 * @typedef {{view: string, id: string, parameters: URLSearchParams}} Route
 */

/** @returns {Route} */
export function current() {
  const [path, query] = split(location.hash.replace(/^#\/?/, ""), "?");
  const [view, id] = split(path, "/");
  return { view: view || "runs", id: decoded(id), parameters: new URLSearchParams(query) };
}

/** The text before the first such mark, and after it. @param {string} text @param {string} mark one character */
function split(text, mark) {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;  // an address typed by hand
  }
}

/**
 * @param {string} view @param {string} [id] @param {Record<string, string | number | undefined | null> | URLSearchParams} [parameters]
 */
export function address(view, id = "", parameters = {}) {
  const entries = parameters instanceof URLSearchParams ? [...parameters] : Object.entries(parameters);
  const query = new URLSearchParams();
  for (const [name, value] of entries) {
    if (value !== undefined && value !== null && value !== "") query.set(name, String(value));
  }
  // Commas, colons and the like are allowed after the # and read better.
  const text = query.toString().replace(/%2C/g, ",").replace(/%3A/g, ":").replace(/%60/g, "`").replace(/%2F/g, "/");
  return `#/${view}${id ? `/${encodeURIComponent(id)}` : ""}${text ? `?${text}` : ""}`;
}

/**
 * * Writes the choices in the current view into the address. Does not redraw.
 * @param {Record<string, string | number | undefined | null>} changes parameters; one without a value is removed
 * @param {"step" | "same"} [history] whether the browser's Back undoes this change by itself
 */
export function remember(changes, history = "same") {
  const { view, id, parameters } = current();
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === null || value === "") parameters.delete(name);
    else parameters.set(name, String(value));
  }
  const wanted = address(view, id, parameters);
  if (wanted === location.hash) return;
  if (history === "step") window.history.pushState(null, "", wanted);
  else window.history.replaceState(window.history.state, "", wanted);
}

/** Goes to another view. @param {string} wanted an address() */
export function go(wanted) {
  if (wanted === location.hash) window.dispatchEvent(new HashChangeEvent("hashchange"));
  else location.hash = wanted;
}

/** The scroll position of a view: kept in the history's entry, not in the address. @param {number} top */
export function keep_scroll(top) {
  window.history.replaceState({ top }, "", location.hash);
}

/** @returns {number} */
export const kept_scroll = () => Number(window.history.state?.top ?? 0);

/** A list in a parameter. @param {string | null} text */
export const listed = (text) => (text ?? "").split(",").filter(Boolean);
