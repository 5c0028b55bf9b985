// @ts-check
// How many characters are left of `data-limit`. Counts as the server does, in characters a person sees as one letter
// code each; never cuts. Where there is room for a page it says nothing until three quarters are full. Screen readers
// hear it after a pause, not with every key.
import { all, fill } from "./words.js";

const PAUSE = 1000;
const ROOMY = 1000;

export function startCounters() {
  for (const field of all("textarea[data-limit]", HTMLTextAreaElement)) count(field);
}

/** @param {HTMLTextAreaElement} field */
function count(field) {
  const said = document.getElementById(`${field.id}-info`);
  if (!said) return;
  const limit = Number(field.dataset.limit);
  const heard = document.createElement("div");
  heard.className = "nhsuk-u-visually-hidden";
  heard.setAttribute("aria-live", "polite");
  said.after(heard);

  const update = () => {
    const left = limit - [...field.value.replace(/\r\n/g, "\n")].length;
    const early = limit >= ROOMY && left > limit / 4;
    said.textContent = early
      ? ""
      : fill(left < 0 ? said.dataset.over : said.dataset.left, { n: Math.abs(left) });
    said.classList.toggle("is-over", left < 0);
  };
  let waiting = 0;
  field.addEventListener("input", () => {
    update();
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => {
      heard.textContent = said.textContent;
    }, PAUSE);
  });
  // The browser puts back what was typed after the page has loaded.
  window.addEventListener("pageshow", update);
  update();
}
