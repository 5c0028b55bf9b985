// @ts-check
/// <reference lib="webworker" />
// Background Sync: the browser wakes the worker when there is signal again, even if every page is closed.
import { Outbox } from "../phone/outbox.js";
import { openStore } from "../phone/store.js";
import { flushAndTell, TAG } from "../phone/sync.js";

/** @param {ServiceWorkerGlobalScope} worker */
export function startSync(worker) {
  worker.addEventListener("sync", (event) => {
    const sync = /** @type {ExtendableEvent & {tag: string}} */ (event);
    if (sync.tag === TAG) sync.waitUntil(send());
  });
}

async function send() {
  const database = await openStore();
  try {
    const why = await flushAndTell(new Outbox(database));
    // The browser tries again later; signed out nothing would help but signing in.
    if (why === "offline" || why === "busy") throw new Error(why);
  } finally {
    database.close();
  }
}
