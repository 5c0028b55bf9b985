// @ts-check
// The forms of the offline page: filled from the address, checked for what can be known here, kept in the outbox.
import { dayOf, filled, NotANumber, requestOf, withOffset } from "../phone/items.js";
import { find, findForm, say, whenWords } from "./words.js";

/** @typedef {import("./today.js").Facts} Facts @typedef {import("../phone/outbox.js").Request} Request */

const COMMON = 5; // measures that a locked phone offers

/** Something in a form is to be put right first; it has been said beside it. */
class NotYet extends Error {}

/**
 * The daily entry: my own trackers, or those for everyone while the phone is locked.
 * @param {Facts | null} facts
 * @param {Date} now
 */
export function fillEntry(facts, now) {
  const form = findForm('[data-part="entry"] form');
  form.dataset.id = crypto.randomUUID();
  const asked = find("[data-asked]");
  const fields = [...asked.querySelectorAll("[data-offered]")].filter(
    (field) => field instanceof HTMLElement,
  );
  const wanted =
    facts?.trackers ??
    fields.flatMap((f) => ("shared" in f.dataset ? [f.dataset.offered] : [])).slice(0, COMMON);
  for (const code of wanted) {
    const field = fields.find((each) => each.dataset.offered === code);
    if (!field) continue;
    field.hidden = false;
    asked.append(field);
  }
  const [day, time] = ["day", "time"].map((name) => input(form, name));
  if (day && time) {
    day.value = dayOf(now);
    time.value = `${String(now.getHours()).padStart(2, "0")}:${String(now.getMinutes()).padStart(2, "0")}`;
    const felt = () => {
      const chosen = new Date(`${day.value}T${time.value}`);
      find("[data-felt]").textContent = whenWords(Number.isNaN(chosen.valueOf()) ? now : chosen);
    };
    form.addEventListener("input", felt);
    felt();
  }
}

/** @param {string} goal @param {string} date @param {Facts | null} facts */
export function fillSkip(goal, date, facts) {
  const form = findForm('[data-part="skip"] form');
  Object.assign(form.dataset, { goal, date, about: titleOf(goal, facts) });
}

/** @param {string} goal @param {Facts | null} facts */
export function fillScore(goal, facts) {
  const form = findForm('[data-part="score"] form');
  Object.assign(form.dataset, { goal, about: titleOf(goal, facts), id: crypto.randomUUID() });
  find(".sc-plan b", form).textContent = titleOf(goal, facts);
}

/** @param {string} goal @param {string} monday @param {Facts | null} facts */
export function fillReview(goal, monday, facts) {
  const form = findForm('[data-part="review"] form');
  Object.assign(form.dataset, { goal, monday, about: titleOf(goal, facts) });
  find('[data-part="review"] [data-title]').textContent = titleOf(goal, facts);
}

/** @param {Facts | null} facts */
export function fillTopic(facts) {
  const form = findForm('[data-part="topic"] form');
  form.dataset.id = crypto.randomUUID();
  const visit = input(form, "visit");
  if (visit) visit.value = facts?.visit?.id ?? "";
}

/** @param {string} goal @param {Facts | null} facts */
function titleOf(goal, facts) {
  const review = facts?.reviews.find((each) => each.goal_id === goal);
  return facts?.goals.find((each) => each.id === goal)?.title ?? review?.title ?? "";
}

/**
 * What a form asks to be sent; null when something is to be put right first.
 * @param {HTMLFormElement} form
 * @param {Date} now
 * @returns {Request | null}
 */
export function read(form, now) {
  const problem = form.querySelector("[data-problem]");
  if (problem instanceof HTMLElement) problem.hidden = true;
  try {
    const request = form.dataset.keep === "score" ? score(form, now) : requestOf(form, now);
    check(form, request, problem instanceof HTMLElement ? problem : null);
    return request;
  } catch (wrong) {
    if (wrong instanceof NotYet) return null;
    if (!(wrong instanceof NotANumber) || !(problem instanceof HTMLElement)) throw wrong;
    refuse(
      problem,
      "number",
      { name: measure(form, wrong.message)?.dataset.name ?? "" },
      input(form, wrong.message),
    );
    return null;
  }
}

