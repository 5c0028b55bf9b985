// @ts-check
// When to send, for pages and for the worker: with Background Sync where the browser has it, else whenever a page has a
// reason to think that there is signal.

const CHANNEL = "selfcare-outbox";
export const TAG = "outbox";

/**
 * Send what waits, and let every open page know.
 * @param {import("./outbox.js").Outbox} outbox
 * @returns {Promise<import("./outbox.js").Why>}
 */
export async function flushAndTell(outbox) {
  const why = await outbox.flush();
  tell(why);
  return why;
}

/** Let every open page know, this one included. @param {string} what how a flush ended, or "gone": nobody is here any more */
export function tell(what) {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(what);
  channel.close();
}

/**
 * Run whenever something was sent, here, in another tab or by the worker.
 * @param {(why: string) => void} look
 */
export function onChange(look) {
  new BroadcastChannel(CHANNEL).addEventListener("message", (event) => look(event.data));
}

/** Ask the browser to wake the worker as soon as there is signal, even if this page is closed by then. */
export async function sendSoon() {
  // What waits must not be cleared away when the phone is short of room.
  void (/** @type {any} */ (navigator.storage)?.persist?.());
  try {
    const registration = await navigator.serviceWorker?.getRegistration();
    await /** @type {any} */ (registration)?.sync?.register(TAG);
  } catch {
    // Not allowed or not there: pages send on `online`, on becoming visible and when they load.
  }
}
