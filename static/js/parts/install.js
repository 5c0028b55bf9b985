// @ts-check
// "Put Selfcare on this phone": the browser's own question waits for a tap of ours; an iPhone, which asks nothing, gets
// pictures. `[data-install]` is the card after a diary entry ("card") or the whole page under More ("page").
import { iphone, standalone } from "./device.js";

/** @typedef {Event & {prompt: () => Promise<unknown>, userChoice: Promise<{outcome: string}>}} InstallPrompt */

const KEY = "selfcare-install"; // "there", or the time of "Not now"
const THERE = "there";
const AGAIN_AFTER = 60 * 24 * 3600_000;

export function startInstall() {
  const place = document.querySelector("[data-install]");
  const card = place instanceof HTMLElement ? place : null;
  /** @type {InstallPrompt | null} */
  let prompt = null;

  window.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    prompt = /** @type {InstallPrompt} */ (event);
    // It was there and was taken away again.
    if (localStorage.getItem(KEY) === THERE) localStorage.removeItem(KEY);
    show("prompt");
  });
  window.addEventListener("appinstalled", there);
  if (standalone()) localStorage.setItem(KEY, THERE);
  if (!card) return;

  card.querySelector("[data-install-go]")?.addEventListener("click", () => void ask());
  card.querySelector("[data-install-later]")?.addEventListener("click", later);
  if (localStorage.getItem(KEY) === THERE) say("there");
  else if (iphone()) show("share");
  // Where the browser will ask, the card waits for that; the page, which somebody opened, says what there is to say.
  else if (!("onbeforeinstallprompt" in window) || card.dataset.install === "page") show("other");

  /** @param {string} way share, prompt or other */
  function show(way) {
    if (!card || (card.dataset.install === "card" && resting())) return;
    for (const part of card.querySelectorAll("[data-install-way]")) {
      part.toggleAttribute("hidden", part.getAttribute("data-install-way") !== way);
    }
    card.hidden = false;
  }

  async function ask() {
    if (!prompt) return;
    // Nothing may come between the tap and this, and a browser lets it be asked once.
    const asked = prompt;
    prompt = null;
    void asked.prompt();
    const { outcome } = await asked.userChoice;
    if (outcome === "accepted") there();
    else later();
  }

  function later() {
    localStorage.setItem(KEY, String(Date.now()));
    say("later");
  }

  function there() {
    localStorage.setItem(KEY, THERE);
    say("there");
  }

  /** The card shrinks to one sentence, where the focus goes. @param {"later" | "there"} what */
  function say(what) {
    const said = card?.querySelector("[data-install-said]");
    if (!card || !(said instanceof HTMLElement)) return;
    const held = card.contains(document.activeElement);
    for (const part of card.querySelectorAll("[data-install-ask]")) part.setAttribute("hidden", "");
    said.hidden = false;
    said.textContent = said.dataset[what] ?? "";
    if (held) said.focus();
  }
}

function resting() {
  return Date.now() - Number(localStorage.getItem(KEY)) < AGAIN_AFTER;
}
