// What stays in static/dist: the files of this build and of the two before it. A page that was opened before a release, a
// server that is not restarted yet and a worker that has not been refreshed all ask for theirs.
import { readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";

const RELEASES = 3;
const A_DAY = 24 * 60 * 60 * 1000;
const LIST = "releases.json";

/**
 * Note what this build wrote, and remove what none of the last three builds did and nobody can have asked for within a day:
 * developers build more often than services release. The same files again are the same release.
 * @param {string} dist
 * @param {string[]} files of this build, inside dist, with a hash in the name
 * @param {string[]} unhashed what changes in place, so that no older copy of it is worth keeping
 * @param {number} now milliseconds
 */
export async function keepReleases(dist, files, unhashed, now = Date.now()) {
  const built = [...new Set(files)].sort();
  const before = (await releasesOf(dist)).filter((each) => each.join() !== built.join());
  const releases = [built, ...before].slice(0, RELEASES);
  const draft = path.join(dist, `${LIST}.draft`);
  await writeFile(draft, `${JSON.stringify(releases)}\n`);
  await rename(draft, path.join(dist, LIST));

  const kept = new Set([...releases.flat(), ...unhashed, LIST]);
  for (const entry of await readdir(dist, { recursive: true, withFileTypes: true })) {
    const full = path.join(entry.parentPath, entry.name);
    const name = path.relative(dist, full).split(path.sep).join("/");
    const hashed = /\.[0-9A-Z]{8}\./.test(name);
    if (!entry.isFile() || kept.has(name) || (hashed && kept.has(name.replace(/\.(br|gz)$/, "")))) continue;
    if (!hashed || now - (await stat(full)).mtimeMs > A_DAY) await rm(full);
  }
}

/**
 * @param {string} dist
 * @returns {Promise<string[][]>} newest first; none where there is no list yet, or one that cannot be read
 */
async function releasesOf(dist) {
  try {
    const found = JSON.parse(await readFile(path.join(dist, LIST), "utf8"));
    return Array.isArray(found) ? found.filter(Array.isArray) : [];
  } catch {
    return [];
  }
}
