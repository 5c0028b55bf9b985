// @ts-check
/// <reference lib="webworker" />
// What works without signal: one page made for nobody, its style sheet and script. A page of a person is never kept: it
// comes from the server or it does not come.

import { inTime } from "../parts/patience.js";
import { settleLock } from "../phone/locking.js";

const OFFLINE = "/offline";
const CACHE = `selfcare-${SELFCARE_PAGE}`;
const KEPT = ["patient.css", "offline.js", "icons/favicon.svg"];
const PATIENCE = 12_000; // ms; one bar of signal is slow, but a white page for longer is no page

/** @param {ServiceWorkerGlobalScope} worker */
export function startCache(worker) {
  worker.addEventListener("install", (event) => event.waitUntil(keep()));
  worker.addEventListener("activate", (event) => event.waitUntil(dropOthers()));
  worker.addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (request.method !== "GET" || url.origin !== worker.location.origin) return;
    if (request.mode === "navigate") event.respondWith(page(request));
    else if (url.pathname.startsWith("/static/dist/")) event.respondWith(file(request));
  });
}

async function keep() {
  const cache = await caches.open(CACHE);
  const files = KEPT.map((name) => `/static/dist/${SELFCARE_ASSETS[name]}`);
  // Without cookies, so that it is nobody's; past the browser's own cache, so that it is this version's.
  await cache.addAll([new Request(OFFLINE, { credentials: "omit", cache: "reload" }), ...files]);
}

async function dropOthers() {
  for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
}

/** @param {Request} request */
async function page(request) {
  const kept = () => caches.match(OFFLINE, { cacheName: CACHE });
  try {
    if (!(await settleLock())) return (await kept()) ?? Response.error();
    // The patience is for the first byte: a page that has begun, or a download, may take as long as the signal needs.
    return await inTime(PATIENCE, (signal) => fetch(request, { signal }));
  } catch {
    return (await kept()) ?? Response.error();
  }
}

/** @param {Request} request */
async function file(request) {
  const kept = await caches.match(request, { cacheName: CACHE }).catch(() => undefined);
  return kept ?? fetch(request);
}
