// @ts-check
/// <reference lib="webworker" />
// A new version waits until somebody taps "Refresh" (parts/update.js). It never takes over by itself, since a page that is
// open may be half filled in.

/** @param {ServiceWorkerGlobalScope} worker */
export function refreshWhenAsked(worker) {
  worker.addEventListener("message", (event) => {
    if (event.data?.type === "refresh") event.waitUntil(worker.skipWaiting());
  });
}
