// One style sheet: the kit without remote fonts and without what no template can reach, then our own layer as it is.
import path from "node:path";
import postcss from "postcss";
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
  const words = content.map((each) => each.raw).join("\n");
  return `${withoutUnreachable(kit.css, words)}\n${compile(sheet)}`;
}

/**
 * What PurgeCSS leaves standing: `a:has(.b)` where no page has a b, and kinds of inputs that no page has.
 * @param {string} css
 * @param {string} words every template that counts
 */
function withoutUnreachable(css, words) {
  const known = new Set(words.match(/[A-Za-z0-9_-]+/g));
  const root = postcss.parse(css);
  root.walkRules((rule) => {
    const reachable = rule.selectors.filter((selector) => {
      const inside = [...selector.matchAll(/:has\(([^()]*)\)/g)].flatMap(
        ([, has]) => has.match(/\.[\w-]+/g) ?? [],
      );
      const kind = /\[type="?(search|number)/.exec(selector)?.[1];
      return inside.every((name) => known.has(name.slice(1))) && (!kind || words.includes(`type="${kind}"`));
    });
    if (reachable.length) rule.selectors = reachable;
    else rule.remove();
  });
  root.walkAtRules((rule) => {
    if (rule.nodes?.length === 0) rule.remove();
  });
  return root.toString();
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
