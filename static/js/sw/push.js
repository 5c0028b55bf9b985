// @ts-check
/// <reference lib="webworker" />
// Shows what is pushed. A tap opens the exact form; "Done" and "Later" are told to the server, and open a page where that
// cannot be. The same JSON that Safari shows by itself (declarative Web Push) is read here for all others.

import { inTime } from "../parts/patience.js";

/** @typedef {{action: string, title: string, navigate: string}} Button */
/**
 * @typedef {{title: string, body?: string, navigate?: string, lang?: string, dir?: NotificationDirection, tag?: string,
 *   actions?: Button[]}} Declared
 */
/** @typedef {"shown" | "acted" | "done" | "later"} Told */

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

// If a message cannot be read something is shown all the same: browsers end a subscription that stays silent.
/** @type {Declared} */
const UNREADABLE = { title: "Time for your check-in", navigate: "/" };

// A browser lets a worker open a page for some seconds after a tap: an answer must have come before.
const PATIENCE = 4_000;
// The ledger is written after all phones of a person have answered, at most 10 seconds later than the first shows it.
const LEDGER_WRITTEN_AFTER = [3_000, 9_000];

export function startPush() {
  worker.addEventListener("push", (event) => {
    const said = declared(event);
    event.waitUntil(show(said).then(() => told("shown", said)));
  });

  worker.addEventListener("notificationclick", (event) => {
    const { action, notification } = event;
    /** @type {Declared} */
    const said = notification.data ?? UNREADABLE;
    notification.close();
    if (action === "done" || action === "later") event.waitUntil(pressed(action, said));
    else event.waitUntil(Promise.all([open(ours(said.navigate)), told("acted", said)]));
  });

  worker.addEventListener("pushsubscriptionchange", (event) => {
    event.waitUntil(moved(event.oldSubscription, event.newSubscription));
  });
}

/** @param {PushEvent} event @returns {Declared} */
function declared(event) {
  try {
    const { web_push: magic, notification } = event.data?.json() ?? {};
    if (magic === 8030 && typeof notification?.title === "string") return notification;
  } catch {
    // Shown below.
  }
  return UNREADABLE;
}

/** @param {Declared} said */
function show(said) {
  const icon = SELFCARE_ASSETS["icons/icon-192.png"];
  const options = {
    body: said.body ?? "",
    lang: said.lang ?? "en",
    dir: said.dir ?? "auto",
    tag: said.tag ?? "",
    icon: icon ? `/static/dist/${icon}` : "",
    actions: buttons(said).map(({ action, title }) => ({ action, title })),
    data: said,
  };
  return worker.registration.showNotification(said.title, options);
}

/** As many as this phone has room for. @param {Declared} said */
function buttons(said) {
  const most = "maxActions" in Notification ? Number(Notification.maxActions) : 0;
  return Array.isArray(said.actions) ? said.actions.slice(0, most) : [];
}

/**
 * The page to open, always on this site: what arrives from outside never leads elsewhere.
 * @param {string | undefined} navigate
 */
function ours(navigate) {
  try {
    const url = new URL(navigate ?? "/", worker.location.origin);
    return url.pathname + url.search;
  } catch {
    return "/";
  }
}

/**
 * A page that is open already and shows just that comes to the front; any other is left alone, with what is typed in it.
 * @param {string} address
 */
async function open(address) {
  const pages = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = pages.find((page) => ours(page.url) === address);
  await (there ? there.focus() : worker.clients.openWindow(address));
}

/**
 * A button of the notification. What the server did not take, or what needs words or figures, is finished on a page.
 * @param {"done" | "later"} action @param {Declared} said
 */
async function pressed(action, said) {
  const answer = await tell(action, said);
  if (answer?.ok && (await answer.json()).settled) return;
  const way = buttons(said).find((button) => button.action === action)?.navigate ?? said.navigate;
  try {
    await open(ours(way));
  } catch {
    await show(said); // Too late to open anything: the tap counted for nothing, so the message is there again.
  }
}

/** For the ledger. Without a session or signal nothing is told. @param {Told} what @param {Declared} said */
async function told(what, said) {
  let answer = await tell(what, said);
  for (const wait of LEDGER_WRITTEN_AFTER) {
    if (answer?.status !== 404) return;
    await new Promise((resume) => setTimeout(resume, wait));
    answer = await tell(what, said);
  }
}

/**
 * @param {Told} what
 * @param {Declared} said its address carries `?for=` when it is about somebody this person cares for
 * @returns {Promise<Response | null>} null when nobody is signed in, or no answer came in time
 */
async function tell(what, said) {
  if (!said.tag || said.tag === "test") return null;
  const person = new URL(ours(said.navigate), worker.location.origin).searchParams.get("for");
  const path = `/api/v1/deliveries/${encodeURIComponent(said.tag)}${person ? `?for=${person}` : ""}`;
  return send("POST", path, { event: what });
}

/**
 * The browser gave up its address: the row gets the new one, or reminders would stay away until the next launch.
 * @param {PushSubscription | null} old
 * @param {PushSubscription | null} given the browser's own replacement, if it made one
 */
async function moved(old, given) {
  if (!old) return; // without it nothing tells which row; the next launch mends it
  const answer = await send("GET", "/api/v1/push-subscriptions");
  if (!answer?.ok) return;
  const { items } = await answer.json();
  const row = items.find((/** @type {{endpoint: string}} */ one) => one.endpoint === old.endpoint);
  if (!row) return;
  const { applicationServerKey } = old.options;
  const made =
    given ??
    (await worker.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey }));
  await send("PUT", `/api/v1/push-subscriptions/${row.id}`, made.toJSON());
}

/**
 * Ask the server as whoever is signed in.
 * @param {"GET" | "POST" | "PUT"} method @param {string} path @param {unknown} [body]
 * @returns {Promise<Response | null>} null when nobody is, or no answer came in time
 */
async function send(method, path, body) {
  /** @type {RequestInit} */
  const ask = { credentials: "same-origin" };
  try {
    return await inTime(PATIENCE, async (signal) => {
      const session = await fetch("/api/v1/session", { ...ask, signal });
      if (!session.ok) return null;
      const { csrf_token: token } = await session.json();
      const headers = { "Content-Type": "application/json", "X-CSRF-Token": token };
      const what = body ? { body: JSON.stringify(body) } : {};
      return fetch(path, { ...ask, signal, method, headers, ...what });
    });
  } catch {
    return null;
  }
}
