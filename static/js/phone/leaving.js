// @ts-check
// "Log out and remove from this phone": what was not sent is said first; then the push subscription, keys and facts go.
import { forget } from "../parts/subscription.js";
import { fill } from "../parts/words.js";
import { leave } from "./owner.js";

/**
 * @param {import("./outbox.js").Outbox} outbox
 * @param {import("./store.js").Database} database
 * @param {import("./store.js").Person} person
 */
export async function startLeaving(outbox, database, person) {
  const form = document.querySelector("form[data-leave]");
  const unsent = document.querySelector("[data-unsent]");
  if (unsent instanceof HTMLElement) {
    const { all } = await outbox.count(person.person);
    const words = fill(all === 1 ? unsent.dataset.one : unsent.dataset.many, { n: all });
    unsent.hidden = !all;
    if (all) (unsent.querySelector("p") ?? unsent).textContent = words;
  }
  if (!(form instanceof HTMLFormElement)) return;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    // Whatever of it fails (no signal, no permission): logging out goes on.
    Promise.allSettled([forget(), leave(database)]).then(() => form.submit());
  });
}
