// The model: random lives of two phones and two people against the real server, and at the end of each the books are balanced.
//   node run.mjs ADDRESS STEPS SEED     people and password as JSON on standard input
import fc from "fast-check";
import { dayOf, seenIn, withOffset } from "../../../static/js/phone/items.js";
import { holder } from "../../../static/js/phone/owner.js";
import { Network } from "./network.mjs";
import { Phone, WEATHERS } from "./phones.mjs";

const [address, steps, seed] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const people = JSON.parse(await new Response(/** @type {any} */ (process.stdin)).text());
const YEAR = 365 * 86_400_000;
const OUTCOMES = ["done", "skipped", "not_done", "clear"];

const totals = { steps: 0, lives: 0, items: 0, arrived: 0, aside: 0, requests: 0, entries: {}, scores: {} };

/** One life: phones, people's goals, and everything that was written. */
class World {
  async begin() {
    this.network = new Network(address);
    this.phones = [
      new Phone(`one-${totals.lives}`, this.network),
      new Phone(`two-${totals.lives}`, this.network),
    ];
    for (const phone of this.phones) await phone.open();
    /** item id → {person, request} @type {Map<string, any>} */
    this.written = new Map();
    this.goals = {};
    for (const [index, who] of people.entries()) {
      const phone = this.phones[index % 2];
      await phone.signIn(who);
      const goal = crypto.randomUUID();
      this.goals[phone.person] = goal;
      await this.#sure(phone.ask("PUT", `/api/v1/goals/${goal}`, { statement: `Life ${totals.lives}` }));
      const agenda = await phone.ask("GET", "/api/v1/agenda");
      for (const item of agenda.body.items) await phone.ask("DELETE", `/api/v1/agenda-items/${item.id}`);
      await phone.learn();
    }
  }

  async #sure(asked) {
    const answer = await asked;
    if (answer.status >= 300) throw new Error(`scene: ${answer.status} ${JSON.stringify(answer.body)}`);
  }

  /** @param {Phone} phone @param {any} request */
  async add(phone, request) {
    const added = await phone.add(request, seenIn(request, await phone.facts()));
    if (added) this.written.set(added.id, { person: added.person, request });
  }

  /** Everything heals; then every book must balance. */
  async balance() {
    const aside = new Map();
    for (const phone of this.phones) {
      phone.forecast = [];
      for (const who of people) {
        await phone.signIn(who);
        for (let tries = 0; tries < 8 && (await phone.flush()) !== "nothing"; tries += 1);
        const person = await holder(phone.database);
        for (const item of await phone.outbox.list(person)) {
          check(item.state !== "waiting", `${item.id} still waits`);
          check(item.request, `${item.id} cannot be read by its own writer`);
          aside.set(item.id, item);
        }
      }
    }
    await this.network.deliverLate();
    for (const wrong of this.network.wrong) check(false, wrong);
    for (const [id, { person, request }] of this.written) {
      const taken = this.network.taken.get(id);
      // To take away what is not there any more is done.
      const met = this.network.refused.get(id) ?? [];
      const gone = request.method === "DELETE" && (met.includes(404) || met.includes(412));
      check(
        taken || aside.has(id) || gone,
        `lost: ${request.method} ${request.path}, answered ${met.join(", ")}`,
      );
      check(!(taken && aside.has(id)), `both sent and set aside: ${request.method} ${request.path}`);
      if (taken) check(taken.person === person, `under another name: ${request.path}`);
      if (aside.has(id)) check(this.network.refused.has(id), `set aside without a reason: ${request.path}`);
    }
    await this.#rows();
    totals.items += this.written.size;
    totals.arrived += this.network.taken.size;
    totals.aside += aside.size;
    totals.requests += this.network.requests;
  }

  /** What the server holds is what it took, in that order, once. */
  async #rows() {
    for (const phone of readers) {
      const mine = [...this.network.taken.values()].filter((taken) => taken.person === phone.person);
      const days = new Map();
      const topics = new Map();
      for (const { method, path, body } of mine) {
        const book = path.includes("/days/") ? days : path.includes("/agenda-items/") ? topics : null;
        if (book && method === "DELETE") book.delete(path);
        else if (book) book.set(path, body);
      }
      const goal = await phone.ask("GET", `/api/v1/goals/${this.goals[phone.person]}`);
      const found = Object.fromEntries(goal.body.days.map((day) => [day.date, day.outcome]));
      const wanted = Object.fromEntries([...days].map(([path, body]) => [path.slice(-10), body.outcome]));
      check(same(found, wanted), `days: ${JSON.stringify(found)}, taken: ${JSON.stringify(wanted)}`);
      const agenda = await phone.ask("GET", "/api/v1/agenda");
      const texts = agenda.body.items.map((item) => item.text).sort();
      const asked = [...topics.values()].map((body) => body.text).sort();
      check(same(texts, asked), `topics: ${JSON.stringify(texts)}, taken: ${JSON.stringify(asked)}`);
      for (const kind of ["entries", "scores"]) {
        const part = kind === "entries" ? "/diary-entries/" : "/confidence-scores/";
        const ids = new Set(mine.filter(({ path }) => path.includes(part)).map(({ path }) => path));
        totals[kind][phone.person] = (totals[kind][phone.person] ?? 0) + ids.size;
      }
    }
  }
}

