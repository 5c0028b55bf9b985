"""Lighthouse's own simulated phone on the pages that people see first: `make lighthouse`.

python -m tools.lighthouse              sign-in, Today, diary, agenda and a clinician's panel, 3 runs each, the middle one counts
python -m tools.lighthouse --runs 1     quicker, and less to be trusted
python -m tools.lighthouse --only Today

Starts the demonstration on a free port with a database of its own, signs in, and ends with status 1 where performance,
accessibility or best practices are under 98. Lighthouse is installed into tools/lighthouse/node_modules at the first run.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from selfcare.demo import accounts
from tests.plugins.browser import find_chromium
from tools import demonstration, frontend

HERE = Path(__file__).resolve().parent
LEAST = 98
PAGES = (
    ("Sign-in", None, "/sign-in"),
    ("Today", "patient@demo.example", "/"),
    ("Diary", "patient@demo.example", "/diary"),
    ("Agenda", "patient@demo.example", "/agenda"),
    ("Panel", "clinician@demo.example", "/panel"),
)
TIMES = {
    "first-contentful-paint": "first paint",
    "largest-contentful-paint": "largest paint",
    "total-blocking-time": "blocked",
    "cumulative-layout-shift": "shift",
}


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tools.lighthouse", description=__doc__.partition("\n")[0]
    )
    parser.add_argument(
        "--runs", type=int, default=3, metavar="N", help="of each page; the middle one counts"
    )
    parser.add_argument("--only", action="append", choices=[name for name, *_ in PAGES], metavar="PAGE")
    options = parser.parse_args()
    install()
    with sync_playwright() as driver:
        chrome = find_chromium(driver)
    if not chrome:
        sys.exit("No Chromium on this machine.")
    with demonstration.running() as address:
        pages: list[dict[str, Any]] = [
            {"name": name, "url": address + path, "headers": {"Cookie": sign_in(address, who)} if who else {}}
            for name, who, path in PAGES
            if not options.only or name in options.only
        ]
        found = measure({"chrome": chrome, "runs": options.runs, "pages": pages})
    sys.exit(0 if report(found, {page["name"]: page["url"] for page in pages}) else 1)


def install() -> None:
    """What package-lock.json of this folder names, once."""
    digest = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    stamp = HERE / "node_modules" / ".selfcare-installed"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == digest:
        return
    print("Installing Lighthouse …", flush=True)
    command = [
        *frontend.npm_command(),
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]
    subprocess.run(command, cwd=HERE, env=frontend.environment(), check=True)
    stamp.write_text(digest, encoding="utf-8")


def sign_in(address: str, email: str) -> str:
    """The session's cookie, as a browser sends it."""
    request = urllib.request.Request(  # noqa: S310 - our own address
        f"{address}/api/v1/session",
        data=json.dumps({"email": email, "password": accounts.PASSWORD}).encode(),
        headers={"Content-Type": "application/json", "Origin": address},
    )
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - our own address
        return "; ".join(each.partition(";")[0] for each in answer.headers.get_all("Set-Cookie"))


def measure(what: dict[str, Any]) -> dict[str, Any]:
    """Let node do it; what it says meanwhile goes to our standard error."""
    done = subprocess.run(
        [*frontend.node_command(), str(HERE / "measure.mjs")],
        input=json.dumps(what),
        cwd=HERE,
        env=frontend.environment(),
        text=True,
        stdout=subprocess.PIPE,
        check=False,
    )
    if done.returncode != 0:
        sys.exit("Lighthouse could not measure.")
    return dict(json.loads(done.stdout))


def report(found: dict[str, Any], asked: dict[str, str]) -> bool:
    """Print it; whether all scores are high enough."""
    good = True
    print(f"\nLighthouse {next(iter(found.values()))['version']}, simulated phone\n")
    print(f"{'':10}{'performance':>12}{'accessibility':>15}{'best practices':>16}")
    for name, page in found.items():
        scores = page["scores"].values()
        print(f"{name:10}{'{:>12}{:>15}{:>16}'.format(*scores)}   {words(page['times'])}")
        if page["url"].rstrip("/") != asked[name].rstrip("/"):
            print(f"          led elsewhere: {page['url']}")
            good = False
        if min(scores) < LEAST:
            good = False
            print("".join(f"          {line}\n" for line in page["lost"]), end="")
    print(f"\nGoal: {LEAST} or more everywhere: {'met' if good else 'NOT MET'}")
    return good


def words(times: dict[str, str]) -> str:
    return ", ".join(f"{word} {times[name]}" for name, word in TIMES.items()).replace("\xa0", " ")


if __name__ == "__main__":
    main()
