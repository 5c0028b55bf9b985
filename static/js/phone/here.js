// @ts-check
// A page has come from the server: the phone learns who is signed in, gets their key, and keeps the few facts that forms need.
import { send } from "../api.js";
import { adopt, holder, keepFacts, lock } from "./owner.js";
import { openStore } from "./store.js";

/** @typedef {import("./store.js").Database} Database @typedef {import("./store.js").Person} Person */

const FRESH = 29 * 86_400_000; // of the 30 days that a session may be idle: ask for the key once a day
const LOOKED = "selfcare-facts"; // when the facts were read in this tab
const AGAIN_AFTER = 60_000;

/** Whether this browser can keep things safely: it needs a database and keys that pages cannot read. */
export function able() {
  return typeof indexedDB !== "undefined" && Boolean(globalThis.crypto?.subtle);
}

/**
 * @param {string} id of the person the page was made for, empty when it was made for nobody
 * @returns {Promise<{database: Database, person: Person | null}>}
 */
export async function meet(id) {
  const database = await openStore();
  if (!id) {
    await lock(database);
    return { database, person: null };
  }
  const here = await holder(database);
  if (here?.person === id && here.privateKey && here.ends - Date.now() > FRESH)
    return { database, person: here };
  const keys = await send("POST", "/api/v1/phone/key", {});
  const same = keys.ok && keys.body.person === id;
  if (same) return { database, person: await adopt(database, keys.body) };
  return { database, person: here?.person === id ? here : null };
}

/** Something was written: the next page reads the facts at once. */
export function factsAreOld() {
  sessionStorage.removeItem(LOOKED);
}

/**
 * Read the facts anew: once a minute, and at once after something was sent.
 * @param {Database} database
 * @param {Person} person
 * @param {{now?: boolean}} [how]
 */
export async function refreshFacts(database, person, { now = false } = {}) {
  if (!now && Date.now() - Number(sessionStorage.getItem(LOOKED)) < AGAIN_AFTER) return;
  const facts = await send("GET", "/api/v1/phone/facts");
  if (!facts.ok || facts.body.person !== person.person) return;
  await keepFacts(database, person, facts.body);
  sessionStorage.setItem(LOOKED, String(Date.now()));
}
