// @ts-check
/// <reference lib="webworker" />
// The service worker, built into one file: keeps the offline page, sends what waits, shows what is pushed, makes way for the
// next version when it is asked to.
import { startCache } from "./sw/cache.js";
import { startPush } from "./sw/push.js";
import { startSync } from "./sw/sync.js";
import { refreshWhenAsked } from "./sw/update.js";

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

startCache(worker);
startSync(worker);
startPush();
refreshWhenAsked(worker);
