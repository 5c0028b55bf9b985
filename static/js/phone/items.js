// @ts-check
// What a form becomes: a request of the JSON API. The forms of the server's pages and those of the offline page have the
// same field names, so both come through here. `<form data-keep="entry">` names the kind.

/**
 * @typedef {import("./outbox.js").Request} Request
 * @typedef {import("./outbox.js").Seen} Seen
 * @typedef {{id: string, title: string, days: {date: string, outcome: string | null, etag: string | null}[]}} Goal
 */

const NO_ANSWER = new Set(["", "skip", "dont_know"]);
const NUMBER = /^-?\d{1,9}([.]\d{1,6})?$/;

/** A number that cannot be read. `message` is the name of the field. */
export class NotANumber extends Error {}

/**
 * @param {HTMLFormElement} form
 * @param {Date} [now]
 * @returns {Request}
 * @throws {NotANumber}
 */
export function requestOf(form, now = new Date()) {
  const kind = /** @type {Request["kind"]} */ (form.dataset.keep);
  const fields = new FormData(form);
  /** @param {string} name */
  const text = (name) => String(fields.get(name) ?? "");
  // The offline page makes the id itself; a page of the server brings it.
  const id = form.dataset.id || text("id");
  const at = withOffset(now);
  const about = form.dataset.about ?? "";
  const common = { kind, at, ...(about ? { about } : {}) };
  switch (kind) {
    case "entry":
      return {
        ...common,
        method: "PUT",
        path: `/api/v1/diary-entries/${id}`,
        body: entry(form, fields, now),
      };
    case "day": {
      const path = `/api/v1/goals/${form.dataset.goal}/days/${form.dataset.date}`;
      const outcome = text("outcome") || "skipped";
      if (outcome === "clear") return { ...common, method: "DELETE", path };
      return {
        ...common,
        method: "PUT",
        path,
        body: filled({ outcome, reason: text("reason"), note: text("note") }),
      };
    }
    case "topic":
      return {
        ...common,
        method: "PUT",
        path: `/api/v1/agenda-items/${id}`,
        body: filled({ visit: text("visit"), kind: text("kind") || "topic", text: text("text") }),
      };
    case "review": {
      const score = text("confidence") || text("next-confidence");
      const words = text("confidence_words");
      return {
        ...common,
        method: "PUT",
        path: `/api/v1/goals/${form.dataset.goal}/reviews/${form.dataset.monday}`,
        body: filled({
          went_well: text("went_well"),
          got_in_the_way: text("got_in_the_way"),
          confidence: NO_ANSWER.has(score) ? "" : Number(score),
          confidence_words: NO_ANSWER.has(words) ? "" : words,
          why_not_lower: text("why_not_lower"),
          next: text("next"),
        }),
      };
    }
    case "json": {
      // Its page, or the script of its page, says what is sent (entries/questionnaire.js).
      const body = { ...JSON.parse(form.dataset.body ?? ""), recorded_at: at };
      return { ...common, method: "PUT", path: form.dataset.path ?? "", body };
    }
    default:
      throw new Error(`No such kind of form: ${kind}`);
  }
}

/**
 * @param {HTMLFormElement} form
 * @param {FormData} fields
 * @param {Date} now
 */
function entry(form, fields, now) {
  /** @type {Record<string, number | boolean | string>} */
  const values = {};
  /** @type {Record<string, string>} */
  const units = {};
  /** @type {Record<string, string>} */
  const tags = {};
  for (const field of form.querySelectorAll("[data-measure]")) {
    if (!(field instanceof HTMLElement) || field.closest("[hidden]")) continue;
    const { measure: code = "", kind = "" } = field.dataset;
    const typed = String(fields.get(code) ?? "").trim();
    if (NO_ANSWER.has(typed)) continue;
    if (kind === "yes_no") values[code] = typed === "yes";
    else if (kind === "choice") values[code] = typed;
    else values[code] = number(typed, "decimals" in field.dataset, code);
    const unit = fields.get(`${code}_unit`);
    const tag = fields.get(`${code}_tag`);
    if (unit) units[code] = String(unit);
    if (tag) tags[code] = String(tag);
  }
  const day = String(fields.get("day") ?? "");
  const time = String(fields.get("time") ?? "");
  const felt =
    form.dataset.felt && !changed(form) ? form.dataset.felt : withOffset(feltAt(form, day, time, now));
  const corrects = form.dataset.corrects;
  const confirmed = fields.getAll("confirmed").map(String);
  return {
    experienced_at: felt,
    recorded_at: withOffset(now),
    values,
    ...(Object.keys(units).length ? { units } : {}),
    ...(Object.keys(tags).length ? { tags } : {}),
    ...filled({ note: String(fields.get("note") ?? ""), corrects }),
    ...(confirmed.length ? { confirmed } : {}),
  };
}

