// @ts-check
// What has not arrived: when it was written and felt, and for what could not be sent the reason and both versions.
import { fill } from "../parts/words.js";
import { copyOf, entryWords, find, say, whenWords } from "./words.js";

/**
 * @typedef {import("../phone/outbox.js").Shown} Shown
 * @typedef {import("../phone/outbox.js").Request} Request
 * @typedef {{again: (item: Shown, request: Request, etag?: string | null) => Promise<void>, remove: (item: Shown) => Promise<void>}} Doing
 */

/**
 * @param {Shown[]} items
 * @param {boolean} locked
 * @param {Doing} doing
 */
export function showWaiting(items, locked, doing) {
  const part = find('[data-part="waiting"]');
  find("[data-empty]", part).hidden = items.length > 0;
  find("[data-locked]", part).hidden = !locked || !items.length;
  find("[data-items]", part).replaceChildren(...(locked ? [] : items.map((item) => card(item, doing))));
}

/** @param {Shown} item @param {Doing} doing */
function card(item, doing) {
  const shown = copyOf("[data-item]");
  const { request, state } = item;
  const aside = state !== "waiting";
  find('[data-chip="waiting"]', shown).hidden = aside;
  find('[data-chip="aside"]', shown).hidden = !aside;
  if (request) {
    say(find("[data-what]", shown), nameOf(request), { about: request.about ?? "" });
    const written = whenWords(new Date(request.at));
    const felt = request.body?.experienced_at && whenWords(new Date(request.body.experienced_at));
    say(find("[data-when]", shown), felt && felt !== written ? "felt" : "written", { when: written, felt });
    words(find("[data-mine]", shown), bodyWords(request.body ?? {}));
  }
  if (aside) why(shown, item, doing);
  return shown;
}

/** @param {Request} request */
function nameOf(request) {
  if (request.kind === "day") return request.method === "DELETE" ? "clear" : request.body.outcome;
  return request.kind;
}

/** @param {HTMLElement} element @param {string} text */
function words(element, text) {
  element.textContent = text;
  element.hidden = !text;
}

/** What somebody wrote, in their own words. @param {Record<string, any>} body */
function bodyWords(body) {
  const parts = [
    entryWords(body),
    body.score,
    body.text,
    body.went_well,
    body.got_in_the_way,
    body.why_not_lower,
    body.note,
  ];
  return parts.filter((part) => part || part === 0).join("\n");
}

/** @param {HTMLElement} shown @param {Shown} item @param {Doing} doing */
function why(shown, item, doing) {
  find("[data-why]", shown).hidden = false;
  const { status = 0, said = null } = item.answer ?? {};
  const kind = status === 412 ? "conflict" : status === 409 ? "taken" : said?.confirm ? "confirm" : "again";
  const reason = find("[data-reason]", shown);
  if (!item.request || !status) say(reason, "unreadable");
  else if (kind === "conflict" || kind === "taken") say(reason, kind);
  else if (status === 404) say(reason, "gone");
  else if (status >= 500) say(reason, "server");
  else words(reason, [said?.title, ...Object.values(said?.errors ?? {}).flat()].filter(Boolean).join(". "));

  if (kind === "conflict" && said?.current) {
    const theirs = find("[data-theirs]", shown);
    theirs.hidden = false;
    const named = find("[data-what]", shown).dataset[said.current.outcome];
    const about = item.request?.about ?? "";
    find("span", theirs).textContent = [fill(named, { about }), bodyWords(said.current)]
      .filter(Boolean)
      .join("\n");
  }
  buttons(shown, item, kind, said, doing);
}

/** @param {HTMLElement} shown @param {Shown} item @param {string} kind @param {any} said @param {Doing} doing */
function buttons(shown, item, kind, said, doing) {
  const again = find('[data-do="again"]', shown);
  const remove = find('[data-do="remove"]', shown);
  const { request } = item;
  say(again, kind);
  again.hidden = !request;
  again.addEventListener("click", () => {
    if (request)
      void doing.again(item, changed(request, kind, said), kind === "conflict" ? etagOf(said) : undefined);
  });
  const last = kind === "conflict" ? "conflict" : "sure";
  say(remove, kind === "conflict" ? "conflict" : "remove");
  remove.addEventListener("click", () => {
    // What somebody wrote is not thrown away by one tap that slipped.
    if (remove.dataset.tapped) return void doing.remove(item);
    remove.dataset.tapped = "yes";
    if (last === "sure") say(remove, "sure");
    else void doing.remove(item);
  });
}

/** @param {any} said */
function etagOf(said) {
  return said?.current?.etag ?? (said?.current?.version ? `"v${said.current.version}"` : null);
}

/** @param {Request} request @param {string} kind @param {any} said @returns {Request} */
function changed(request, kind, said) {
  if (kind === "confirm") return { ...request, body: { ...request.body, confirmed: said.confirm } };
  if (kind !== "taken") return request;
  return { ...request, path: request.path.replace(/[0-9a-f-]{36}(?=$|\?)/, crypto.randomUUID()) };
}
