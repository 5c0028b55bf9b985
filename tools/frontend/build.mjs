// Build static/dist: style sheets (of the kit only what templates can reach), scripts, icons, and a
// manifest from logical names to hashed files. Started by tools/frontend.py, which knows where the kit's macros are.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { brotliCompressSync } from "node:zlib";
import * as esbuild from "esbuild";
import { contentFor } from "./content.mjs";
import { kitAssets, refuseRemote } from "./plugin.mjs";
import { keepReleases } from "./releases.mjs";
import { compileAlone, compileStyles } from "./styles.mjs";

const ROOT = path.resolve(import.meta.dirname, "../..");
const DIST = path.join(ROOT, "static/dist");
// What phones still in use understand: container for `:has`, logical properties and `inset`.
const TARGET = ["es2020", "chrome105", "firefox121", "safari15.4"];

const { values } = parseArgs({ options: { "kit-macros": { type: "string" } } });
if (!values["kit-macros"]) throw new Error("Start the build with: python tools/frontend.py build");

/** @type {Record<string, string>} logical name → file inside static/dist */
const manifest = {};
/** @type {Set<string>} every file this build wrote, inside static/dist */
const written = new Set();
await mkdir(DIST, { recursive: true });

await buildStyles();
await buildScripts();
await copyPictures();
await writeManifest();
await buildServiceWorker();
await keepReleases(DIST, [...written, ...Object.values(manifest)], ["manifest.json", "sw.js"]);
await report();

async function buildStyles() {
  for (const sheet of ["patient", "staff"]) {
    const { content, beginnings } = await contentFor(sheet, { root: ROOT, kitMacros: values["kit-macros"] });
    const css = await compileStyles(sheet, { content, beginnings, root: ROOT });
    const built = await esbuild.build({
      ...common(),
      stdin: { contents: css, loader: "css", resolveDir: path.join(ROOT, "static/css"), sourcefile: sheet },
      entryNames: `${sheet}.[hash]`,
      plugins: [kitAssets(path.join(ROOT, "node_modules/nhsuk-frontend"))],
      loader: { ".svg": "file" },
      assetNames: "images/[name].[hash]",
    });
    remember(built, () => `${sheet}.css`);
  }
  // What a few pages load beside one of those: ours alone, nothing to leave out.
  for (const sheet of ["aside", "sheet", "onepage", "a4"]) {
    const built = await esbuild.build({
      ...common(),
      stdin: { contents: compileAlone(sheet, ROOT), loader: "css", sourcefile: sheet },
      entryNames: `${sheet}.[hash]`,
    });
    remember(built, () => `${sheet}.css`);
  }
}

async function buildScripts() {
  const folder = path.join(ROOT, "static/js/entries");
  const names = (await readdir(folder)).filter((name) => name.endsWith(".js")).sort();
  const built = await esbuild.build({
    ...common(),
    entryPoints: names.map((name) => path.join(folder, name)),
    entryNames: "[name].[hash]",
    format: "esm",
  });
  remember(built, (output) => path.basename(output.entryPoint));
}

/** Icons, and the pictures of ourselves that the web app's manifest names. */
async function copyPictures() {
  for (const kind of ["icons", "screens"]) {
    const folder = path.join(ROOT, "static", kind);
    await mkdir(path.join(DIST, kind), { recursive: true });
    for (const name of (await readdir(folder)).sort()) {
      const bytes = await readFile(path.join(folder, name));
      const { name: stem, ext } = path.parse(name);
      const hashed = `${kind}/${stem}.${hashOf(bytes)}${ext}`;
      await writeFile(path.join(DIST, hashed), bytes);
      manifest[`${kind}/${name}`] = hashed;
    }
  }
}

/**
 * The worker keeps one name, since browsers look for its next version at the same address. It is given
 * SELFCARE_ASSETS, the manifest at the time of the build, to know what it may keep for offline use: not the pictures
 * that only the phone itself shows, before it installs and on its Home Screen, nor what paper needs.
 */
async function buildServiceWorker() {
  const source = path.join(ROOT, "static/js/sw.js");
  if (!existsSync(source)) return;
  const offline = Object.entries(manifest).filter(
    ([name]) => !/^(screens\/|icons\/shortcut-|(aside|sheet|onepage|a4)\.css$|print\.js$)/.test(name),
  );
  await esbuild.build({
    ...common(),
    entryPoints: [source],
    entryNames: "sw",
    format: "iife",
    // The server puts the hash of its offline page in place of the second (selfcare/home/shell.py).
    define: {
      SELFCARE_ASSETS: JSON.stringify(Object.fromEntries(offline)),
      SELFCARE_PAGE: '"SELFCARE_PAGE"',
    },
  });
}

async function writeManifest() {
  const sorted = Object.fromEntries(Object.entries(manifest).sort(([a], [b]) => (a < b ? -1 : 1)));
  const draft = path.join(DIST, "manifest.json.draft");
  await writeFile(draft, `${JSON.stringify(sorted, null, 2)}\n`);
  await rename(draft, path.join(DIST, "manifest.json"));
}

/** @returns {esbuild.BuildOptions} */
function common() {
  return {
    absWorkingDir: ROOT,
    bundle: true,
    minify: true,
    metafile: true,
    legalComments: "none",
    charset: "utf8",
    target: TARGET,
    outdir: DIST,
    logLevel: "warning",
  };
}

/**
 * Note what a build wrote, after looking through it for addresses of other hosts.
 * @param {esbuild.BuildResult} built
 * @param {(output: {entryPoint: string}) => string} logicalName
 */
function remember(built, logicalName) {
  for (const [file, output] of Object.entries(built.metafile.outputs)) {
    const inside = path.relative(DIST, path.join(ROOT, file));
    written.add(inside);
    refuseRemote(path.join(ROOT, file));
    if (output.entryPoint) manifest[logicalName(output)] = inside;
  }
}

/** @param {Buffer} bytes */
function hashOf(bytes) {
  // The alphabet and length of esbuild's own hashes, so that one rule tells hashed files from others.
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  return [...createHash("sha256").update(bytes).digest().subarray(0, 8)]
    .map((b) => alphabet[b & 31])
    .join("");
}

async function report() {
  for (const [name, file] of Object.entries(manifest)) {
    if (!/\.(css|js)$/.test(name)) continue;
    const bytes = await readFile(path.join(DIST, file));
    const small = brotliCompressSync(bytes).length;
    console.log(`${name.padEnd(16)} ${bytes.length} bytes, ${small} as brotli`);
  }
}
