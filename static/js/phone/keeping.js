// @ts-check
// `<form data-keep="day" data-keep-done="/">` of a page from the server: what it holds goes into the outbox first and is sent at
// once. With signal the next page is the one a plain post would lead to; without, nothing is lost. What the server refuses is
// posted the plain way, so that its words and questions are shown where they always are.

import { sayPutBack } from "./banner.js";
import { dropDraft, dropPosted, forgetForms, hasWords, isPosted, keepDraft } from "./drafts.js";
import { factsAreOld } from "./here.js";
import { requestOf, seenOn } from "./items.js";
import { flushAndTell, sendSoon } from "./sync.js";

const PATIENCE = 8000; // ms until "waiting" is the better answer than a page that stands still
const SAID = "selfcare-said";

/**
 * @param {import("./outbox.js").Outbox} outbox
 * @param {import("./store.js").Database} database
 * @param {import("./store.js").Person} person
 * @param {string} actingFor the patient a carer writes for, or empty
 */
export function startKeeping(outbox, database, person, actingFor) {
  // When this page was asked for: its forms show what was so then.
  const opened = Date.now() - performance.now();
  forgetForms();
  void putDraftsBack();

  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!(form instanceof HTMLFormElement) || !form.dataset.keep || form.dataset.sending) return;
      // Not to be saved yet: it asks for another form of the same page.
      if (event.submitter?.getAttribute("name") === "switch") return;
      let request;
      try {
        request = requestOf(form);
      } catch {
        return; // a number that is none: the server says so
      }
      event.preventDefault();
      form.dataset.sending = "yes";
      form.setAttribute("aria-busy", "true");
      if (actingFor) request.path += `?for=${actingFor}`;
      // It is on the phone by then, so the list of what waits has it, whatever failed.
      keep(form, request).catch(() => window.location.assign("/offline"));
    },
    { capture: true },
  );

  async function putDraftsBack() {
    await dropPosted(database);
    for (const form of document.querySelectorAll("main form")) {
      if (!(form instanceof HTMLFormElement) || !hasWords(form)) continue;
      if (await keepDraft(database, person, form)) sayPutBack();
    }
  }

  /** @param {HTMLFormElement} form @param {import("./outbox.js").Request} request */
  async function keep(form, request) {
    // No room on this phone, or none for us: then the plain way is the only one.
    const id = await outbox.add(person, request, seenOn(form, opened)).catch(() => null);
    if (!id) return plainly(form);
    // It is on the phone: what its page has to say next is said at once, with signal and without.
    if (!form.dispatchEvent(new Event("selfcare-kept", { cancelable: true })))
      return stay(doneOf(form, request), id);
    // From here on it is kept: whatever fails, it is not sent a second way.
    await Promise.race([
      flushAndTell(outbox).catch(() => {}),
      new Promise((resume) => setTimeout(resume, PATIENCE)),
    ]);
    const item = (await outbox.list(person)).find((each) => each.id === id);
    if (item?.state === "refused" || (item && request.kind === "entry" && item.state === "conflict")) {
      await outbox.remove(id);
      return plainly(form);
    }
    if (item) await sendSoon();
    await dropDraft(database, person, form);
    form.reset();
    factsAreOld();
    // Changed on another phone in the meantime: the list of what waits shows both.
    if (item?.state === "conflict") return window.location.assign("/offline");
    sessionStorage.setItem(SAID, item ? "kept" : (form.dataset.keepSaid ?? ""));
    window.location.assign(item ? `/${actingFor ? `?for=${actingFor}` : ""}` : doneOf(form, request));
  }

  /**
   * The page says itself what comes next. Once it has arrived, to reload the page shows what the server says next.
   * @param {string} done
   * @param {string} id
   */
  async function stay(done, id) {
    factsAreOld();
    await sendSoon();
    await flushAndTell(outbox).catch(() => {});
    const waits = (await outbox.list(person)).some((each) => each.id === id);
    if (!waits) window.history.replaceState(null, "", done);
  }
}

/** Post as without script. @param {HTMLFormElement} form */
function plainly(form) {
  isPosted(form);
  form.submit();
}

/** Where a plain post would lead to. @param {HTMLFormElement} form @param {import("./outbox.js").Request} request */
function doneOf(form, request) {
  const { keepDone, keepDoneChange } = form.dataset;
  if (request.body?.next === "change" && keepDoneChange) return keepDoneChange;
  // Without the fragment: to go to that would load nothing.
  return keepDone ?? window.location.pathname + window.location.search;
}
