// @ts-check
// "New version ready": a worker that waits takes over when the person says so, and never takes away what they typed.
// The words stand in <template data-update> of the layouts.
import { unsaved } from "./typed.js";

/** @param {ServiceWorkerRegistration} registration */
export function startUpdates(registration) {
  const template = document.querySelector("template[data-update]");
  const main = document.querySelector("main");
  if (!(template instanceof HTMLTemplateElement) || !main) return;
  let wanted = false;
  let warned = false;

  const offer = () => {
    // Without an active one it is the very first: nobody waits for that.
    if (registration.waiting && registration.active && !main.querySelector("[data-update-refresh]")) show();
  };
  const watch = () => registration.installing?.addEventListener("statechange", offer);
  registration.addEventListener("updatefound", watch);
  watch();
  offer();

  function show() {
    main?.append(/** @type {HTMLTemplateElement} */ (template).content.cloneNode(true));
    main?.querySelector("[data-update-refresh]")?.addEventListener("click", refresh);
    say("update");
  }

  /** In an empty status first, so that it is read out. @param {"update" | "unsaved"} what */
  function say(what) {
    const words = main?.querySelector("[data-update-said]");
    if (!(words instanceof HTMLElement)) return;
    words.textContent = "";
    window.setTimeout(() => {
      words.textContent = words.dataset[what] ?? "";
    }, 50);
  }

  function refresh() {
    if (!warned && unsaved()) {
      warned = true;
      say("unsaved");
      return;
    }
    wanted = true;
    const { waiting } = registration;
    if (!waiting) return reload(); // Another tab was quicker.
    waiting.addEventListener("statechange", () => {
      // A page that no worker serves hears of no change of controller.
      if (waiting.state === "activated") reload();
    });
    waiting.postMessage({ type: "refresh" });
  }

  // Other tabs hear of it too, and stay as they are.
  navigator.serviceWorker.addEventListener("controllerchange", reload);

  function reload() {
    if (!wanted) return;
    wanted = false;
    // Not `reload`: a page that answers a form would send the form again.
    window.location.replace(window.location.pathname + window.location.search);
  }
}
