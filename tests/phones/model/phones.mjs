// Two phones, two people, one server. The outbox is the shipped one; only cookies and the weather are ours.
import "fake-indexeddb/auto";
import { adopt, factsOf, holder, keepFacts, leave, lock } from "../../../static/js/phone/owner.js";
import { openStore } from "../../../static/js/phone/store.js";

const { Outbox } = await import(process.env.OUTBOX ?? "../../../static/js/phone/outbox.js");

export const WEATHERS = [
  "fine",
  "fine",
  "none",
  "drop answer",
  "drop request",
  "twice",
  "again later",
  "busy",
  "hotel",
];

export class Phone {
  /** @param {string} name @param {import("./network.mjs").Network} network */
  constructor(name, network) {
    this.name = name;
    this.network = network;
    this.cookie = "";
    /** Who is signed in on it, as the server knows. @type {string | null} */
    this.person = null;
    /** What the next requests meet; then it is fine again. @type {string[]} */
    this.forecast = [];
  }

  async open() {
    this.database = await openStore(this.name);
    this.outbox = this.#tab();
  }

  /** Another tab or the worker: the same store, an outbox of its own. */
  #tab() {
    return new Outbox(this.database, {
      fetch: (path, how) => {
        const now = {
          cookie: this.cookie,
          person: this.person,
          weather: () => this.forecast.shift() ?? "fine",
        };
        return this.network.of(now)(path, how);
      },
      locks: undefined,
    });
  }

  /** @param {string} method @param {string} path @param {any} [body] @param {Record<string, string>} [more] */
  async ask(method, path, body, more = {}) {
    const answer = await fetch(this.network.address + path, {
      method,
      headers: {
        Cookie: this.cookie,
        Origin: this.network.address,
        "Content-Type": "application/json",
        "X-CSRF-Token": this.token ?? "",
        ...more,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      body: text ? JSON.parse(text) : null,
      cookies: answer.headers.getSetCookie(),
    };
  }

  /** @param {{email: string, password: string}} who */
  async signIn(who) {
    const answer = await this.ask("POST", "/api/v1/session", who);
    if (answer.status !== 200) throw new Error(`sign-in: ${answer.status} ${JSON.stringify(answer.body)}`);
    this.cookie = answer.cookies.map((cookie) => cookie.split(";")[0]).join("; ");
    this.token = answer.body.csrf_token;
    this.person = answer.body.user.id;
    const keys = await this.ask("POST", "/api/v1/phone/key", {});
    if (keys.status !== 200) throw new Error(`key: ${keys.status}`);
    await adopt(this.database, keys.body);
    await this.learn();
  }

  /** The facts, as a page from the server brings them. */
  async learn() {
    const facts = await this.ask("GET", "/api/v1/phone/facts");
    const person = await holder(this.database);
    if (facts.status === 200 && person?.person === facts.body.person)
      await keepFacts(this.database, person, facts.body);
  }

  async facts() {
    return factsOf(await holder(this.database)).catch(() => null);
  }

  /** @param {"log out" | "lock" | "ended"} how */
  async end(how) {
    if (how === "log out") {
      await this.ask("DELETE", "/api/v1/session");
      await leave(this.database);
    } else if (how === "lock") {
      await this.ask("POST", "/api/v1/session/lock", {});
      await lock(this.database);
    } else {
      // The server has ended it (idle, password changed elsewhere); the phone does not know yet.
      await this.ask("DELETE", "/api/v1/session");
    }
    this.person = null;
  }

  /** @param {any} request @param {import("../../../static/js/phone/outbox.js").Seen} [seen] */
  async add(request, seen) {
    const person = await holder(this.database);
    if (!person) return null;
    const id = await this.outbox.add(person, request, seen);
    return { id, person: person.person };
  }

  /** Another page opens, as after a crash or an update: what was in memory is gone. */
  async restart() {
    this.outbox = this.#tab();
  }

  flush() {
    return this.outbox.flush();
  }

  /** A tab and the worker at once. */
  async flushTwice() {
    const worker = this.#tab();
    await Promise.all([this.outbox.flush(), worker.flush()]);
  }
}
