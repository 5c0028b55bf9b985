// @ts-check
// The page that is shown without signal, at whatever address, and the list of what waits (/offline).
import { fillEntry, fillReview, fillScore, fillSkip, fillTopic, read } from "../offline/forms.js";
import { showToday } from "../offline/today.js";
import { showWaiting } from "../offline/waiting.js";
import { copyOf, find, say } from "../offline/words.js";
import { startCounters } from "../parts/counter.js";
import { startKit } from "../parts/kit.js";
import { startReasons } from "../parts/reasons.js";
import { plural } from "../parts/words.js";
import { dropDraft, forgetForms, keepDraft } from "../phone/drafts.js";
import { seenIn } from "../phone/items.js";
import { lockHere } from "../phone/locking.js";
import { Outbox } from "../phone/outbox.js";
import { factsOf, holder } from "../phone/owner.js";
import { openStore } from "../phone/store.js";
import { flushAndTell, onChange, sendSoon, tell } from "../phone/sync.js";

const SAID = "selfcare-said";

start().catch(() => show("nobody"));

async function start() {
  startKit();
  const path = window.location.pathname;
  const database = await openStore();
  const outbox = new Outbox(database);
  const person = await holder(database);
  const facts = await factsOf(person).catch(() => null);
  const locked = !person?.privateKey;
  const now = new Date();

  let seen = "";
  let signedOut = false;
  const part = person ? choose(path, facts, now) : "nobody";
  show(part);
  entitle(part);
  document.querySelector(`.sc-tabs a[href="${tabOf(path)}"]`)?.setAttribute("aria-current", "page");
  startCounters();
  startReasons();
  if (!person) return;

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.dataset.keep) return;
    event.preventDefault();
    if (form.dataset.sending) return; // tapped twice
    form.dataset.sending = "yes";
    void keep(form).finally(() => delete form.dataset.sending);
  });
  onChange((why) => {
    // Locked or logged out in another tab: what stands on this one goes as well.
    if (why === "gone") return window.location.replace("/");
    signedOut = why === "signed-out";
    seen = "";
    void look();
  });
  forgetForms();
  const form = document.querySelector(`[data-part="${part}"] form`);
  if (
    form instanceof HTMLFormElement &&
    form.querySelector("textarea, input[type=text]") &&
    (await keepDraft(database, person, form))
  ) {
    sayOnce("draft");
  }
  window.addEventListener("online", () => void flushAndTell(outbox));
  find("[data-lock]").addEventListener("click", async () => {
    await lockHere(database);
    tell("gone");
    window.location.assign("/");
  });
  await look();
  void flushAndTell(outbox);

  /** @param {HTMLFormElement} form */
  async function keep(form) {
    const request = read(form, new Date());
    if (!request || !person) return;
    try {
      await outbox.add(person, request, seenIn(request, facts));
    } catch {
      return sayFull();
    }
    void sendSoon();
    if (part === "today") {
      await look();
      return focusOn(request.path);
    }
    await dropDraft(database, person, form).catch(() => {});
    form.reset();
    sessionStorage.setItem(SAID, "kept");
    window.location.assign("/");
  }

  /** Show what is so now: again whenever something was written or sent. */
  async function look() {
    if (!person) return;
    const items = await outbox.list(person);
    const now = JSON.stringify(items);
    if (now === seen) return;
    seen = now;
    showState(items, { locked, signedOut });
    if (part === "today") showToday(facts, items, new Date());
    if (part === "topic") showTopics(items);
    if (part === "waiting") {
      showWaiting(items, locked, {
        again: async (item, request, etag) => {
          await outbox.again(person, item.id, request, etag);
          await flushAndTell(outbox);
        },
        remove: async (item) => {
          await outbox.remove(item.id);
          await look();
        },
      });
    }
  }
}

/** Show one part of the page. @param {string} part */
function show(part) {
  for (const each of document.querySelectorAll("[data-part]")) {
    if (each instanceof HTMLElement) each.hidden = each.dataset.part !== part;
  }
}

