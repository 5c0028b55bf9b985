// @ts-check
// What was saved on this phone and has not arrived yet. Each item goes in order of writing, until the server has
// answered, exactly once, and only while its own writer is signed in. Nothing here knows pages or forms: the same module runs
// in pages, in the service worker and under test. (docs/decisions/0030)
import { inTime } from "../parts/patience.js";
import { holder, isOlder, WANTED } from "./owner.js";
import { fingerprint, privateKey, publicKey, seal, unseal } from "./seal.js";

/**
 * @typedef {import("./store.js").Database} Database
 * @typedef {import("./store.js").Item} Item
 * @typedef {import("./store.js").Person} Person
 *
 * @typedef {object} Request what is sealed
 * @property {"entry" | "day" | "score" | "topic" | "review" | "json"} kind
 * @property {"PUT" | "DELETE"} method
 * @property {string} path of the JSON API
 * @property {any} [body]
 * @property {string} at when it was saved, on the phone's clock, with its offset
 * @property {string} [about] the goal's name, for the list
 *
 * @typedef {{etag: string | null, at: number}} Seen what the writer saw of the thing they change, null that it was not there,
 *   and when that was asked for, in ms since 1970
 * @typedef {{status: number, said: any}} Answer what the server said when an item was set aside
 * @typedef {{id: string, state: import("./store.js").State, request: Request | null, answer: Answer | null}} Shown
 *   `request` and `answer` are null while the phone is locked
 * @typedef {"nothing" | "done" | "offline" | "signed-out" | "busy"} Why a flush came to its end
 * @typedef {(path: string, how: RequestInit) => Promise<Response>} Fetch
 */

const PATIENCE = 20_000; // ms for one answer; one bar of signal is slow
const MOST_FAILURES = 5; // answers of 500 in a row, then an item no longer holds up the others

export class Outbox {
  #database;
  #fetch;
  #locks;
  /** @type {Promise<unknown>} */
  #queue = Promise.resolve();

  /**
   * @param {Database} database
   * @param {{fetch?: Fetch, locks?: LockManager | undefined}} [world] tests bring their own network
   */
  constructor(database, world = {}) {
    const { fetch = (path, how) => globalThis.fetch(path, how), locks = globalThis.navigator?.locks } = world;
    this.#database = database;
    this.#fetch = fetch;
    this.#locks = locks;
  }

  /**
   * Keep a request until it has arrived. On return it is on the phone's disk.
   * @param {Person} person who wrote it
   * @param {Request} request
   * @param {Seen} [seen] what the server told later, in an answer to this phone, is newer
   * @returns {Promise<string>} the item's id
   */
  async add(person, request, seen) {
    const id = crypto.randomUUID();
    const sealed = await seal(person.publicKey, request, aboutItem(person.person, id));
    const place = await fingerprint(request.path);
    const change = this.#database.transaction(["items", "known"], "readwrite", { durability: "strict" });
    const known = await change.objectStore("known").get(place);
    /** @type {Item} */
    const item = {
      id,
      person: person.person,
      state: "waiting",
      place,
      etag: known && !(seen && isOlder(known.at, seen.at)) ? known.etag : seen?.etag,
      sealed,
    };
    await change.objectStore("items").add({ ...item, failures: 0 });
    await change.done;
    return id;
  }

