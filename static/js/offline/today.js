// @ts-check
// Today without signal: what the phone holds, with what waits laid over it.

import { fill } from "../parts/words.js";
import { dayOf } from "../phone/items.js";
import { copyOf, dateOf, entryWords, find, say, weekday, whenWords } from "./words.js";

/**
 * @typedef {import("../phone/outbox.js").Shown} Shown
 * @typedef {{date: string, state: string, outcome: string | null, etag: string | null}} Day
 * @typedef {{id: string, title: string, monday: string, plan_days: string[], days: Day[]}} Goal
 * @typedef {object} Facts what the server gave the phone (selfcare/phones/facts.py)
 * @property {string} known_as
 * @property {string} today
 * @property {boolean} logged_today
 * @property {string[]} trackers
 * @property {Goal[]} goals
 * @property {{goal_id: string, title: string, monday: string, etag: string | null}[]} reviews
 * @property {{id: string, starts_at: string, with: string} | null} visit
 * @property {{topics: number, questions: number}} agenda
 * @property {{date: string, state: string}[]} sun
 */

const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const DAY = 86_400_000;
/** @type {Record<string, string>} outcome → what the dot says */
const STATES = { done: "done", skipped: "skip", not_done: "missed" };

/**
 * @param {Facts | null} facts null while the phone is locked
 * @param {Shown[]} all
 * @param {Date} now
 */
export function showToday(facts, all, now) {
  // What a carer wrote for somebody else is not of their own day.
  const items = all.filter(({ request }) => !request?.path.includes("?for="));
  showLog(facts, items, now);
  if (!facts) return;
  greet(facts, now);
  showSun(facts, items);
  find("[data-goals-part]").hidden = !facts.goals.length;
  find("[data-goals]").replaceChildren(...facts.goals.map((goal) => card(goal, facts, items, now)));
  showVisit(facts);
}

/** @param {Facts} facts @param {Date} now */
function greet(facts, now) {
  const hour = now.getHours();
  const part = hour >= 4 && hour < 12 ? "morning" : hour >= 12 && hour < 18 ? "afternoon" : "evening";
  const sky = find("[data-sky]");
  sky.hidden = false;
  find("h1", sky).textContent = fill(find("[data-words]").dataset[part], { name: facts.known_as });
  find("p", sky).textContent = whenWords(now).split(",")[0] ?? "";
  document.querySelector("[data-plain-title]")?.remove(); // the sky has the title
}

/** The seven dots: a day on which something was written, here or before. @param {Facts} facts @param {Shown[]} items */
function showSun({ sun }, items) {
  const written = new Set(items.map(({ request }) => request?.body?.experienced_at?.slice(0, 10)));
  const rays = document.querySelectorAll(".sc-ray");
  for (const [index, day] of sun.entries()) {
    const state = written.has(day.date) ? "on" : day.state;
    rays[index]?.setAttribute("class", state === "off" ? "sc-ray" : `sc-ray sc-ray--${state}`);
    rays[index]?.setAttribute("r", state === "on" ? "6" : state === "now" ? "5.5" : "4.5");
  }
}

/** @param {Facts | null} facts @param {Shown[]} items @param {Date} now */
function showLog(facts, items, now) {
  const today = dayOf(now);
  const written = items.filter(
    ({ request }) => request?.kind === "entry" && request.body.experienced_at.slice(0, 10) === today,
  );
  const logged = written.length > 0 || (facts?.logged_today && facts.today === today);
  say(find("[data-log-title]"), logged ? "written" : "new");
  find("[data-log-waiting]").hidden = !written.length;
  find("[data-log-first]").hidden = Boolean(logged);
  find("[data-log-again]").hidden = !logged;
  find("[data-log-words]").textContent = written.map(({ request }) => entryWords(request?.body)).join(". ");
}

/**
 * @param {Goal} goal
 * @param {Facts} facts
 * @param {Shown[]} items
 * @param {Date} now
 */
