// @ts-check
// Pages of clinicians and administrators.
import { startCopy } from "../parts/copy.js";
import { startCounters } from "../parts/counter.js";
import { startKit } from "../parts/kit.js";
import { startSendOnce } from "../parts/once.js";
import { startPrint } from "../parts/print.js";
import { startReasons } from "../parts/reasons.js";
import { startReveals } from "../parts/reveal.js";

startKit();
startReasons();
startReveals();
startCounters();
startCopy();
startPrint();
startSendOnce();
