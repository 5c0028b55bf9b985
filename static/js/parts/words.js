// @ts-check
// Words live in the page, translated, with {names} for what scripts fill in: `data-left="You have {n} characters left"`.

/**
 * @param {string | undefined} text
 * @param {Record<string, string | number>} [values]
 */
export function fill(text, values = {}) {
  return (text ?? "").replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** Which words go with a number in this language: `data-one`, `data-other` and so on. @param {number} n */
export function plural(n) {
  return new Intl.PluralRules(document.documentElement.lang || "en").select(n);
}

/**
 * Every element of a kind on this page.
 * @template {Element} T
 * @param {string} selector
 * @param {new () => T} kind
 * @returns {T[]}
 */
export function all(selector, kind) {
  /** @type {T[]} */
  const found = [];
  for (const element of document.querySelectorAll(selector)) {
    if (element instanceof kind) found.push(element);
  }
  return found;
}
