// @ts-check
// Lock, and "Log out and remove from this phone": what was not sent is said first; then keys, facts and the push subscription
// go from the phone at once, and the server hears of it now or, without signal, before it is next asked for a page.
import { forget } from "../parts/subscription.js";
import { fill, plural } from "../parts/words.js";
import { hasSignal, lockHere } from "./locking.js";
import { leave } from "./owner.js";
import { tell } from "./sync.js";

/**
 * @param {import("./outbox.js").Outbox} outbox
 * @param {import("./store.js").Database} database
 * @param {import("./store.js").Person} person
 */
export function startLeaving(outbox, database, person) {
  void sayUnsent(outbox, person);
  whenSent("form[data-lock]", () => lockHere(database));
  whenSent("form[data-leave]", async () => {
    await lockHere(database);
    // Whatever of it fails (no signal, no permission): logging out goes on.
    await Promise.allSettled([forget(), leave(database)]);
  });
}

/** @param {string} selector @param {() => Promise<void>} first what is done on the phone before the form is sent */
function whenSent(selector, first) {
  const form = document.querySelector(selector);
  if (!(form instanceof HTMLFormElement)) return;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    document.documentElement.dataset.leaving = "yes"; // this page goes by its own form
    await first().catch(() => {});
    tell("gone");
    if (await hasSignal()) form.submit();
    else window.location.assign("/");
  });
}

/** @param {import("./outbox.js").Outbox} outbox @param {import("./store.js").Person} person */
async function sayUnsent(outbox, person) {
  const unsent = document.querySelector("[data-unsent]");
  if (!(unsent instanceof HTMLElement)) return;
  const { all } = await outbox.count(person.person);
  unsent.hidden = !all;
  const words = unsent.querySelector("[data-unsent-words]");
  if (words) words.textContent = fill(unsent.dataset[plural(all)], { n: all });
}
