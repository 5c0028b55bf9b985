// @ts-check
// The one place that registers the service worker: on the pages of somebody who is signed in, once the page itself is there and at
// rest. Not at sign-in: there the first post met a worker that was just being installed, and now and then hung (Chromium 156).
import { startUpdates } from "./update.js";

const AGAIN_AFTER = 3600_000;
const AT_REST = 2500; // ms after a page has loaded: who leads on at once is not held up

/** The worker's registration; registering the same one again does nothing. */
export function register() {
  return navigator.serviceWorker.register("/sw.js");
}

export function startWorker() {
  if (!("serviceWorker" in navigator)) return;
  if (!document.querySelector('meta[name="person"]')?.getAttribute("content")) return;
  const rest = navigator.serviceWorker.controller ? 0 : AT_REST;
  const soon = () => window.setTimeout(() => void begin(), rest);
  if (document.readyState === "complete") soon();
  else window.addEventListener("load", soon, { once: true });
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
