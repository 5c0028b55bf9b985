// @ts-check
/// <reference lib="webworker" />
// The service worker: keeps the offline page, sends what waits, shows what is pushed, and opens the exact form when it is tapped.
// The same JSON that Safari shows by itself (declarative Web Push) is read here for all others.
import { startCache } from "./sw/cache.js";
import { startSync } from "./sw/sync.js";
import { refreshWhenAsked } from "./sw/update.js";

/** @typedef {{title: string, body?: string, navigate?: string, lang?: string, dir?: NotificationDirection, tag?: string}} Declared */

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
refreshWhenAsked(worker);

startCache(worker);
startSync(worker);

// If a message cannot be read something is shown all the same: browsers end a subscription that stays silent.
/** @type {Declared} */
const UNREADABLE = { title: "Time for your check-in", navigate: "/" };

worker.addEventListener("push", (event) => {
  const said = declared(event);
  const address = ours(said.navigate);
  event.waitUntil(
    worker.registration
      .showNotification(said.title, {
        body: said.body ?? "",
        lang: said.lang ?? "en",
        dir: said.dir ?? "auto",
        tag: said.tag ?? "",
        icon: SELFCARE_ASSETS["icons/icon-192.png"]
          ? `/static/dist/${SELFCARE_ASSETS["icons/icon-192.png"]}`
          : "",
        data: { address, tag: said.tag ?? "" },
      })
      .then(() => tell("shown", said.tag, address)),
  );
});

worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { address = "/", tag = "" } = event.notification.data ?? {};
  event.waitUntil(Promise.all([open(address), tell("acted", tag, address)]));
});

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
 * For the ledger: it was shown, it was tapped. Not worth a second try; without a session nothing is told.
 * @param {"shown" | "acted"} what
 * @param {string | undefined} tag
 * @param {string} address carries `?for=` when it is about somebody this person cares for
 */
async function tell(what, tag, address) {
  if (!tag || tag === "test") return;
  try {
    const session = await fetch("/api/v1/session", { credentials: "same-origin" });
    if (!session.ok) return;
    const { csrf_token: token } = await session.json();
    const person = new URL(address, worker.location.origin).searchParams.get("for");
    await fetch(`/api/v1/deliveries/${encodeURIComponent(tag)}${person ? `?for=${person}` : ""}`, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": token },
      body: JSON.stringify({ event: what }),
    });
  } catch {
    // No signal.
  }
}
