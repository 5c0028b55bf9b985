// @ts-check
// The phone's own database (IndexedDB). What is in clear here, anybody who holds the phone can read: random ids, order,
// state, ETags, hashes. Everything else is sealed (seal.js).
import { openDB } from "idb";

/**
 * @typedef {"waiting" | "refused" | "conflict"} State waiting to be sent, or set aside
 *
 * @typedef {object} Item one thing that waits
 * @property {number} [order] of writing
 * @property {string} id of the item: the server takes it once (Idempotency-Key)
 * @property {string} person who wrote it; nobody else ever sends it
 * @property {State} state
 * @property {string} place a hash of what it changes, so that later items of the same thing can be told
 * @property {string | null | undefined} etag what the phone last knew of that thing: null that it was not there, undefined nothing
 * @property {Uint8Array} sealed the request (outbox.js)
 * @property {Uint8Array} [answer] what the server said when it was set aside, sealed as well
 *
 * @typedef {object} Person somebody who has signed in on this phone
 * @property {string} person
 * @property {CryptoKey} publicKey stays: a locked phone can still write
 * @property {CryptoKey} [privateKey] not extractable; goes at Lock, log-out and session end
 * @property {number} asked when the key was last asked for, in ms since 1970
 * @property {number} ends when the session ends if nobody comes back, in ms since 1970
 * @property {Uint8Array} [facts] what forms need without signal, sealed
 * @property {number} [factsAt] when they were asked for, in ms since 1970
 */

/** @typedef {import("idb").IDBPDatabase<any>} Database */

/**
 * @param {string} [name] tests have several phones
 * @returns {Promise<Database>}
 */
export function openStore(name = "selfcare") {
  return openDB(name, 1, {
    upgrade(database) {
      const items = database.createObjectStore("items", { keyPath: "order", autoIncrement: true });
      items.createIndex("id", "id", { unique: true });
      items.createIndex("person", "person");
      database.createObjectStore("people", { keyPath: "person" });
      database.createObjectStore("phone");
      database.createObjectStore("drafts"); // draft/whose/which → what is being typed, sealed
      database.createObjectStore("known"); // place → the ETag that an answer told since the facts were read
    },
    // A newer version in another tab may go ahead. From then on this page keeps nothing, and posts the plain way.
    blocking(_current, _next, event) {
      /** @type {IDBDatabase} */ (event.target).close();
    },
  });
}
