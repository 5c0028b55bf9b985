// @ts-check
// What is being typed survives a closed tab and a dead battery: kept sealed while it is typed, put back when the same form opens
// again, gone when it is saved. The browser's own memory of forms is switched off: it lies on the disk for anybody to read.
import { dayOf } from "./items.js";
import { seal, unseal } from "./seal.js";

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
  const key = keyOf(person, form);
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
  return putBack(database, person, form, key, before);
}

/**
 * It is saved: the draft goes, and nothing of it stays in the form for the browser to remember.
 * @param {import("./store.js").Database} database
 * @param {import("./store.js").Person} person
 * @param {HTMLFormElement} form
 */
export async function dropDraft(database, person, form) {
  form.dataset.kept = "yes";
  await database.delete("drafts", keyOf(person, form));
}

/**
 * @param {import("./store.js").Database} database
 * @param {import("./store.js").Person} person
 * @param {HTMLFormElement} form
 * @param {string} key
 * @param {Fields} before
 */
async function putBack(database, person, form, key, before) {
  const sealed = person.privateKey && (await database.get("drafts", key));
  if (!sealed || !person.privateKey) return false;
  /** @type {Draft | null} */
  const draft = await unseal(person.privateKey, sealed, key).catch(() => null);
  const old = !draft || Date.now() - draft.at > KEPT_FOR;
  const otherDay = draft && form.dataset.keep === "entry" && dayOf(new Date(draft.at)) !== dayOf(new Date());
  // The page shows something else now than when it was typed: what it shows counts.
  if (old || otherDay || JSON.stringify(draft.before) !== JSON.stringify(before)) {
    await database.delete("drafts", key);
    return false;
  }
  for (const element of form.elements) fill(element, draft.fields);
  form.dispatchEvent(new Event("input", { bubbles: true }));
  return true;
}

/** @param {Element} element @param {Fields} fields */
function fill(element, fields) {
  if (!("name" in element) || NOT_TYPED.has(String(element.name))) return;
  const values = fields[String(element.name)];
  if (element instanceof HTMLInputElement && ["radio", "checkbox"].includes(element.type)) {
    element.checked = values?.includes(element.value) ?? false;
  } else if (element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement) {
    if (values) element.value = values[0] ?? "";
  } else if (element instanceof HTMLInputElement && element.type !== "hidden" && values) {
    element.value = values[0] ?? "";
  }
}

/** @param {HTMLFormElement} form @returns {Fields} */
function fieldsOf(form) {
  const data = new FormData(form);
  return Object.fromEntries(
    [...new Set(data.keys())]
      .filter((name) => !NOT_TYPED.has(name))
      .map((name) => [name, data.getAll(name).map(String)]),
  );
}

/** @param {import("./store.js").Person} person @param {HTMLFormElement} form */
function keyOf(person, form) {
  return `draft/${person.person}/${form.dataset.keep}${window.location.pathname}`;
}
