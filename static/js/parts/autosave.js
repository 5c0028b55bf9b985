// @ts-check
// Drafts save themselves. `<form data-autosave="/path">` sends its fields as JSON to the path (method in
// `data-autosave-method`, PUT unless said) after a pause in typing, and when the page is left. The words come from
// `<p data-autosave-status data-saving data-saved data-emptied data-failed data-signed-out>`; {time} is when it was saved.
// Where its field `text` is emptied, what was saved is taken back: DELETE to the same path, until there are words again.
// The form's own button still saves it without script.
import { send } from "../api.js";
import { all, fill } from "./words.js";

const PAUSE = 1500;
const TRY_AGAIN = 15000;

export function startAutosave() {
  for (const form of all("form[data-autosave]", HTMLFormElement)) watch(form);
}

/** @param {HTMLFormElement} form */
function watch(form) {
  const path = form.dataset.autosave ?? "";
  const method = form.dataset.autosaveMethod === "POST" ? "POST" : "PUT";
  const status = form.querySelector("[data-autosave-status]");
  let sent = JSON.stringify(fields(form));
  let kept = !isEmpty(fields(form)); // some words may be on the server
  let waiting = 0;
  let busy = false;
  let done = false; // sent by its button and emptied: what it begins with is nobody's words

  /** @param {"saving" | "saved" | "emptied" | "failed" | "signedOut"} how */
  const say = (how) => {
    if (!(status instanceof HTMLElement)) return;
    const time = new Date().toLocaleTimeString(document.documentElement.lang, {
      hour: "numeric",
      minute: "2-digit",
    });
    const words = fill(status.dataset[how], { time });
    if (words) status.textContent = words;
  };

  /** @param {RequestInit} [more] */
  const save = async (more) => {
    window.clearTimeout(waiting);
    const now = fields(form);
    const text = JSON.stringify(now);
    const empty = isEmpty(now);
    if (busy || done || (empty ? !kept : text === sent)) return;
    busy = kept = true; // also where the answer gets lost
    say("saving");
    const answer = await (empty ? send("DELETE", path, undefined, more) : send(method, path, now, more));
    busy = false;
    if (answer.ok || (empty && answer.status === 404)) {
      sent = text;
      kept = !empty;
      say(empty ? "emptied" : "saved");
      if (JSON.stringify(fields(form)) !== sent) later(PAUSE);
    } else {
      say(answer.status === 401 ? "signedOut" : "failed");
      // 0: no signal, 5xx: the server is busy. Anything else will not get better by trying again.
      if (answer.status === 0 || answer.status >= 500) later(TRY_AGAIN);
    }
  };
  /** @param {number} wait */
  const later = (wait) => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(save, wait);
  };

  form.addEventListener("input", () => later(PAUSE));
  form.addEventListener("reset", () => {
    done = true;
  });
  form.addEventListener("submit", () => window.clearTimeout(waiting));
  window.addEventListener("online", () => save());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") void save({ keepalive: true });
  });
}

/** @param {Record<string, string | string[]>} found */
const isEmpty = (found) => !String(found.text ?? "-").trim();

/**
 * The fields as the API takes them: text as typed; a name with several ticks is a list; the CSRF field stays behind.
 * @param {HTMLFormElement} form
 */
function fields(form) {
  /** @type {Record<string, string | string[]>} */
  const found = {};
  const data = new FormData(form);
  for (const name of new Set(data.keys())) {
    if (name === "csrf_token") continue;
    const several = form.querySelectorAll(`[name="${CSS.escape(name)}"][type="checkbox"]`).length > 1;
    found[name] = several ? data.getAll(name).map(String) : String(data.get(name));
  }
  return found;
}