/** Whether another day or time was chosen than the form came with. @param {HTMLFormElement} form */
function changed(form) {
  return [...form.querySelectorAll("[name=day], [name=time]")].some(
    (field) => field instanceof HTMLInputElement && field.value !== field.defaultValue,
  );
}

/**
 * When it was felt: now, unless another time was chosen. That is on the account's clock; where the phone is in another zone,
 * only the server reads it right.
 * @param {HTMLFormElement} form
 * @param {string} day
 * @param {string} time
 * @param {Date} now
 */
function feltAt(form, day, time, now) {
  const today = day === dayOf(now);
  if (!day || !time || (form.dataset.zone && today && !changed(form))) return now;
  const { zone } = form.dataset;
  if (zone && zone !== Intl.DateTimeFormat().resolvedOptions().timeZone) throw new NotANumber("day");
  const felt = new Date(`${day}T${time}`);
  return Number.isNaN(felt.valueOf()) ? now : felt;
}

/**
 * As the server reads it: a comma is a decimal point where there are decimals, and groups thousands where not.
 * @param {string} typed
 * @param {boolean} decimals
 * @param {string} code
 */
function number(typed, decimals, code) {
  const plain = typed.replace(/[\s\u00a0]/g, "").replaceAll(",", decimals ? "." : "");
  if (!NUMBER.test(plain)) throw new NotANumber(code);
  return Number(plain);
}

/**
 * An instant as the phone's own clock and zone show it: 2026-10-06T19:40:00.000+01:00.
 * @param {Date} date
 */
export function withOffset(date) {
  const minutes = -date.getTimezoneOffset();
  const shifted = new Date(date.valueOf() + minutes * 60_000).toISOString().slice(0, -1);
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${shifted}${minutes < 0 ? "-" : "+"}${two(hours)}:${two(rest)}`;
}

/** The day on the phone's own clock: 2026-10-06. @param {Date} date */
export function dayOf(date) {
  return withOffset(date).slice(0, 10);
}

/** @param {number} number */
function two(number) {
  return String(number).padStart(2, "0");
}

/**
 * Without what was left empty.
 * @param {Record<string, unknown>} body
 */
export function filled(body) {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== "" && value !== undefined));
}

/**
 * What a page of the server showed of that which its form changes: `data-keep-tag`, empty where there was nothing yet.
 * @param {HTMLFormElement} form
 * @param {number} at when the page was asked for, in ms since 1970
 * @returns {Seen | undefined} undefined where the form does not say
 */
export function seenOn(form, at) {
  const { keepTag } = form.dataset;
  return keepTag === undefined ? undefined : { etag: keepTag || null, at };
}

/**
 * What the facts say of that which a request changes.
 * @param {Request} request
 * @param {{asOf: number, goals?: Goal[], reviews?: {goal_id: string, monday: string, etag: string | null}[]} | null} facts
 * @returns {Seen | undefined} undefined where they say nothing
 */
export function seenIn(request, facts) {
  const etag = etagIn(request, facts);
  return facts && etag !== undefined ? { etag, at: facts.asOf } : undefined;
}

/**
 * @param {Request} request
 * @param {{goals?: Goal[], reviews?: {goal_id: string, monday: string, etag: string | null}[]} | null} facts
 * @returns {string | null | undefined}
 */
function etagIn(request, facts) {
  const [, goal, kind, date] =
    /^\/api\/v1\/goals\/([^/]+)\/(days|reviews)\/([\d-]+)/.exec(request.path) ?? [];
  if (!facts || !goal) return undefined;
  if (kind === "days") {
    const day = facts.goals?.find((each) => each.id === goal)?.days.find((each) => each.date === date);
    return day ? day.etag : undefined;
  }
  return facts.reviews?.find((each) => each.goal_id === goal && each.monday === date)?.etag;
}