/** @param {unknown} holds @param {string} otherwise */
function check(holds, otherwise) {
  if (!holds) throw new Error(otherwise);
}

/** @param {any} one @param {any} other */
function same(one, other) {
  const sorted = (it) => JSON.stringify(Object.entries(it).sort(([a], [b]) => (a < b ? -1 : 1)));
  return sorted(one) === sorted(other);
}

/** A step of a life. `does` gets the world; every step is possible at any time. */
class Step {
  constructor(name, does) {
    this.name = name;
    this.does = does;
  }
  check() {
    return true;
  }
  async run(_model, world) {
    totals.steps += 1;
    await this.does(world);
  }
  toString() {
    return this.name;
  }
}

const which = fc.nat({ max: 1 });
const skew = fc.constantFrom(0, 0, 0, 21 * 86_400_000 * -1, 2 * YEAR, -2 * YEAR);

/** @param {number} off ms that the phone's clock is wrong by */
function clock(off) {
  return withOffset(new Date(Date.now() + off));
}

const entry = fc.tuple(which, skew, fc.nat({ max: 10 }), fc.boolean()).map(
  ([at, off, pain, corrects]) =>
    new Step(
      `entry on ${at}, clock ${off}, pain ${pain}${corrects ? ", a correction" : ""}`,
      async (world) => {
        const phone = world.phones[at];
        const person = await holder(phone.database);
        const before = [...world.written.values()].findLast(
          (each) => each.person === person?.person && each.request.kind === "entry",
        );
        const body = {
          experienced_at: clock(off),
          recorded_at: clock(off),
          values: { pain },
          note: `note ${crypto.randomUUID()}`,
          ...(corrects && before ? { corrects: before.request.path.split("/").at(-1) } : {}),
        };
        const path = `/api/v1/diary-entries/${crypto.randomUUID()}`;
        await world.add(phone, { kind: "entry", method: "PUT", path, body, at: body.recorded_at });
      },
    ),
);

const day = fc.tuple(which, fc.nat({ max: 6 }), fc.constantFrom(...OUTCOMES)).map(
  ([at, back, outcome]) =>
    new Step(`day ${outcome} on ${at}, weekday ${back}`, async (world) => {
      const phone = world.phones[at];
      const goal = world.goals[(await holder(phone.database))?.person];
      const today = new Date();
      const monday = new Date(today.valueOf() - ((today.getDay() + 6) % 7) * 86_400_000);
      const date = dayOf(new Date(monday.valueOf() + back * 86_400_000));
      const path = `/api/v1/goals/${goal}/days/${date}`;
      const request = outcome === "clear" ? { method: "DELETE" } : { method: "PUT", body: { outcome } };
      await world.add(phone, { kind: "day", path, at: clock(0), ...request });
    }),
);

