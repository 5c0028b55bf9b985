// @ts-check
// A page has come from the server: the phone learns who is signed in, gets their key, and keeps the few facts that forms need.
import { send } from "../api.js";
import { adopt, holder, keepFacts, lock } from "./owner.js";
import { openStore } from "./store.js";

/** @typedef {import("./store.js").Database} Database @typedef {import("./store.js").Person} Person */

const DAY = 86_400_000; // how often the key is asked for again, and with it when the session ends
const LOOKED = "selfcare-facts"; // whose facts were read in this tab, and when
const AGAIN_AFTER = 60_000;

/** Whether this browser can keep things safely: it needs a database and keys that pages cannot read. */
export function able() {
  return typeof indexedDB !== "undefined" && Boolean(globalThis.crypto?.subtle);
}

/**
 * Who is here, as far as the phone knows at once, and what the server adds to it.
 * @param {string} id of the person the page was made for, empty when it was made for nobody
 * @returns {Promise<{database: Database, person: Person | null, renewed: Promise<Person | null>}>}
 */
export async function meet(id) {
  const database = await openStore();
  const here = id ? await holder(database) : await lock(database);
  // A locked phone knows its person as well, and can keep what is written while the key is on its way.
  const person = here?.person === id ? here : null;
  const known = !id || (person?.privateKey && Date.now() - person.asked < DAY);
  return { database, person, renewed: known ? Promise.resolve(null) : renew(database, id) };
}

/** @param {Database} database @param {string} id */
async function renew(database, id) {
  const keys = await send("POST", "/api/v1/phone/key", {});
  return keys.ok && keys.body.person === id ? adopt(database, keys.body) : null;
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
  const [whose, when] = (sessionStorage.getItem(LOOKED) ?? "").split(" ");
  if (!now && whose === person.person && Date.now() - Number(when) < AGAIN_AFTER) return;
  const asOf = Date.now();
  const facts = await send("GET", "/api/v1/phone/facts");
  if (!facts.ok || facts.body.person !== person.person) return;
  await keepFacts(database, person, facts.body, asOf);
  sessionStorage.setItem(LOOKED, `${person.person} ${Date.now()}`);
}
