// What keeps the kit's files local: its images come from the package, and no built file may name another host.
import { readFileSync } from "node:fs";
import path from "node:path";

/**
 * esbuild plugin: the kit's CSS names its pictures as /assets/images/…; take them from the installed package.
 * @param {string} kit the folder of nhsuk-frontend
 * @returns {import("esbuild").Plugin}
 */
export function kitAssets(kit) {
  return {
    name: "kit-assets",
    setup(build) {
      build.onResolve({ filter: /^\/assets\// }, (args) => ({
        path: path.join(kit, "dist/nhsuk", args.path),
      }));
    },
  };
}

// Names, not addresses: browsers never fetch these.
const NAMESPACES = /https?:\/\/www\.w3\.org\/(?:2000\/svg|1999\/xhtml|1999\/xlink)/g;

/**
 * Fail on a file that names another host. A page must load nothing remote before a person clicks.
 * @param {string} file
 */
export function refuseRemote(file) {
  const found = /(?:https?:)?\/\/[a-z0-9-]+\.[a-z]/i.exec(readFileSync(file, "utf8").replace(NAMESPACES, ""));
  if (found) throw new Error(`${path.basename(file)} names another host, near: ${found[0]}`);
}
