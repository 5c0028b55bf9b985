// @ts-check
// This browser's push subscription and its row on the server. The phone keeps the row's id, which says nothing about
// anybody; whoever signs in here later cannot touch another person's row (the server answers 404).
import { send } from "../api.js";
import { iphone, standalone } from "./device.js";
import { register } from "./worker.js";

const ID = "selfcare-push";
const LOOKED = "selfcare-push-looked";
const AGAIN_AFTER = 3600_000; // a launch; pages in between need not tell the server again
const PATIENCE = 10_000; // `subscribe` never answers where no push service can be reached
const SHORT_PATIENCE = 3_000; // somebody waits to be logged out

/** @typedef {{id: string, active: boolean, renew: boolean, last_delivered_at: string | null}} Subscribed */

/** Whether this browser can show reminders at all: able, install (an iPhone's Home Screen first) or unsupported. */
export function here() {
  const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
  if (able) return "able";
  return iphone() && !standalone() ? "install" : "unsupported";
}

/** @returns {Promise<PushSubscription | null>} what the browser holds now */
async function held() {
  const registration = await navigator.serviceWorker.getRegistration();
  return (await registration?.pushManager?.getSubscription()) ?? null;
}

/**
 * Read the browser's subscription again and tell the server; null when this phone takes no reminders of this person.
 * @returns {Promise<Subscribed | null>}
 */
export async function refresh() {
  const id = localStorage.getItem(ID);
  if (!id) return null;
  if (Notification.permission !== "granted") {
    // Taken back in the phone's own settings: the server need not try any more.
    const gone = await send("DELETE", `/api/v1/push-subscriptions/${id}`);
    if (gone.ok || gone.status === 404) localStorage.removeItem(ID);
    return null;
  }
  try {
    const subscription = await inTime(held());
    if (!subscription) return await anew(id);
    const kept = await send("PUT", `/api/v1/push-subscriptions/${id}`, subscription.toJSON());
    if (kept.ok && kept.body.renew) return await anew(id);
    return kept.ok ? kept.body : null;
  } catch {
    return null; // its push service does not answer: the next launch tries again
  }
}

/**
 * The browser has lost its address, or its push service has ended it, while the person still wants reminders here.
 * @param {string} id
 * @returns {Promise<Subscribed | null>}
 */
async function anew(id) {
  const mine = await send("GET", `/api/v1/push-subscriptions/${id}`);
  const key = mine.ok ? await send("GET", "/api/v1/push/key") : mine;
  if (!key.ok) return null; // somebody else's phone, or no signal
  const subscription = await inTime(made(key.body.key, true));
  const kept = await send("PUT", `/api/v1/push-subscriptions/${id}`, subscription.toJSON());
  return kept.ok ? kept.body : null;
}

/** On every launch, on whatever page: at most once an hour in this tab. */
export async function refreshOnLaunch() {
  if (here() !== "able" || !localStorage.getItem(ID) || !document.querySelector('meta[name="csrf-token"]'))
    return;
  if (Date.now() - Number(sessionStorage.getItem(LOOKED)) < AGAIN_AFTER) return;
  sessionStorage.setItem(LOOKED, String(Date.now()));
  if (!(await refresh())) sessionStorage.removeItem(LOOKED);
}

/**
 * Subscribe, once permission is granted.
 * @param {string} key the service's public key
 * @returns {Promise<Subscribed | "slow" | "refused" | "offline">}
 */
export async function subscribe(key) {
  try {
    let kept = await tell(await inTime(made(key, false)));
    if (kept.ok && kept.body.renew) kept = await tell(await inTime(made(key, true)));
    if (kept.ok) return kept.body;
    return kept.status === 422 ? "refused" : "offline";
  } catch {
    return navigator.onLine ? "slow" : "offline";
  }
}

/**
 * @param {string} key
 * @param {boolean} anew its push service had ended the address that the browser still holds
 */
async function made(key, anew) {
  await register();
  const registration = await navigator.serviceWorker.ready;
  const held = await registration.pushManager.getSubscription();
  if (held && (anew || !sameKey(held, key))) await held.unsubscribe();
  return registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

/** @param {PushSubscription} subscription @param {string} key */
function sameKey(subscription, key) {
  const bytes = subscription.options?.applicationServerKey;
  if (!bytes) return true;
  const text = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "") === key;
}

/** @param {PushSubscription} subscription */
async function tell(subscription) {
  let id = localStorage.getItem(ID) ?? crypto.randomUUID();
  let kept = await send("PUT", `/api/v1/push-subscriptions/${id}`, subscription.toJSON());
  if (kept.status === 404) {
    // The row of whoever used this phone before: this person gets one of their own.
    id = crypto.randomUUID();
    kept = await send("PUT", `/api/v1/push-subscriptions/${id}`, subscription.toJSON());
  }
  if (kept.ok) localStorage.setItem(ID, id);
  return kept;
}

/** No more reminders here: the browser forgets its address, the server the row. */
export async function forget() {
  const id = localStorage.getItem(ID);
  const gone = id ? send("DELETE", `/api/v1/push-subscriptions/${id}`) : null;
  try {
    await inTime(letGo(), SHORT_PATIENCE);
  } catch {
    // Its push service does not answer; without the row nothing is sent to it all the same.
  }
  await gone;
  localStorage.removeItem(ID);
}

/** What stands on the screen goes too: it would lead the next person to a page that is not theirs. */
async function letGo() {
  const registration = await navigator.serviceWorker.getRegistration();
  for (const shown of (await registration?.getNotifications?.()) ?? []) shown.close();
  await (await held())?.unsubscribe();
}

/**
 * @template T
 * @param {Promise<T>} promise
 * @param {number} [patience] ms
 * @returns {Promise<T>}
 */
function inTime(promise, patience = PATIENCE) {
  const late = new Promise((_, reject) => {
    setTimeout(() => reject(new Error("no answer")), patience);
  });
  return /** @type {Promise<T>} */ (Promise.race([promise, late]));
}