const score = fc.tuple(which, skew, fc.nat({ max: 10 })).map(
  ([at, off, number]) =>
    new Step(`confidence ${number} on ${at}`, async (world) => {
      const phone = world.phones[at];
      const goal = world.goals[(await holder(phone.database))?.person];
      const path = `/api/v1/confidence-scores/${crypto.randomUUID()}`;
      const body = { goal_id: goal, score: number, recorded_at: clock(off) };
      await world.add(phone, { kind: "score", method: "PUT", path, body, at: body.recorded_at });
    }),
);

const topic = fc.tuple(which, fc.constantFrom("new", "new", "change", "remove")).map(
  ([at, how]) =>
    new Step(`topic ${how} on ${at}`, async (world) => {
      const phone = world.phones[at];
      const person = await holder(phone.database);
      const mine = [...world.written.values()].filter(
        (each) => each.person === person?.person && each.request.kind === "topic",
      );
      const path =
        how === "new" || !mine.length
          ? `/api/v1/agenda-items/${crypto.randomUUID()}`
          : mine.at(-1).request.path;
      const text = `topic ${crypto.randomUUID()}`;
      const request =
        how === "remove" ? { method: "DELETE" } : { method: "PUT", body: { kind: "topic", text } };
      await world.add(phone, { kind: "topic", path, at: clock(0), ...request });
    }),
);

const flush = fc.tuple(which, fc.array(fc.constantFrom(...WEATHERS), { maxLength: 6 }), fc.boolean()).map(
  ([at, forecast, twice]) =>
    new Step(
      `flush${twice ? " twice at once" : ""} on ${at}: ${forecast.join(", ") || "fine"}`,
      async (world) => {
        const phone = world.phones[at];
        phone.forecast = [...forecast];
        await (twice ? phone.flushTwice() : phone.flush());
        phone.forecast = [];
      },
    ),
);

const signIn = fc
  .tuple(which, which)
  .map(
    ([at, who]) =>
      new Step(`person ${who} signs in on ${at}`, (world) => world.phones[at].signIn(people[who])),
  );
const end = fc
  .tuple(which, fc.constantFrom("log out", "lock", "ended"))
  .map(([at, how]) => new Step(`${how} on ${at}`, (world) => world.phones[at].end(how)));
const restart = which.map((at) => new Step(`restart of ${at}`, (world) => world.phones[at].restart()));
const learn = which.map((at) => new Step(`facts on ${at}`, (world) => world.phones[at].learn()));
const late = fc.constant(new Step("late copies arrive", (world) => world.network.deliverLate()));

const life = fc.commands(
  [entry, entry, day, day, day, score, topic, flush, flush, flush, signIn, end, restart, learn, late],
  {
    maxCommands: 120,
    size: "max",
  },
);

/** Each person at a desk, to look at their books. @type {Phone[]} */
const readers = [];
for (const [index, who] of people.entries()) {
  const reader = new Phone(`reader-${index}`, new Network(address));
  await reader.open();
  await reader.signIn(who);
  readers.push(reader);
}

const began = Date.now();
let round = 0;
try {
  while (totals.steps < steps) {
    await fc.assert(
      fc.asyncProperty(life, async (commands) => {
        const world = new World();
        totals.lives += 1;
        await world.begin();
        await fc.asyncModelRun(() => ({ model: {}, real: world }), commands);
        await world.balance();
      }),
      {
        numRuns: Math.min(10, Math.ceil(steps / 60)), // a life has some 60 steps
        seed: seed + round,
        endOnFailure: process.env.SHRINK !== "1",
        interruptAfterTimeLimit: 600_000,
      },
    );
    round += 1;
  }
} catch (problem) {
  console.log(
    JSON.stringify({
      ...totals,
      seconds: (Date.now() - began) / 1000,
      failed: `${problem.cause?.message ?? problem.stack}\n${problem.message}`,
    }),
  );
  process.exit(1);
}
console.log(JSON.stringify({ ...totals, seconds: (Date.now() - began) / 1000 }));
process.exit(0);
