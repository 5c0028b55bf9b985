// Measure the pages that come as JSON on standard input, [{name, url, headers}], as a phone of Lighthouse's own simulation
// would see them; write {name: {category: score}} and what cost points as JSON to standard output.
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const CATEGORIES = ["performance", "accessibility", "best-practices"];
const FLAGS = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
];

let text = "";
for await (const part of process.stdin) text += part;
const { chrome, runs, pages } = JSON.parse(text);

const found = {};
for (const page of pages) {
  const measured = [];
  for (let run = 0; run < runs; run += 1) measured.push(await once(page));
  measured.sort((a, b) => a.scores.performance - b.scores.performance);
  found[page.name] = measured[Math.floor(measured.length / 2)];
  process.stderr.write(`${page.name} measured ${runs} times\n`);
}
process.stdout.write(JSON.stringify(found));

/**
 * One visit by a browser that has nothing yet. A busy machine loses the beginning of a trace now and then; that is no score.
 * @param {{name: string, url: string, headers: Record<string, string>}} page
 */
async function once(page, triesLeft = 3) {
  const browser = await launch({ chromePath: chrome, chromeFlags: FLAGS });
  try {
    const { lhr } = await lighthouse(page.url, {
      port: browser.port,
      output: "json",
      logLevel: "error",
      onlyCategories: CATEGORIES,
      extraHeaders: page.headers,
    });
    if (!lhr.runtimeError) return read(lhr);
    if (triesLeft === 1) throw new Error(`${page.url}: ${lhr.runtimeError.message}`);
  } finally {
    browser.kill();
  }
  return once(page, triesLeft - 1);
}

/** @param {any} report Lighthouse's own */
function read(report) {
  const scores = {};
  const lost = [];
  for (const name of CATEGORIES) {
    const category = report.categories[name];
    scores[name] = Math.round(category.score * 100);
    for (const { id, weight } of category.auditRefs) {
      const audit = report.audits[id];
      if (weight > 0 && audit.score !== null && audit.score < 0.9) {
        lost.push(`${name}: ${audit.title}${audit.displayValue ? ` (${audit.displayValue})` : ""}`);
      }
    }
  }
  const times = {};
  for (const id of [
    "first-contentful-paint",
    "largest-contentful-paint",
    "total-blocking-time",
    "cumulative-layout-shift",
  ]) {
    times[id] = report.audits[id].displayValue;
  }
  return { scores, times, lost, url: report.finalDisplayedUrl, version: report.lighthouseVersion };
}
