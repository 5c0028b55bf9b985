// Which words can reach a style sheet, the kit's part of it and ours. A page counts for the sheet that it or its layout loads,
// with whatever it extends, includes and imports, down into the kit's macros. What nothing names (a part that is
// included by a variable) counts for both. A class that a template of ours puts together, such as "nhsuk-card--care--" ~ kind,
// stands for every class that begins so.
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

const SHEETS = ["patient", "staff"];
const BEGINNING = /\b(?:nhsuk|sc)-[\w-]*-(?=["'{])/g;
const NAMED = /\{%[-+]?\s*(?:extends|include|import|from)\s([^%]*?)[-+]?%\}/g;

/**
 * @param {string} sheet patient or staff
 * @param {{root: string, kitMacros: string}} where
 * @returns {Promise<{content: {raw: string, extension: string}[], beginnings: string[]}>}
 */
export async function contentFor(sheet, { root, kitMacros }) {
  const ours = await readTree(path.join(root, "templates"), ".html");
  const kit = await readTree(kitMacros, ".jinja");
  const all = new Map([...kit, ...ours]);
  const reached = new Set();
  for (const name of ours.keys()) {
    const names = reach(name, all);
    if (servesBoth(name, ours) || loading(sheet, ours).some((layout) => names.has(layout))) {
      for (const each of names) reached.add(each);
    }
  }

  const content = [...reached].map((name) => ({ raw: all.get(name), extension: "html" }));
  for (const [folder, extension] of [
    ["static/js", ".js"],
    ["selfcare", ".py"],
  ]) {
    for (const text of (await readTree(path.join(root, folder), extension)).values()) {
      // Only classes: every other word of a program would keep half the kit alive.
      content.push({ raw: (text.match(/\b(?:nhsuk|sc|is)-[\w-]+/g) ?? []).join(" "), extension: "html" });
    }
  }
  const texts = [...reached].filter((name) => ours.has(name)).map((name) => ours.get(name));
  const beginnings = new Set(texts.flatMap((text) => text.match(BEGINNING) ?? []));
  return { content, beginnings: [...beginnings] };
}

/**
 * @param {string} name
 * @param {Map<string, string>} all
 * @returns {Set<string>} the template and everything it names, at any depth
 */
function reach(name, all) {
  const seen = new Set();
  const waiting = [name];
  while (waiting.length) {
    const next = waiting.pop();
    if (seen.has(next) || !all.has(next)) continue;
    seen.add(next);
    waiting.push(...named(next, all.get(next)));
  }
  return seen;
}

/** @param {string} name @param {string} text */
function named(name, text) {
  const found = [];
  for (const [, words] of text.matchAll(NAMED)) {
    for (const [, , quoted] of words.matchAll(/(["'])(.+?)\1/g)) {
      found.push(quoted.startsWith(".") ? path.posix.join(path.posix.dirname(name), quoted) : quoted);
    }
  }
  return found;
}

/** Layouts and pages of their own that load a sheet. @param {string} sheet @param {Map<string, string>} ours */
function loading(sheet, ours) {
  return [...ours].filter(([, text]) => text.includes(`asset_url("${sheet}.css")`)).map(([name]) => name);
}

/** @param {string} name @param {Map<string, string>} ours */
function servesBoth(name, ours) {
  const layouts = new Set(SHEETS.flatMap((sheet) => loading(sheet, ours)));
  if (name.startsWith("base/") || [...layouts].some((layout) => reach(name, ours).has(layout))) return false;
  return ![...ours].some(([other, text]) => other !== name && named(other, text).includes(name));
}

/**
 * @param {string} folder
 * @param {string} ending
 * @returns {Promise<Map<string, string>>} path inside the folder → text
 */
async function readTree(folder, ending) {
  const found = new Map();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith(ending)) continue;
    const full = path.join(entry.parentPath, entry.name);
    found.set(path.relative(folder, full).split(path.sep).join("/"), await readFile(full, "utf8"));
  }
  return found;
}