/**
 * The part that belongs to an address. The same addresses are real pages when there is signal.
 * @param {string} path
 * @param {import("../offline/today.js").Facts | null} facts
 * @param {Date} now
 */
function choose(path, facts, now) {
  if (path === "/offline") return "waiting";
  // A carer's page for somebody else: what is kept here is the person's own.
  if (new URLSearchParams(window.location.search).has("for")) return "elsewhere";
  if (path === "/" || path === "/goals") return "today";
  if (path === "/more" && facts) return "more";
  if (path === "/diary/new") {
    fillEntry(facts, now);
    return "entry";
  }
  if (path === "/agenda") {
    fillTopic(facts);
    return "topic";
  }
  const [, goal, rest] = /^\/goals\/([0-9a-f-]{36})\/(.+)$/.exec(path) ?? [];
  const [, date] = /^days\/([\d-]{10})\/skip$/.exec(rest ?? "") ?? [];
  if (!goal || !facts) return "elsewhere";
  if (date) {
    fillSkip(goal, date, facts);
    return "skip";
  }
  const monday = new URLSearchParams(window.location.search).get("monday");
  if (rest === "review" && monday) {
    fillReview(goal, monday, facts);
    return "review";
  }
  if (rest !== "confidence") return "elsewhere";
  fillScore(goal, facts);
  return "score";
}

/** @param {string} path */
function tabOf(path) {
  return ["/diary", "/goals", "/learn", "/more"].find((tab) => path.startsWith(tab)) ?? "/";
}

/** @param {import("../phone/outbox.js").Shown[]} items @param {{locked: boolean, signedOut: boolean}} who */
function showState(items, { locked, signedOut }) {
  const state = find("[data-state]");
  const title = find("[data-state-title]");
  const waiting = items.filter((item) => item.state === "waiting").length;
  const n = waiting || items.length;
  state.hidden = false;
  say(title, navigator.onLine && window.location.pathname === "/offline" ? "online" : "offline");
  const signal = title.textContent ?? "";
  if (n) say(title, waiting ? plural(n) : `aside${plural(n)}`, { n });
  title.textContent = n ? `${signal} ${title.textContent}` : signal;
  say(
    find("[data-state-words]"),
    locked ? "locked" : waiting ? (signedOut ? "signedout" : "waiting") : n ? "aside" : "none",
  );
  find("[data-see]").hidden = !n || window.location.pathname === "/offline";
  find("[data-sign-in]").hidden = !locked && !signedOut;
  if (sessionStorage.getItem(SAID) === "kept") {
    sessionStorage.removeItem(SAID);
    sayOnce("kept");
  }
}

/** @param {"kept" | "draft"} what */
function sayOnce(what) {
  find("[data-said]").hidden = false;
  say(find("[data-said] p"), what);
}

/** The phone could not keep it: the words stay in the form. */
function sayFull() {
  const place = find("[data-full]");
  place.hidden = false;
  place.focus();
}

/** The title of the page is its part's heading, without what is filled in there: a browser keeps titles. @param {string} part */
function entitle(part) {
  const heading = document.querySelector(`[data-part="${part}"] h1`);
  const words = [...(heading?.childNodes ?? [])].filter((node) => node.nodeType === Node.TEXT_NODE);
  const title = words
    .map((node) => node.textContent)
    .join("")
    .trim();
  if (title) document.title = document.title.replace(/^.*(?= – )/, () => title);
}

/** The cards were drawn anew: the finger, and the screen reader, stay where they were. @param {string} path of what was written */
function focusOn(path) {
  const [, goal] = /\/goals\/([^/]+)\//.exec(path) ?? [];
  const button = document.querySelector(`form[data-goal="${goal}"]:not([hidden]) button`);
  if (button instanceof HTMLElement) button.focus();
}

/** @param {import("../phone/outbox.js").Shown[]} items */
function showTopics(items) {
  const topics = items.filter(({ request }) => request?.kind === "topic");
  find("[data-topics]").replaceChildren(
    ...topics.map(({ request }) => {
      const shown = copyOf("[data-topic]");
      find("blockquote", shown).textContent = request?.body.text ?? "";
      return shown;
    }),
  );
}
