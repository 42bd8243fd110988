// Asks the server: docs/api.md.

const ROOT = "/api/v1";

/** A request that the server refused, with its message. */
export class Refusal extends Error {
  /** @param {number} status @param {{error?: string, advice?: string, column?: number}} answer */
  constructor(status, answer) {
    super(answer.error ?? `the server answered ${status}`);
    this.status = status;
    this.advice = answer.advice;
    this.column = answer.column;
  }

  /** The error in one sentence. */
  get sentence() {
    return this.advice ? `${this.message}; ${this.advice}` : this.message;
  }
}

/** @param {string} address @param {RequestInit} request @returns {Promise<any>} */
async function answer_of(address, request) {
  try {
    const response = await fetch(address, request);
    let answer = {};
    try {
      answer = await response.json();
    } catch (error) {
      if (response.ok) throw error;  // an error without JSON still has its status
    }
    if (!response.ok) throw new Refusal(response.status, answer);
    return answer;
  } catch (error) {
    if (error instanceof TypeError) throw new Refusal(0, { error: "epochal ui does not answer; is it still running?" });
    throw error;
  }
}

/**
 * @param {string[]} path the parts after /api/v1
 * @param {Record<string, string | number | undefined | null>} [parameters] those without a value are left out
 */
export function address_of(path, parameters = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== null && value !== "") query.set(name, String(value));
  }
  const text = query.toString();
  return `${ROOT}/${path.map(encodeURIComponent).join("/")}${text ? `?${text}` : ""}`;
}

/**
 * @param {string[]} path @param {Record<string, string | number | undefined | null>} [parameters]
 * @param {AbortSignal} [signal] @returns {Promise<any>}
 */
export const ask = async (path, parameters, signal) => answer_of(address_of(path, parameters), { signal, headers: { Accept: "application/json" } });

/**
 * * Changes something. A form of another page cannot send the header.
 * @param {"POST" | "DELETE"} method @param {string} what tags, notes or trash @param {object} body
 * @returns {Promise<{changed: number}>}
 */
export const change = async (method, what, body) => answer_of(`${ROOT}/${what}`, {
  method,
  headers: { "Content-Type": "application/json", "X-Epochal": "1" },
  body: JSON.stringify(body),
});

/** Where an artifact's bytes are. @param {string} run @param {number | string} id */
export const artifact_address = (run, id) => address_of(["runs", run, "artifacts", String(id)]);

/**
 * A number of an answer: JSON has no NaN and no infinity, so they come as texts. null is missing.
 * @param {unknown} value @returns {number | null}
 */
export function real(value) {
  if (typeof value === "number") return value;
  if (value === "nan") return NaN;
  if (value === "inf") return Infinity;
  if (value === "-inf") return -Infinity;
  return null;
}

/** Whether an error only says that the request was aborted. @param {unknown} error */
export const is_abandoned = (error) => error instanceof DOMException && error.name === "AbortError";
