// @ts-check
// One way to ask the server for something: with the CSRF token, for the person somebody writes for, and without ever
// losing what was typed when the session has ended in the meantime.

/**
 * @typedef {object} Answer
 * @property {boolean} ok the server took it: 2xx means stored
 * @property {number} status HTTP status; 0 when there was no answer at all
 * @property {any} body what it said, null when that was nothing
 */

/** @param {string} name */
function meta(name) {
  return document.querySelector(`meta[name="${name}"]`)?.getAttribute("content") ?? "";
}

/**
 * Send JSON. Never throws and never leaves the page: signed out is `status` 401, offline is `status` 0.
 * @param {"GET" | "POST" | "PUT" | "DELETE"} method
 * @param {string} path of this site
 * @param {unknown} [body]
 * @param {RequestInit} [more] such as `keepalive` for the last word of a page
 * @returns {Promise<Answer>}
 */
export async function send(method, path, body, more = {}) {
  const url = forWhom(path);
  const answer = await once(method, url, body, more);
  if (answer.status !== 403) return answer;
  // Somebody signed in again in another tab: the same session asks once more, with its new token.
  const session = await once("GET", "/api/v1/session");
  if (!session.ok) return answer.status === 403 && session.status === 401 ? session : answer;
  const person = meta("person");
  // Somebody else signed in meanwhile: what stands on this page is not theirs, and is not sent in their name.
  if (person && session.body.user.id !== person) return { ok: false, status: 401, body: null };
  document.querySelector('meta[name="csrf-token"]')?.setAttribute("content", session.body.csrf_token);
  return once(method, url, body, more);
}

/** @param {string} path */
function forWhom(path) {
  const url = new URL(path, window.location.origin);
  const person = meta("acting-for");
  if (person && !url.searchParams.has("for")) url.searchParams.set("for", person);
  return url.pathname + url.search;
}

/**
 * @param {string} method
 * @param {string} url
 * @param {unknown} [body]
 * @param {RequestInit} [more]
 * @returns {Promise<Answer>}
 */
async function once(method, url, body, more = {}) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json" };
  if (method !== "GET") headers["X-CSRF-Token"] = meta("csrf-token");
  if (body !== undefined) headers["Content-Type"] = "application/json";
  try {
    const response = await fetch(url, {
      method,
      credentials: "same-origin",
      redirect: "error",
      ...more,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const said = await response.text();
    // There is signal: what waits may go (static/js/phone/page.js).
    if (response.ok) document.dispatchEvent(new Event("selfcare-signal"));
    return { ok: response.ok, status: response.status, body: parsed(said) };
  } catch {
    return { ok: false, status: 0, body: null };
  }
}

/** @param {string} text */
function parsed(text) {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}
