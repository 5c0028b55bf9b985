// One style sheet: the kit without remote fonts, then our own layer; of both, without what no template can reach.
import path from "node:path";
import postcss from "postcss";
import { PurgeCSS } from "purgecss";
import * as sass from "sass";
import { smaller } from "./smaller.mjs";

/** Parts of a selector that need not be there: attributes' words, and what is ruled out or one of several. */
const IN_BRACKETS = /\[[^\]]*\]|:(?:not|is|where|has)\([^()]*(?:\([^()]*\)[^()]*)*\)/g;

/** Classes that the kit's scripts set on the page; ours name theirs. */
const SET_BY_SCRIPTS = [/^nhsuk-frontend-supported$/, /--hidden$/];

/**
 * @param {string} name of a file in static/css, without its ending
 * @param {string} root
 * @returns {string} CSS as it stands there, not yet minified
 */
export function compileAlone(name, root) {
  return sass.compile(path.join(root, `static/css/${name}.scss`), {
    loadPaths: [path.join(root, "node_modules")],
    quietDeps: true,
    charset: false,
  }).css;
}

/**
 * @param {string} sheet patient or staff
 * @param {{content: {raw: string, extension: string}[], beginnings: string[], root: string}} options
 * @returns {Promise<string>} CSS, not yet minified
 */
export async function compileStyles(sheet, { content, beginnings, root }) {
  const compile = (/** @type {string} */ name) => compileAlone(name, root);
  const [kit] = await new PurgeCSS().purge({
    content,
    css: [{ raw: withoutRepeats(withoutRemoteFonts(compile("kit"))) }],
    defaultExtractor: (text) => text.match(/[A-Za-z0-9_-]+/g) ?? [],
    safelist: ["html", "body", "a", ...SET_BY_SCRIPTS, ...beginnings.map((start) => new RegExp(`^${start}`))],
    keyframes: true,
    variables: true,
  });
  if (!kit) throw new Error("Nothing of the kit's CSS came through");
  const words = content.map((each) => each.raw).join("\n");
  const own = withoutUnused(compile(sheet), words, beginnings);
  return smaller(`${withoutUnreachable(kit.css, words)}\n${own}`);
}

/**
 * Our own layer without rules for classes that no page of this sheet has. Not by PurgeCSS, which takes `:is(…)` and
 * `:not(:has(…))` for what must be there: only a class that stands free in a selector counts.
 * @param {string} css
 * @param {string} words every template that counts
 * @param {string[]} beginnings of classes that templates put together
 */
function withoutUnused(css, words, beginnings) {
  const known = new Set(words.match(/[A-Za-z0-9_-]+/g));
  const root = postcss.parse(css);
  root.walkRules((rule) => {
    const used = rule.selectors.filter((selector) => {
      // `:where(.a)` must be there as `.a` must; it only weighs nothing.
      const free = selector.replace(/:where\((\.[\w-]+)\)/g, "$1").replace(IN_BRACKETS, "");
      const names = free.match(/(?<=\.)[A-Za-z_][\w-]*/g) ?? [];
      return names.every((name) => known.has(name) || beginnings.some((start) => name.startsWith(start)));
    });
    if (used.length) rule.selectors = used;
    else rule.remove();
  });
  root.walkAtRules((rule) => {
    if (rule.nodes?.length === 0) rule.remove();
  });
  return root.toString();
}

/**
 * What PurgeCSS leaves standing: `a:has(.b)` where no page has a b, kinds of inputs that no page has, and elements that
 * are only words on our pages: "code", "address".
 * @param {string} css
 * @param {string} words every template that counts
 */
function withoutUnreachable(css, words) {
  const known = new Set(words.match(/[A-Za-z0-9_-]+/g));
  const tags = new Set(["html", "body", ...(words.match(/(?<=<)[a-z][a-z0-9]*/g) ?? [])]);
  if (words.includes("<h{{")) for (const level of [1, 2, 3]) tags.add(`h${level}`);
  const root = postcss.parse(css);
  root.walkRules((rule) => {
    if (rule.parent?.type === "atrule" && /keyframes$/.test(rule.parent.name)) return;
    const reachable = rule.selectors.filter((selector) => {
      const inside = [...selector.matchAll(/:has\(([^()]*)\)/g)].flatMap(
        ([, has]) => has.match(/\.[\w-]+/g) ?? [],
      );
      const kind = /\[type="?(search|number)/.exec(selector)?.[1];
      const elements = selector.replace(IN_BRACKETS, "").match(/(?<![\w.#:-])[a-z][a-z0-9]*/g) ?? [];
      return (
        inside.every((name) => known.has(name.slice(1))) &&
        elements.every((name) => tags.has(name)) &&
        (!kind || words.includes(`type="${kind}"`))
      );
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
 * What the kit says again and browsers do anyway. On paper it sets its own sizes, in points: ours, in rem, are the same on
 * paper. In forced colours a link has the system's colour for links whoever says so.
 * @param {string} css the kit's
 */
function withoutRepeats(css) {
  const root = postcss.parse(css);
  root.walkAtRules("media", (media) => {
    media.walkDecls((decl) => {
      const size = /\bprint\b/.test(media.params) && /^(font-size|line-height)$/.test(decl.prop);
      const link = /forced-colors/.test(media.params) && /^(Link|Visited|Active)Text$/.test(decl.value);
      if (size || link) decl.remove();
    });
    media.walkRules((rule) => {
      if (rule.nodes.length === 0) rule.remove();
    });
    if (media.nodes?.length === 0) media.remove();
  });
  return root.toString();
}
