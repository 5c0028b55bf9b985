// @ts-check
// "Copy for the record": plain text into the clipboard, and a word that it is there. `data-copy="#id"` names the text,
// `data-copied` is what the button says afterwards, `data-not-copied` when the browser refuses.

const SAID_FOR = 4000;

export function startCopy() {
  document.addEventListener("click", async (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-copy]") : null;
    if (!(button instanceof HTMLElement)) return;
    const source = document.querySelector(button.dataset.copy ?? "");
    if (!source) return;
    event.preventDefault();
    const text = source instanceof HTMLTextAreaElement ? source.value : (source.textContent ?? "");
    const copied = await copy(text);
    if (!copied && source instanceof HTMLTextAreaElement) {
      source.focus();
      source.select();
    }
    say(button, copied ? button.dataset.copied : button.dataset.notCopied);
  });
}

/** @param {string} text */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {HTMLElement} button
 * @param {string | undefined} words
 */
function say(button, words) {
  if (!words) return;
  let said = button.nextElementSibling;
  if (!said?.hasAttribute("data-copy-said")) {
    said = document.createElement("span");
    said.setAttribute("data-copy-said", "");
    said.setAttribute("role", "status");
    said.className = "sc-small";
    button.after(said);
  }
  const place = said;
  // An empty status first: saying the same words twice would not be read out.
  place.textContent = "";
  window.requestAnimationFrame(() => {
    place.textContent = words;
  });
  window.setTimeout(() => {
    place.textContent = "";
  }, SAID_FOR);
}