function card(goal, facts, items, now) {
  const shown = copyOf("[data-goal-card]");
  find("[data-title]", shown).textContent = goal.title;
  const days = weekOf(goal, items, now);
  const today = days.find((day) => day.isToday);
  find("[data-week]", shown).replaceChildren(...days.map((day) => dot(day, find("[data-week]", shown))));

  const answered = today && ["done", "skip", "missed"].includes(today.state) ? today.state : "";
  const done = find("[data-answered]", shown);
  done.hidden = !answered;
  if (answered) say(find("span", done), answered);
  find("[data-waiting]", shown).hidden = !today?.waits;
  for (const form of shown.querySelectorAll("form")) {
    form.dataset.goal = goal.id;
    form.dataset.date = dayOf(now);
    form.dataset.about = goal.title;
    form.hidden = (form.dataset.outcome === "clear") !== Boolean(answered);
  }
  link(
    shown,
    "[data-skip-link]",
    `/goals/${goal.id}/days/${dayOf(now)}/skip`,
    !answered && today?.state === "plan",
  );
  link(shown, "[data-score]", `/goals/${goal.id}/confidence`, true);
  const review = facts.reviews.find((each) => each.goal_id === goal.id);
  const line = find("[data-review-line]", shown);
  line.hidden = !review || items.some(({ request }) => request?.path.includes(`/${goal.id}/reviews/`));
  link(line, "a", `/goals/${goal.id}/review?monday=${review?.monday}`, Boolean(review));
  return shown;
}

/** @param {HTMLElement} within @param {string} selector @param {string} href @param {boolean | undefined} shown */
function link(within, selector, href, shown) {
  const anchor = find(selector, within);
  anchor.setAttribute("href", href);
  anchor.hidden = !shown;
}

/**
 * This week's days. In a later week than the facts' own the same plan is taken to go on.
 * @param {Goal} goal
 * @param {Shown[]} items
 * @param {Date} now
 */
export function weekOf(goal, items, now) {
  const today = dayOf(now);
  const midday = dateOf(today);
  const monday = new Date(midday.valueOf() - ((midday.getDay() + 6) % 7) * DAY);
  return WEEKDAYS.map((name, index) => {
    const date = new Date(monday.valueOf() + index * DAY);
    const day = dayOf(date);
    const known = goal.days.find((each) => each.date === day);
    const planned = goal.plan_days.includes(name);
    let state = known?.outcome
      ? (STATES[known.outcome] ?? "none")
      : planned
        ? day < today
          ? "none"
          : "plan"
        : "free";
    const mine = items.filter(({ request }) => request?.path.endsWith(`/goals/${goal.id}/days/${day}`));
    const last = mine.at(-1)?.request;
    if (last?.method === "DELETE") state = planned ? (day < today ? "none" : "plan") : "free";
    else if (last) state = STATES[last.body.outcome] ?? "none";
    return { date, state, isToday: day === today, waits: mine.length > 0 };
  });
}

/** @param {{date: Date, state: string, isToday: boolean}} day @param {HTMLElement} week */
function dot({ date, state, isToday }, week) {
  const item = document.createElement("li");
  const letter = document.createElement("span");
  const words = document.createElement("span");
  item.classList.toggle("is-now", isToday);
  letter.className = "sc-day";
  letter.ariaHidden = "true";
  letter.textContent = weekday(date, "narrow");
  words.className = "nhsuk-u-visually-hidden";
  words.textContent = fill(isToday ? week.dataset.today : week.dataset.day, {
    day: weekday(date, "long"),
    state: week.dataset[state] ?? "",
  });
  item.append(letter, copyOf(`[data-dot="${state}"]`), words);
  return item;
}

/** @param {Facts} facts */
function showVisit({ visit }) {
  if (!visit) return;
  say(find("[data-visit-title]"), "with");
  const words = [visit.with, whenWords(new Date(visit.starts_at))].filter(Boolean).join(". ");
  for (const line of document.querySelectorAll("[data-visit-words]")) line.textContent = words;
}
