// @ts-check
// The one place that registers the service worker: on every patient page and at sign-in, once the page itself is there.
import { startUpdates } from "./update.js";

const AGAIN_AFTER = 3600_000;

/** The worker's registration; registering the same one again does nothing. */
export function register() {
  return navigator.serviceWorker.register("/sw.js");
}

export function startWorker() {
  if (!("serviceWorker" in navigator)) return;
  if (document.readyState === "complete") void begin();
  else window.addEventListener("load", () => void begin(), { once: true });
}

async function begin() {
  let registration;
  try {
    registration = await register();
  } catch {
    return; // A private window, or no signal: the pages work without.
  }
  startUpdates(registration);
  // The browser looks for a new version at every page. A page that stays open for days looks when it is seen again.
  let looked = Date.now();
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible" || Date.now() - looked < AGAIN_AFTER) return;
    looked = Date.now();
    registration.update().catch(() => {});
  });
}
