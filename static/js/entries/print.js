// @ts-check
// Pages that people print.
import { startPrint } from "../parts/print.js";

startPrint();
