// @ts-check
// "3 things are waiting to be sent", on every page of a patient, and what the last page has saved.
import { fill, plural } from "../parts/words.js";
import { onChange } from "./sync.js";

const SAID = "selfcare-said";

/**
 * @param {import("./outbox.js").Outbox} outbox
 * @param {import("./store.js").Person} person
 */
export async function startBanner(outbox, person) {
  const banner = document.querySelector("[data-waiting-banner]");
  if (!(banner instanceof HTMLElement)) return;
  const title = banner.querySelector("b");

  async function look() {
    const { all, aside } = await outbox.count(person.person);
    if (!(banner instanceof HTMLElement) || !title) return;
    banner.hidden = !all;
    const n = aside || all;
    title.textContent = fill(banner.dataset[aside ? `aside${plural(n)}` : plural(n)], { n });
  }
  onChange(look);
  await look();
}

/** What waited has arrived after this page was made: show it as it is now, unless somebody is writing or saving on it. */
export function showAnew() {
  const place = document.querySelector("[data-said-banner]");
  const writing = [...document.querySelectorAll("main form")].some((form) =>
    form.querySelector("textarea, input:not([type=hidden])"),
  );
  const saving = document.querySelector("form[data-sending]");
  if (writing || saving || !(place instanceof HTMLElement)) return;
  sessionStorage.setItem(SAID, place.dataset.sent ?? "");
  window.location.reload();
}

/** What was being typed when this page was last open is here again. */
export function sayPutBack() {
  const place = document.querySelector("[data-said-banner]");
  const words = place?.querySelector("p");
  if (!(place instanceof HTMLElement) || !words) return;
  words.textContent = place.dataset.draft ?? "";
  place.hidden = false;
}

/** Say what the last page has done, once. */
export function sayWhatWasDone() {
  const said = sessionStorage.getItem(SAID);
  const place = document.querySelector("[data-said-banner]");
  if (!said || !(place instanceof HTMLElement)) return;
  sessionStorage.removeItem(SAID);
  const words = place.querySelector("p");
  if (words) words.textContent = said === "kept" ? (place.dataset.kept ?? "") : said;
  place.hidden = false;
}
