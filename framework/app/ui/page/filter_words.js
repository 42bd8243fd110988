// What can come next at a position in a filter: names, operators, and the values of some names.

/**
 * @typedef {{text: string, meaning: string}} Candidate
 * @typedef {{from: number, to: number, candidates: Candidate[]}} Completion what the candidates stand in place of
 */

const NAME = /(`[^`]*`?|[\w.])+$/;
const MOST = 12;

/**
 * @param {string} text the filter @param {number} caret
 * @param {import("./main.js").Field[]} fields
 * @param {Record<string, string[]>} values the texts that are values of a name, by name
 * @returns {Completion}
 */
export function completion(text, caret, fields, values) {
  const before = text.slice(0, caret);
  const nothing = { from: caret, to: caret, candidates: [] };
  // Within a text: = 'fini|
  const quoted = before.match(/([\w.`]+)\s*(?:=|!=|like|in\s*\((?:\s*'[^']*'\s*,)*)\s*'([^']*)$/i);
  if (quoted) {
    const from = caret - quoted[2].length - 1;
    const to = text[caret] === "'" ? caret + 1 : caret;
    return { from, to, candidates: those_with(quoted[2], values[plain(quoted[1])] ?? []).map((value) => ({ text: `'${value.replaceAll("'", "''")}'`, meaning: "" })) };
  }
  if ((before.match(/'/g) ?? []).length % 2 === 1) return nothing;
  const word = before.match(NAME)?.[0] ?? "";
  const from = caret - word.length;
  const rest = text.slice(caret).match(/^[\w.`]+/)?.[0] ?? "";
  const lead = before.slice(0, from).trimEnd();
  if (/(=|!=)$/.test(lead)) {
    const name = lead.match(/([\w.`]+)\s*(?:=|!=)$/)?.[1] ?? "";
    return { from, to: caret + rest.length, candidates: those_with(word, values[plain(name)] ?? []).map((value) => ({ text: `'${value.replaceAll("'", "''")}'`, meaning: "" })) };
  }
  if (/[<>]=?$|like$/i.test(lead) || (!word && lead && !/(\band|\bor|\bnot|\()$/i.test(lead))) return nothing;
  const small = word.toLowerCase();
  const candidates = fields.map((field) => ({ field, rank: rank_of(field.name.toLowerCase(), small) })).filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank).slice(0, MOST)
    .map(({ field }) => ({ text: field.name, meaning: meaning_of(field) }));
  return { from, to: caret + rest.length, candidates };
}

/** @param {string} name "run.status", "status", "`status`" → "status" @returns {string} */
const plain = (name) => name.replace(/^run\./, "").replaceAll("`", "");

/** @param {string} start @param {string[]} values */
const those_with = (start, values) => values.filter((value) => value.toLowerCase().startsWith(start.toLowerCase().replace(/^'/, ""))).slice(0, MOST);

/** Ranks names: first those that start with the word, then those with it after a dot, then those that contain it. @param {string} name @param {string} word */
function rank_of(name, word) {
  if (!word) return 1;
  if (name.startsWith(word)) return 4;
  if (name.includes(`.${word}`) || name.includes(`\`${word}`)) return 3;
  return name.includes(word) ? 2 : 0;
}

/** @param {import("./main.js").Field} field */
function meaning_of(field) {
  if (field.meaning) return field.meaning;
  const room = { run: "of the run", params: "parameter", metrics: "metric", tags: "tag" }[field.room];
  if (field.objective) return `${room}, the objective${field.better ? `, ${field.better} is better` : ""}`;
  return `${room}${field.better ? `, ${field.better} is better` : ""}${field.varies ? ", varies" : ""}`;
}
