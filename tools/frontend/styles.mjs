// One style sheet: Sass, without remote fonts, without what no template can reach.
import { PurgeCSS } from "purgecss";
import * as sass from "sass";

/** Classes that scripts set on the page, or that the kit's scripts look for. */
const SET_BY_SCRIPTS = [
  /^nhsuk-frontend-supported$/,
  /^js-enabled$/,
  /--hidden$/,
  /^is-/,
  /:(?:disabled|checked)/,
];

/**
 * @param {string} entry path of the .scss file
 * @param {{content: {raw: string, extension: string}[], loadPaths: string[]}} options
 * @returns {Promise<string>} CSS, not yet minified
 */
export async function compileStyles(entry, { content, loadPaths }) {
  const { css } = sass.compile(entry, { loadPaths, quietDeps: true, style: "expanded", charset: false });
  const [purged] = await new PurgeCSS().purge({
    content,
    css: [{ raw: withoutRemoteFonts(css) }],
    defaultExtractor: (text) => text.match(/[A-Za-z0-9_-]+/g) ?? [],
    safelist: ["html", "body", "a", ...SET_BY_SCRIPTS],
    keyframes: true,
  });
  if (!purged) throw new Error(`No CSS came out of ${entry}`);
  return purged.css;
}

/**
 * The kit's own font is licensed and remote. Our settings leave it out; this holds if a later kit brings it back.
 * @param {string} css
 */
function withoutRemoteFonts(css) {
  return css.replace(/@font-face\s*\{[^}]*\}/g, "").replace(/"Frutiger[^"]*"\s*,\s*/g, "");
}
