// @ts-check
// A form is sent once: a second tap on a slow line must not book or save twice. The button stays focusable and keeps
// its words; coming back to the page makes it work again.

const AGAIN_AFTER = 8000;

export function startSendOnce() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || event.defaultPrevented) return;
    if (form.dataset.sending) {
      event.preventDefault();
      return;
    }
    form.dataset.sending = "yes";
    form.setAttribute("aria-busy", "true");
    window.setTimeout(() => free(form), AGAIN_AFTER);
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.forms) free(form);
  });
}

/** @param {HTMLFormElement} form */
function free(form) {
  delete form.dataset.sending;
  form.removeAttribute("aria-busy");
}
