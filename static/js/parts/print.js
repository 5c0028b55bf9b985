// @ts-check
// `data-print`: the browser's own print window. Shown only where scripts run; the browser's menu prints as well.
import { all } from "./words.js";

export function startPrint() {
  for (const button of all("[data-print]", HTMLElement)) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}
