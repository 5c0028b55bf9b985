// @ts-check
// Whose phone it is now: the person who signed in here last, until they log out. Only their private key and facts are
// here, and the key only while their session lasts.
import { privateKey, publicKey, seal, unseal } from "./seal.js";

/** @typedef {import("./store.js").Database} Database @typedef {import("./store.js").Person} Person */

const HOLDER = "holder"; // in the store "phone": the id of that person
export const WANTED = "lock-wanted"; // there too: whose session is still to be locked on the server

/**
 * What `POST /api/v1/phone/key` answers.
 * @typedef {{person: string, public_key: string, private_key: string, ends_at: string}} Keys
 */

/**
 * Somebody has signed in. Whoever was here before loses keys and facts, never what they had not sent yet.
 * @param {Database} database
 * @param {Keys} keys
 * @returns {Promise<Person>}
 */
export async function adopt(database, keys) {
  const before = /** @type {Person | undefined} */ (await database.get("people", keys.person));
  /** @type {Person} */
  const person = {
    ...(before?.facts ? { facts: before.facts, factsAt: before.factsAt } : {}),
    person: keys.person,
    publicKey: await publicKey(keys.public_key),
    privateKey: await privateKey(keys.private_key),
    ends: Date.parse(keys.ends_at),
    asked: Date.now(),
  };
  const change = database.transaction(["people", "phone"], "readwrite");
  await change.objectStore("people").clear();
  await change.objectStore("people").put(person);
  await change.objectStore("phone").put(person.person, HOLDER);
  await change.objectStore("phone").delete(WANTED);
  await change.done;
  return person;
}

/**
 * The person whose phone it is, with their private key while they are signed in; null after log-out.
 * @param {Database} database
 * @param {number} [now] ms since 1970
 * @returns {Promise<Person | null>}
 */
export async function holder(database, now = Date.now()) {
  const id = await database.get("phone", HOLDER);
  const person = /** @type {Person | undefined} */ (id && (await database.get("people", id)));
  if (!person) return null;
  if (person.privateKey && person.ends < now) {
    await lock(database);
    return holder(database, now);
  }
  return person;
}

/** Nobody can read any more; the phone can still write. @param {Database} database @returns {Promise<null>} */
export async function lock(database) {
  const change = database.transaction("people", "readwrite");
  for (const { privateKey: _gone, ...locked } of await change.store.getAll()) await change.store.put(locked);
  await change.done;
  return null;
}

/** It is nobody's phone any more. What was not sent stays, sealed. @param {Database} database */
export async function leave(database) {
  const change = database.transaction(["people", "phone", "drafts"], "readwrite");
  const id = await change.objectStore("phone").get(HOLDER);
  await change.objectStore("people").clear();
  await change.objectStore("phone").delete(HOLDER);
  await change.objectStore("drafts").delete(IDBKeyRange.bound(`draft/${id}/`, `draft/${id}/\uffff`));
  await change.done;
}

/**
 * Keep the few facts that forms need without signal.
 * @param {Database} database
 * @param {Person} person
 * @param {unknown} facts
 * @param {number} [asOf] when they were asked for, in ms since 1970: what answers told later is newer
 */
export async function keepFacts(database, person, facts, asOf = Date.now()) {
  const sealed = await seal(
    person.publicKey,
    { .../** @type {object} */ (facts), asOf },
    `facts/${person.person}`,
  );
  const change = database.transaction(["people", "known"], "readwrite");
  const people = change.objectStore("people");
  const now = await people.get(person.person);
  // Two pages asked, and the earlier answer came last: what it says is no longer so.
  if (now?.factsAt && isOlder(asOf, now.factsAt)) return change.done;
  if (now) await people.put({ ...now, facts: sealed, factsAt: asOf });
  const known = change.objectStore("known");
  for (const place of await known.getAllKeys()) {
    const { at } = await known.get(place);
    if (isOlder(at, asOf)) await known.delete(place);
  }
  return change.done;
}

/**
 * Whether something told at one time is older than what was told at another. A time still to come was told before somebody
 * set the phone's clock right: it counts as older.
 * @param {number} one ms since 1970
 * @param {number} other ms since 1970
 */
export function isOlder(one, other) {
  const now = Date.now();
  return (one > now ? 0 : one) < (other > now ? 0 : other);
}

/**
 * @param {Person | null} person
 * @returns {Promise<any>} null while the phone is locked, or before anything was kept
 */
export async function factsOf(person) {
  if (!person?.privateKey || !person.facts) return null;
  return unseal(person.privateKey, person.facts, `facts/${person.person}`);
}
