// One style sheet: the kit without remote fonts and without what no template can reach, then our own layer as it is.
import path from "node:path";
import { PurgeCSS } from "purgecss";
import * as sass from "sass";

/** Classes that the kit's scripts set on the page. */
const SET_BY_SCRIPTS = [/^nhsuk-frontend-supported$/, /--hidden$/];

/**
 * @param {string} sheet patient or staff
 * @param {{content: {raw: string, extension: string}[], beginnings: string[], root: string}} options
 * @returns {Promise<string>} CSS, not yet minified
 */
export async function compileStyles(sheet, { content, beginnings, root }) {
  const compile = (/** @type {string} */ name) =>
    sass.compile(path.join(root, `static/css/${name}.scss`), {
      loadPaths: [path.join(root, "node_modules")],
      quietDeps: true,
      charset: false,
    }).css;
  const [kit] = await new PurgeCSS().purge({
    content,
    css: [{ raw: withoutOldBrowsers(withoutRemoteFonts(compile("kit"))) }],
    defaultExtractor: (text) => text.match(/[A-Za-z0-9_-]+/g) ?? [],
    safelist: ["html", "body", "a", ...SET_BY_SCRIPTS, ...beginnings.map((start) => new RegExp(`^${start}`))],
    keyframes: true,
    variables: true,
  });
  if (!kit) throw new Error("Nothing of the kit's CSS came through");
  return `${kit.css}\n${compile(sheet)}`;
}

/**
 * The kit's own font is licensed and remote. Our settings leave it out; this holds if a later kit brings it back.
 * @param {string} css
 */
function withoutRemoteFonts(css) {
  return css.replace(/@font-face\s*\{[^}]*\}/g, "").replace(/"Frutiger[^"]*"\s*,\s*/g, "");
}

/**
 * What only browsers older than ours (`:has`, logical properties) would read.
 * @param {string} css
 */
function withoutOldBrowsers(css) {
  return css.replaceAll(", (-ms-high-contrast: active)", "");
}
