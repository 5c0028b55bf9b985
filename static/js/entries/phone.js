// @ts-check
// The phone's part of every page from the server: whose phone it is, the outbox, facts for when there is no signal.
import { sayWhatWasDone, showAnew, startBanner } from "../phone/banner.js";
import { able, meet, refreshFacts } from "../phone/here.js";
import { startKeeping } from "../phone/keeping.js";
import { startLeaving } from "../phone/leaving.js";
import { Outbox } from "../phone/outbox.js";
import { flushAndTell, onChange } from "../phone/sync.js";

/** @param {string} name */
const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.getAttribute("content") ?? "";

sayWhatWasDone();
if (able()) void start();

async function start() {
  const { database, person } = await meet(meta("person"));
  if (!person) return;
  const outbox = new Outbox(database);
  const flush = () => flushAndTell(outbox);
  startKeeping(outbox, database, person, meta("acting-for"));
  await startLeaving(outbox, database, person);
  await startBanner(outbox, person);
  window.addEventListener("online", flush);
  document.addEventListener("selfcare-signal", async () => {
    const { all, aside } = await outbox.count(person.person);
    if (all > aside) void flush();
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && flush());
  onChange((why) => why === "done" && refreshFacts(database, person, { now: true }));
  const before = await outbox.count(person.person);
  if (before.all === before.aside) return refreshFacts(database, person);
  await flush();
  const after = await outbox.count(person.person);
  if (after.all < before.all) showAnew();
}
