// @ts-check
// What is being typed survives a closed tab and a dead battery: kept sealed while it is typed, put back when the same form opens
// again, gone when it is saved. The browser's own memory of forms is switched off: it lies on the disk for anybody to read.
import { dayOf } from "./items.js";
import { fingerprint, seal, unseal } from "./seal.js";

/** @typedef {Record<string, string[]>} Fields @typedef {{fields: Fields, before: Fields, at: number}} Draft */

const PAUSE = 600; // ms without a key
const KEPT_FOR = 7 * 86_400_000;
// The day and time of an entry are of the moment; ids and tokens are the page's own.
const NOT_TYPED = new Set(["day", "time", "csrf_token", "id"]);

/** The browser writes nothing of these forms to its disk. */
export function forgetForms() {
  for (const form of document.querySelectorAll("main form")) form.setAttribute("autocomplete", "off");
}

/**
 * @param {import("./store.js").Database} database
 * @param {import("./store.js").Person} person
 * @param {HTMLFormElement} form
 * @returns {Promise<boolean>} whether something was put back
 */
export async function keepDraft(database, person, form) {
  const key = await keyOf(person, form);
  const before = fieldsOf(form);
  let waiting = 0;
  let kept = JSON.stringify(before);

  const keep = async () => {
    window.clearTimeout(waiting);
    const fields = fieldsOf(form);
    const text = JSON.stringify(fields);
    if (text === kept || form.dataset.kept) return;
    kept = text;
    await database.put("drafts", await seal(person.publicKey, { fields, before, at: Date.now() }, key), key);
  };
  form.addEventListener("input", () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(keep, PAUSE);
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && keep());

  const sealed = person.privateKey && (await database.get("drafts", key));
  if (!sealed || !person.privateKey) return false;
  /** @type {Draft | null} */
  const draft = await unseal(person.privateKey, sealed, key).catch(() => null);
  const today = dayOf(new Date());
  if (!draft || Date.now() - draft.at > KEPT_FOR) await database.delete("drafts", key);
  // Yesterday's "How was today?" is no answer to today's.
  else if (form.dataset.keep !== "entry" || dayOf(new Date(draft.at)) === today)
    return putBack(form, draft, before);
  return false;
}

/**
 * It is saved: the draft goes.
 * @param {import("./store.js").Database} database
 * @param {import("./store.js").Person} person
 * @param {HTMLFormElement} form
 */
export async function dropDraft(database, person, form) {
  form.dataset.kept = "yes";
  await database.delete("drafts", await keyOf(person, form));
}

/**
 * Put back what had been changed, where the page still shows what it showed then: the offline page's form asks for less than
 * the server's, and what the server shows anew counts.
 * @param {HTMLFormElement} form
 * @param {Draft} draft
 * @param {Fields} now
 */
function putBack(form, draft, now) {
  const same = (/** @type {unknown} */ one, /** @type {unknown} */ other) =>
    JSON.stringify(one ?? [""]) === JSON.stringify(other ?? [""]);
  /** @type {Set<string>} */
  const back = new Set();
  for (const name of new Set([...Object.keys(draft.fields), ...Object.keys(draft.before)])) {
    const changed = !same(draft.fields[name], draft.before[name]);
    if (changed && same(now[name], draft.before[name])) back.add(name);
  }
  let some = false;
  for (const element of form.elements) {
    if ("name" in element && back.has(String(element.name))) some = fill(element, draft.fields) || some;
  }
  if (some) form.dispatchEvent(new Event("input", { bubbles: true }));
  return some;
}

/** @param {Element} element @param {Fields} fields @returns {boolean} whether it holds something now */
function fill(element, fields) {
  const values = fields[/** @type {HTMLInputElement} */ (element).name] ?? [];
  if (element instanceof HTMLInputElement && ["radio", "checkbox"].includes(element.type)) {
    element.checked = values.includes(element.value);
    return element.checked;
  }
  const typed = element instanceof HTMLInputElement && element.type !== "hidden";
  if (!typed && !(element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement))
    return false;
  element.value = values[0] ?? "";
  return Boolean(element.value);
}

/** @param {HTMLFormElement} form @returns {Fields} */
function fieldsOf(form) {
  const data = new FormData(form);
  const names = [...new Set(data.keys())].filter((name) => !NOT_TYPED.has(name));
  return Object.fromEntries(names.map((name) => [name, data.getAll(name).map(String)]));
}

/** Whose, and of which form: a carer's page names the patient in its address. @param {import("./store.js").Person} person @param {HTMLFormElement} form */
async function keyOf(person, form) {
  const { pathname, search } = window.location;
  return `draft/${person.person}/${await fingerprint(`${form.dataset.keep} ${pathname}${search}`)}`;
}