/**
 * An answer on the ruler by itself: only the offline page has a form for that.
 * @param {HTMLFormElement} form
 * @param {Date} now
 * @returns {Request}
 */
function score(form, now) {
  const fields = new FormData(form);
  const { id, goal, about = "" } = form.dataset;
  const at = withOffset(now);
  const body = filled({
    goal_id: goal,
    score: Number(fields.get("confidence") ?? ""),
    why_not_lower: String(fields.get("why_not_lower") ?? ""),
    what_would_help: String(fields.get("what_would_help") ?? ""),
    recorded_at: at,
  });
  return { kind: "score", at, about, method: "PUT", path: `/api/v1/confidence-scores/${id}`, body };
}

/** @param {HTMLFormElement} form @param {Request} request @param {HTMLElement | null} problem */
function check(form, request, problem) {
  if (!problem) return;
  const { kind, body } = request;
  if (kind === "entry") checkEntry(form, body, problem);
  if (kind === "score" && !form.querySelector("[name=confidence]:checked"))
    stop(problem, "nothing", {}, null);
  if (kind === "topic") {
    const field = form.querySelector("textarea");
    const longest = Number(field?.dataset.limit);
    if (!body.text?.trim()) stop(problem, "nothing", {}, field);
    if ([...body.text].length > longest) stop(problem, "long", { n: longest }, field);
  }
}

/** @param {HTMLFormElement} form @param {any} body @param {HTMLElement} problem */
function checkEntry(form, body, problem) {
  if (!Object.keys(body.values).length && !body.note?.trim())
    stop(problem, "nothing", {}, form.querySelector("textarea"));
  if (Date.parse(body.experienced_at) - Date.parse(body.recorded_at) > 300_000)
    stop(problem, "ahead", {}, input(form, "day"));
  for (const [code, value] of Object.entries(body.values)) {
    const field = measure(form, code);
    if (typeof value !== "number" || !field?.dataset.possible) continue;
    // What was typed in another unit the server judges.
    const unit = form.querySelector(`[name="${CSS.escape(code)}_unit"]`);
    if (unit instanceof HTMLSelectElement && unit.selectedIndex > 0) continue;
    const [least = 0, most = 0] = field.dataset.possible.split(" ").map(Number);
    const [low = least, high = most] = (field.dataset.likely ?? "").split(" ").map(Number);
    const name = field.dataset.name ?? "";
    if (value < least || value > most) stop(problem, "range", { name, least, most }, input(form, code));
    if ((value < low || value > high) && form.dataset.asked !== `${code} ${value}`) {
      // Asked once; Save again means yes.
      form.dataset.asked = `${code} ${value}`;
      const ask = find("[data-ask]", form);
      ask.hidden = false;
      say(find("[data-question]", ask), "question", { name, value });
      input(form, code)?.focus();
      throw new NotYet();
    }
    if (value < low || value > high) body.confirmed = [...(body.confirmed ?? []), code];
  }
}

/**
 * @param {HTMLElement} problem
 * @param {string} which
 * @param {Record<string, string | number>} values
 * @param {HTMLElement | null} field
 * @returns {never}
 */
function stop(problem, which, values, field) {
  refuse(problem, which, values, field);
  throw new NotYet();
}

/** @param {HTMLElement} problem @param {string} which @param {Record<string, string | number>} values @param {HTMLElement | null} field */
function refuse(problem, which, values, field) {
  say(problem, which, values);
  problem.id ||= `problem-${which}`;
  for (const before of document.querySelectorAll("[aria-invalid]")) before.removeAttribute("aria-invalid");
  field?.setAttribute("aria-invalid", "true");
  field?.setAttribute("aria-errormessage", problem.id);
  (field ?? problem).focus();
}

/** @param {HTMLFormElement} form @param {string} code */
function measure(form, code) {
  const found = form.querySelector(`[data-offered="${CSS.escape(code)}"]`);
  return found instanceof HTMLElement ? found : null;
}

/** @param {HTMLFormElement} form @param {string} name @returns {HTMLInputElement | null} */
function input(form, name) {
  const found = form.querySelector(`input[name="${CSS.escape(name)}"]`);
  return found instanceof HTMLInputElement ? found : null;
}
