// @ts-check
// The phone's part of every page from the server: whose phone it is, the outbox, facts for when there is no signal.
import { sayWhatWasDone, showAnew, startBanner } from "./banner.js";
import { able, meet, refreshFacts } from "./here.js";
import { startKeeping } from "./keeping.js";
import { startLeaving } from "./leaving.js";
import { Outbox } from "./outbox.js";
import { flushAndTell, onChange } from "./sync.js";

/** @param {string} name */
const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.getAttribute("content");

export function startPhone() {
  sayWhatWasDone();
  const whose = meta("person");
  // A page that does not say whose it is (the one for a database that is away) changes nothing.
  if (able() && typeof whose === "string") void start(whose, meta("acting-for") ?? "");
}

/** @param {string} id @param {string} actingFor */
async function start(id, actingFor) {
  const { database, person: here, renewed } = await meet(id);
  const outbox = new Outbox(database);
  // Before anything can be tapped: what somebody saves from here on has its own way to the next page.
  const before = await outbox.count(id);
  if (here) startKeeping(outbox, database, here, actingFor);
  const newer = await renewed;
  if (newer && !here) startKeeping(outbox, database, newer, actingFor);
  const person = newer ?? here;
  if (!person) return;

  const flush = () => flushAndTell(outbox);
  const refresh = (how = {}) => (actingFor ? undefined : refreshFacts(database, person, how));
  startLeaving(outbox, database, person);
  await startBanner(outbox, person);
  window.addEventListener("online", flush);
  document.addEventListener("selfcare-signal", async () => {
    const { all, aside } = await outbox.count(person.person);
    if (all > aside) void flush();
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && flush());
  onChange((why) => {
    if (why === "done") void refresh({ now: true });
    // Locked or logged out in another tab: what stands on this one goes as well.
    if (why === "gone" && !document.documentElement.dataset.leaving) window.location.replace("/");
  });
  if (before.all === before.aside) return refresh();
  await flush();
  const after = await outbox.count(person.person);
  if (after.all < before.all) showAnew();
}
