// @ts-check
/// <reference lib="webworker" />
// The service worker, built into one file: keeps the offline page, sends what waits, shows what is pushed.
import { startCache } from "./sw/cache.js";
import { startPush } from "./sw/push.js";
import { startSync } from "./sw/sync.js";

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

startCache(worker);
startSync(worker);
startPush();
