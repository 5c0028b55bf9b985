// A network between phones and the real server, as bad as it gets: no signal, answers lost, requests that arrive twice or
// late, a server that is busy. It sees everything that passes, so it knows what the server took, in which order.

/**
 * @typedef {"fine" | "none" | "drop answer" | "drop request" | "twice" | "again later" | "busy" | "hotel"} Weather
 */

export class Network {
  /** @param {string} address of the real server */
  constructor(address) {
    this.address = address;
    /** Items the server took: id → {person, method, path, body}, in the order of taking. @type {Map<string, any>} */
    this.taken = new Map();
    /** What else was answered, in order: a late copy is answered too. @type {Map<string, number[]>} */
    this.refused = new Map();
    /** Copies still under way. @type {(() => Promise<Response>)[]} */
    this.late = [];
    this.requests = 0;
    /** What must never be. @type {string[]} */
    this.wrong = [];
  }

  /**
   * The `fetch` of one phone.
   * @param {{cookie: string, person: string | null, weather: () => Weather}} phone
   */
  of(phone) {
    return async (/** @type {string} */ path, /** @type {any} */ how) => {
      const weather = phone.weather();
      if (weather === "none" || weather === "drop request") throw new TypeError("no signal");
      if (weather === "busy")
        return new Response('{"title": "busy"}', {
          status: 503,
          headers: { "Content-Type": "application/problem+json" },
        });
      if (weather === "hotel")
        return new Response("<h1>Welcome to the hotel</h1>", { headers: { "Content-Type": "text/html" } });
      const send = this.#request(phone, path, how);
      const first = await send();
      if (weather === "twice") await send();
      if (weather === "again later") this.late.push(send);
      if (weather === "drop answer") throw new TypeError("the answer was lost");
      return first;
    };
  }

  /** Let the copies arrive that are still under way. */
  async deliverLate() {
    for (const send of this.late.splice(0)) await send();
  }

  /**
   * One request as it leaves the phone: cookie and token are those of that moment, whenever it arrives.
   * @param {{cookie: string, person: string | null}} phone @param {string} path @param {any} how
   */
  #request(phone, path, how) {
    const { cookie, person } = phone;
    return async () => {
      this.requests += 1;
      const { signal: _patience, credentials: _ours, cache: _none, ...rest } = how;
      const answer = await fetch(this.address + path, {
        ...rest,
        headers: { ...how.headers, Cookie: cookie, Origin: this.address },
      });
      const item = how.headers["Idempotency-Key"] ?? how.headers["X-Item"]; // the second in a module with a bug
      if (item) this.#note(item, person, path, how, answer.status);
      return answer;
    };
  }

  /** @param {string} item @param {string | null} person @param {string} path @param {any} how @param {number} status */
  #note(item, person, path, how, status) {
    if (status >= 300) {
      this.refused.set(item, [...(this.refused.get(item) ?? []), status]);
      return;
    }
    const before = this.taken.get(item);
    if (before && before.person !== person) this.wrong.push(`${item} was taken for two people`);
    if (!before)
      this.taken.set(item, {
        person,
        method: how.method,
        path,
        body: how.body ? JSON.parse(how.body) : null,
      });
  }
}
