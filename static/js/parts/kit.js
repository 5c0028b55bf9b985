// @ts-check
// What the kit's own scripts do for the parts that our pages use, for its markup and with its words: the summary of errors
// takes the focus and leads to its fields; a password can be shown. Written out, since the kit's are ten times as large.
import { all } from "./words.js";

export function startKit() {
  document.body.classList.add("nhsuk-frontend-supported");
  for (const summary of all(".nhsuk-error-summary", HTMLElement)) startSummary(summary);
  for (const field of all(".nhsuk-password-input", HTMLElement)) startPassword(field);
}

/** @param {HTMLElement} summary */
function startSummary(summary) {
  summary.tabIndex = -1;
  summary.addEventListener("blur", () => summary.removeAttribute("tabindex"), { once: true });
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target;
    if (!(link instanceof HTMLAnchorElement)) return;
    const field = document.getElementById(link.hash.slice(1));
    const question = field && questionOf(field);
    if (!question) return;
    event.preventDefault();
    // The question first: a browser would scroll to the field alone.
    question.scrollIntoView();
    field.focus({ preventScroll: true });
  });
}

/** The legend above a field, unless it is too far up to be seen together with it; else its label. @param {HTMLElement} field */
function questionOf(field) {
  const legend = field.closest("fieldset")?.querySelector("legend");
  const choice = field instanceof HTMLInputElement && /checkbox|radio/.test(field.type);
  const apart = (/** @type {Element} */ top) =>
    field.getBoundingClientRect().bottom - top.getBoundingClientRect().top;
  if (legend && (choice || apart(legend) < window.innerHeight / 2)) return legend;
  return document.querySelector(`label[for="${field.id}"]`) ?? field.closest("label");
}

/** @param {HTMLElement} field */
function startPassword(field) {
  const input = field.querySelector("input");
  const button = field.querySelector("button");
  if (!input || !button) return;
  const said = document.createElement("div");
  said.className = "nhsuk-u-visually-hidden";
  said.setAttribute("aria-live", "polite");
  input.after(said);
  const words = (/** @type {string} */ what) => field.dataset[`i18n.${what}`] ?? "";

  /** @param {boolean} visible */
  const show = (visible) => {
    if (visible === (input.type === "text")) return;
    input.type = visible ? "text" : "password";
    const next = visible ? "hide" : "show";
    button.textContent = words(`${next}Password`);
    button.setAttribute("aria-label", words(`${next}PasswordAriaLabel`));
    said.textContent = words(visible ? "passwordShownAnnouncement" : "passwordHiddenAnnouncement");
  };
  button.addEventListener("click", () => show(input.type === "password"));
  // Never left open: not for a password manager, not for the next person on this phone.
  input.form?.addEventListener("submit", () => show(false));
  window.addEventListener("pageshow", () => show(false));
  button.hidden = false;
}
