// @ts-check
// The reminders page: our question first, the browser's own only after a yes and in the same tap.
import { send } from "../api.js";
import { forget, here, refresh, subscribe } from "../parts/subscription.js";

const page = document.querySelector("[data-push]");
if (page instanceof HTMLElement) start(page);

/** @param {HTMLElement} card */
function start(card) {
  const key = card.dataset.pushKey ?? "";
  const yes = card.querySelector("[data-push-yes]");

  card.querySelector("[data-push-only]")?.removeAttribute("hidden");
  if (key) card.querySelector("[data-push-plain]")?.setAttribute("hidden", "");
  if (yes instanceof HTMLFormElement && key) {
    yes.addEventListener("submit", (event) => {
      event.preventDefault();
      void turnOn(yes);
    });
  }
  card.querySelector("[data-push-again]")?.addEventListener("click", () => void turnOn(null));
  card.querySelector("[data-push-test]")?.addEventListener("click", () => void test());
  card.querySelector("[data-push-stop]")?.addEventListener("click", () => void stop());
  if (key) void look();

  /** Show one part of the card. @param {string} name */
  function show(name) {
    for (const part of card.querySelectorAll("[data-push-part]")) {
      if (part instanceof HTMLElement) part.hidden = part.dataset.pushPart !== name;
    }
    // "Send a test now" stands on this card then, for this phone alone.
    document.querySelector("[data-push-instead]")?.toggleAttribute("hidden", name === "on");
    // A card with nothing to ask and nothing to say is not there.
    card.hidden = !card.querySelector(`[data-push-part="${name}"]`);
  }

  /** What is true here, before anything is asked. */
  async function look() {
    const able = here();
    if (able !== "able") return show(able);
    const found = await refresh();
    if (found) return on(found);
    show(Notification.permission === "denied" ? "denied" : "ask");
  }

  /** @param {HTMLFormElement | null} form what the yes also sends: the reminder itself */
  async function turnOn(form) {
    // Nothing may come between the tap and this: the browser would not count it as the person's own wish.
    const permission = await Notification.requestPermission();
    const sets = form?.hasAttribute("data-push-sets");
    if (permission !== "granted") {
      // The time is kept all the same; the next page says why this phone stays silent and how to undo it.
      if (sets && form) return form.submit();
      return show(permission === "denied" ? "denied" : "ask");
    }
    show("wait");
    const made = await subscribe(key);
    if (typeof made === "string") return failed(made);
    if (sets && form) return form.submit();
    on(made);
  }

  /** @param {string} why slow, refused or offline */
  function failed(why) {
    const words = card.querySelector("[data-push-why]");
    if (words instanceof HTMLElement) words.textContent = words.dataset[why] ?? words.dataset.slow ?? "";
    show("failed");
  }

  /** @param {import("../parts/subscription.js").Subscribed} subscribed */
  function on(subscribed) {
    const last = card.querySelector("[data-push-last]");
    if (last instanceof HTMLElement && subscribed.last_delivered_at) {
      const when = new Intl.DateTimeFormat(document.documentElement.lang, {
        weekday: "long",
        day: "numeric",
        month: "long",
        hour: "numeric",
        minute: "2-digit",
      }).format(new Date(subscribed.last_delivered_at));
      last.textContent = (last.dataset.words ?? "").replace("{when}", when);
    }
    show("on");
  }

  /** @param {string} what */
  function say(what) {
    const words = card.querySelector("[data-push-said]");
    if (words instanceof HTMLElement) words.textContent = words.dataset[what] ?? "";
  }

  async function test() {
    const before = await refresh();
    if (!before) return look();
    const path = `/api/v1/push-subscriptions/${before.id}`;
    const sent = await send("POST", `${path}/test`, {});
    if (!sent.ok) return say(sent.status === 404 ? "gone" : "offline");
    say("sent");
    for (const wait of [700, 1000, 1500, 2500, 5000]) {
      await new Promise((resume) => setTimeout(resume, wait));
      const now = await send("GET", path);
      if (!now.ok) continue;
      if (!now.body.active) return say("gone");
      if (now.body.last_delivered_at !== before.last_delivered_at) {
        on(now.body);
        return say("arrived");
      }
    }
    say("slow");
  }

  async function stop() {
    await forget();
    // The list of phones below, too, is another one now.
    window.location.reload();
  }
}