  /**
   * How many wait, and how many of these are set aside; for a phone that may be locked.
   * @param {string} person
   */
  async count(person) {
    const items = /** @type {Item[]} */ (await this.#database.getAllFromIndex("items", "person", person));
    return { all: items.length, aside: items.filter((item) => item.state !== "waiting").length };
  }

  /**
   * Everything of this person that has not arrived, in order.
   * @param {Person} person
   * @returns {Promise<Shown[]>}
   */
  async list(person) {
    const key = person.privateKey;
    const items = await this.#database.getAllFromIndex("items", "person", person.person);
    return Promise.all(
      items.map(async (item) => {
        const about = aboutItem(item.person, item.id);
        return {
          id: item.id,
          state: item.state,
          request: key ? await unseal(key, item.sealed, about).catch(() => null) : null,
          answer: key && item.answer ? await unseal(key, item.answer, about).catch(() => null) : null,
        };
      }),
    );
  }

  /**
   * Take an item out: it is not wanted any more, or the page sends it another way.
   * Waits for a send that is under way, so that it is either sent or not, never both.
   * @param {string} id
   */
  remove(id) {
    return this.#alone(async () => {
      const order = await this.#database.getKeyFromIndex("items", "id", id);
      if (order !== undefined) await this.#database.delete("items", order);
    });
  }

  /**
   * Send an item again that was set aside, changed or not. The server stored nothing of it, so it keeps its id and place.
   * @param {Person} person
   * @param {string} id
   * @param {Request} request
   * @param {string | null} [etag] of the version that the person has now seen and wants to replace
   */
  again(person, id, request, etag) {
    return this.#alone(async () => {
      const item = await this.#database.getFromIndex("items", "id", id);
      if (!item || item.person !== person.person || item.state === "waiting") return;
      const { answer: _gone, ...rest } = item;
      const sealed = await seal(person.publicKey, request, aboutItem(item.person, id));
      const place = await fingerprint(request.path);
      await this.#database.put("items", { ...rest, state: "waiting", failures: 0, place, etag, sealed });
    });
  }

  /**
   * Send what waits. Safe to call at any time and from several tabs at once.
   * @returns {Promise<Why>}
   */
  flush() {
    return this.#alone(async () => {
      if (!(await this.#database.count("items"))) return "nothing";
      // Somebody has tapped Lock: from then on nobody is signed in here, whatever the server still thinks.
      if (await this.#database.get("phone", WANTED)) return "signed-out";
      try {
        return await this.#send();
      } catch (problem) {
        if (problem instanceof Stopped) return problem.why;
        throw problem;
      }
    });
  }

  /** @returns {Promise<Why>} */
  async #send() {
    let session = await this.#session();
    if (!(await this.#next(session.person, 0))) return "nothing";
    const keys = await this.#keysOf(session);
    let after = 0;
    for (;;) {
      const item = await this.#next(session.person, after);
      if (!item) return "done";
      after = /** @type {number} */ (item.order);
      const request = await unseal(keys.private, item.sealed, aboutItem(item.person, item.id)).catch(
        () => null,
      );
      if (!request) {
        await this.#setAside(item, "refused", null, keys.public);
        continue;
      }
      let answer = await this.#answer(item, request, session.token);
      if (answer.status === 403) {
        // The token is of an earlier session of this browser. If it is another person's now, nothing is sent.
        const now = await this.#session();
        if (now.person !== session.person) throw new Stopped("signed-out");
        session = now;
        answer = await this.#answer(item, request, session.token);
        if (answer.status === 403) throw new Stopped("busy");
      }
      await this.#settle(item, request, answer, keys.public);
    }
  }

  /**
   * @param {Item & {failures: number}} item
   * @param {Request} request
   * @param {{status: number, said: any, etag: string | null}} answer
   * @param {CryptoKey} writer
   */
  async #settle(item, request, answer, writer) {
    const { status } = answer;
    const removes = request.method === "DELETE";
    const isGone = removes && (status === 404 || (status === 412 && answer.said?.current === null));
    if (status < 300 || isGone) return this.#arrived(item, removes ? null : (answer.etag ?? undefined));
    if (status === 401) throw new Stopped("signed-out");
    if (status === 409 || status === 412) return this.#setAside(item, "conflict", answer, writer);
    if (status === 429 || (status >= 500 && status !== 500)) throw new Stopped("busy");
    if (status === 500 && item.failures + 1 < MOST_FAILURES) {
      await this.#change(item, (now) => ({ ...now, failures: now.failures + 1 }));
      throw new Stopped("busy");
    }
    return this.#setAside(item, "refused", answer, writer);
  }

  /**
   * It is stored: the item goes, and what is written later about the same thing builds on it.
   * @param {Item} item
   * @param {string | null | undefined} etag
   */
  async #arrived(item, etag) {
    const change = this.#database.transaction(["items", "known"], "readwrite", { durability: "strict" });
    const items = change.objectStore("items");
    await items.delete(/** @type {number} */ (item.order));
    for (const later of await items.index("person").getAll(item.person)) {
      if (later.place === item.place && later.state === "waiting") await items.put({ ...later, etag });
    }
    if (etag !== undefined) await change.objectStore("known").put({ etag, at: Date.now() }, item.place);
    await change.done;
  }

  /**
   * @param {Item} item
   * @param {"refused" | "conflict"} state
   * @param {{status: number, said: any} | null} answer null when it cannot be read here
   * @param {CryptoKey} writer whose public key what the server said is sealed to
   */
  async #setAside(item, state, answer, writer) {
    const said = { status: answer?.status ?? 0, said: answer?.said ?? null };
    const sealed = await seal(writer, said, aboutItem(item.person, item.id));
    await this.#change(item, (now) => ({ ...now, state, answer: sealed }));
  }

  /**
   * @param {Item} item
   * @param {(now: any) => any} how
   */
  async #change(item, how) {
    const change = this.#database.transaction("items", "readwrite");
    const now = await change.store.get(/** @type {number} */ (item.order));
    if (now) await change.store.put(how(now));
    await change.done;
  }

  /**
   * @param {string} person
   * @param {number} after
   * @returns {Promise<any>} the next item of this person that waits
   */
  async #next(person, after) {
    const reading = this.#database.transaction("items").store;
    let cursor = await reading.openCursor(IDBKeyRange.lowerBound(after, true));
    while (cursor && (cursor.value.person !== person || cursor.value.state !== "waiting"))
      cursor = await cursor.continue();
    return cursor?.value;
  }

  /**
   * Who is signed in here, and the token that belongs to this session and no other.
   * @returns {Promise<{person: string, token: string}>}
   */
  async #session() {
    const { status, said } = await this.#ask("GET", "/api/v1/session", {});
    if (status === 401) throw new Stopped("signed-out");
    if (status !== 200 || !said?.user?.id) throw new Stopped(status ? "busy" : "offline");
    return { person: said.user.id, token: said.csrf_token };
  }

  /**
   * The keys of whoever is signed in: the phone's own, or a copy from the server for this flush alone. To keep it would
   * undo a Lock or a log-out that came in between.
   * @param {{person: string, token: string}} session
   */
  async #keysOf(session) {
    const here = await holder(this.#database);
    if (here?.person === session.person && here.privateKey)
      return { private: here.privateKey, public: here.publicKey };
    const { status, said } = await this.#ask(
      "POST",
      "/api/v1/phone/key",
      { "X-CSRF-Token": session.token },
      {},
    );
    if (status !== 200 || said?.person !== session.person)
      throw new Stopped(status === 401 ? "signed-out" : "busy");
    return { private: await privateKey(said.private_key), public: await publicKey(said.public_key) };
  }

  /**
   * @param {Item} item
   * @param {Request} request
   * @param {string} token
   */
  async #answer(item, request, token) {
    /** @type {Record<string, string>} */
    const headers = { "X-CSRF-Token": token, "Idempotency-Key": item.id };
    if (item.etag) headers["If-Match"] = item.etag;
    if (item.etag === null && request.method === "PUT") headers["If-None-Match"] = "*";
    const answer = await this.#ask(request.method, request.path, headers, request.body);
    if (!answer.status) throw new Stopped("offline");
    return answer;
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {Record<string, string>} headers
   * @param {unknown} [body]
   * @returns {Promise<{status: number, said: any, etag: string | null}>} `status` 0: no answer, or not from our server
   */
  async #ask(method, path, headers, body) {
    const nothing = { status: 0, said: null, etag: null };
    const how = {
      method,
      credentials: /** @type {const} */ ("same-origin"),
      cache: /** @type {const} */ ("no-store"),
      redirect: /** @type {const} */ ("error"),
      headers: { Accept: "application/json", "Content-Type": "application/json", ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
    try {
      return await inTime(PATIENCE, async (signal) => {
        const response = await this.#fetch(path, { ...how, signal });
        const text = await response.text();
        // A hotel's own sign-in page says 200 to everything: only JSON is an answer of ours.
        if (response.status !== 204 && !/json/.test(response.headers.get("Content-Type") ?? "")) {
          return response.status >= 500 ? { ...nothing, status: response.status } : nothing;
        }
        return {
          status: response.status,
          said: text ? JSON.parse(text) : null,
          etag: response.headers.get("ETag"),
        };
      });
    } catch {
      return nothing;
    }
  }

  /**
   * One at a time, in this page and, where the browser has locks, on this phone.
   * @template T
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  #alone(work) {
    const mine = () => (this.#locks ? this.#locks.request("selfcare-outbox", work) : work());
    const next = this.#queue.then(mine, mine);
    this.#queue = next.catch(() => {});
    return /** @type {Promise<T>} */ (next);
  }
}

/** A flush ends here, and everything stays. */
class Stopped extends Error {
  /** @param {Why} why */
  constructor(why) {
    super(why);
    this.why = why;
  }
}

/** What the sealed text is bound to. @param {string} person @param {string} id */
function aboutItem(person, id) {
  return `item/${person}/${id}`;
}
