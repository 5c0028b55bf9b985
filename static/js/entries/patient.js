// @ts-check
// Patient pages, sign-in and errors. Each part looks for its own attribute and does nothing where there is none.
import { startAutosave } from "../parts/autosave.js";
import { startCopy } from "../parts/copy.js";
import { startCounters } from "../parts/counter.js";
import { startInstall } from "../parts/install.js";
import { startKit } from "../parts/kit.js";
import { startSendOnce } from "../parts/once.js";
import { startPicks } from "../parts/picks.js";
import { startReasons } from "../parts/reasons.js";
import { startReveals } from "../parts/reveal.js";
import { refreshOnLaunch } from "../parts/subscription.js";
import { startWorker } from "../parts/worker.js";
import { startPhone } from "../phone/page.js";

startInstall();
startKit();
startReasons();
startReveals();
startCounters();
startPicks();
startAutosave();
startCopy();
startSendOnce();
startWorker();
startPhone();
void refreshOnLaunch();
