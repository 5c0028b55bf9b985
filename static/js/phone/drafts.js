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

const POSTED = "selfcare-posted"; // the draft of a form that is on its way to the server the plain way, and from which page
/** @type {WeakMap<HTMLFormElement, string>} */
const keys = new WeakMap();

/** The browser writes nothing of these forms to its disk. */
export function forgetForms() {
  for (const form of document.querySelectorAll("main form")) form.setAttribute("autocomplete", "off");
}

/** Whether somebody writes in this form what they would not like to write again. One that saves itself needs no draft. @param {HTMLFormElement} form */
export function hasWords(form) {
  const words = form.querySelector("textarea, input[type=text], input:not([type])");
  return (
    Boolean(words) &&
    form.method === "post" &&
    !form.dataset.autosave &&
    !form.querySelector("[type=password]")
  );
}

/** It goes the plain way: if the next page comes from it, it has arrived. @param {HTMLFormElement} form */
export function isPosted(form) {
  const key = keys.get(form);
  const { pathname, search } = window.location;
  if (key) sessionStorage.setItem(POSTED, JSON.stringify({ key, from: pathname + search }));
}

/** Drop the draft of what was posted, when this is the page that the post led to. @param {import("./store.js").Database} database */
export async function dropPosted(database) {
  const posted = sessionStorage.getItem(POSTED);
  sessionStorage.removeItem(POSTED);
  if (!posted || !document.referrer) return;
  const { key, from } = JSON.parse(posted);
  const { pathname, search } = new URL(document.referrer);
  if (pathname + search === from) await database.delete("drafts", key);
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
  keys.set(form, key);
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
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    void keep();
    isPosted(form);
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
  const kind = form.dataset.keep ?? form.getAttribute("action") ?? "";
  return `draft/${person.person}/${await fingerprint(`${kind} ${pathname}${search}`)}`;
}
