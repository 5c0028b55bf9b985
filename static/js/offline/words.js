// @ts-check
// Words, days and times on the offline page. The words themselves stand in the page, translated, as data attributes.
import { fill } from "../parts/words.js";

const LANGUAGE = document.documentElement.lang || "en";

/**
 * The one element of the page that answers to a selector.
 * @param {string} selector
 * @param {ParentNode} [within]
 * @returns {HTMLElement}
 */
export function find(selector, within = document) {
  const found = within.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`The offline page has no ${selector}`);
  return found;
}

/** @param {string} selector @param {ParentNode} [within] */
export function findForm(selector, within = document) {
  return /** @type {HTMLFormElement} */ (find(selector, within));
}

/**
 * A fresh copy of a `<template>`.
 * @param {string} selector
 * @returns {HTMLElement}
 */
export function copyOf(selector) {
  const template = /** @type {HTMLTemplateElement} */ (find(selector));
  return /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true));
}

/**
 * Fill an element with its own words: `say(title, "one", {n: 1})` takes `data-one`.
 * @param {HTMLElement} element
 * @param {string} which
 * @param {Record<string, string | number>} [values]
 */
export function say(element, which, values) {
  element.textContent = fill(element.dataset[which], values);
  element.hidden = !element.textContent;
}

/** Tuesday 6 October. @param {Date} date */
export function dayWords(date) {
  return new Intl.DateTimeFormat(LANGUAGE === "en" ? "en-GB" : LANGUAGE, {
    weekday: "long",
    day: "numeric",
    month: "long",
  })
    .format(date)
    .replace(",", "");
}

/** 5:30pm, 9am, midday. @param {Date} date */
export function timeWords(date) {
  const { midday = "", midnight = "" } = find("[data-words]").dataset;
  const [hour, minute] = [date.getHours(), date.getMinutes()];
  if (!minute && hour % 12 === 0) return hour ? midday : midnight;
  const half = hour < 12 ? "am" : "pm";
  return `${hour % 12 || 12}${minute ? `:${String(minute).padStart(2, "0")}` : ""}${half}`;
}

/** @param {Date} date */
export function whenWords(date) {
  return `${dayWords(date)}, ${timeWords(date)}`;
}

/** The words of a weekday: "Tuesday", "T". @param {Date} date @param {"long" | "narrow"} width */
export function weekday(date, width) {
  return new Intl.DateTimeFormat(LANGUAGE, { weekday: width }).format(date);
}

/** A calendar day as a date at midday, where no change of the clocks can move it. @param {string} day */
export function dateOf(day) {
  return new Date(`${day}T12:00`);
}

/**
 * What an entry says: "Pain 4, Blood sugar 7.2 mmol/L".
 * @param {{values?: Record<string, unknown>, units?: Record<string, string>}} body
 */
export function entryWords(body) {
  const said = Object.entries(body.values ?? {}).map(([code, value]) => {
    const field = document.querySelector(`[data-offered="${CSS.escape(code)}"]`);
    const { name = code, unit = "" } = field instanceof HTMLElement ? field.dataset : {};
    return `${name} ${answerWords(field, code, value)} ${body.units?.[code] ?? unit}`.trim();
  });
  return said.join(", ");
}

/**
 * The words of an answer as its own tile says them.
 * @param {Element | null} field
 * @param {string} code
 * @param {unknown} value
 */
function answerWords(field, code, value) {
  if (typeof value === "number") return String(value);
  const sent = value === true ? "yes" : value === false ? "no" : String(value);
  const input = field?.querySelector(`[name="${CSS.escape(code)}"][value="${CSS.escape(sent)}"]`);
  const label = input instanceof HTMLInputElement ? input.labels?.[0] : null;
  return label?.textContent?.trim().toLowerCase() ?? sent;
}
