"""Everything that can be said about the code without running the product; each line says what it looks at.

    python tools/check.py [NAME …]     all checks, or the named ones
    python tools/check.py --fix        mend the layout of files, and what else mends itself
    python tools/check.py --list       their names

Two run at a time. What a check has to say is printed only when it fails.
"""

import argparse
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

COLOURS = re.compile(r"\x1b(\[[0-9;]*[A-Za-z]|\]8;;.*?\x1b\\)")  # and links, as terminals know them
ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
BIN = Path(PYTHON).parent


def _tool(name: str, *words: str) -> tuple[str, ...]:
    """A command that the virtual environment brought."""
    return (str(BIN / name), *words)


@dataclass(frozen=True)
class Check:
    """A name, what it looks at, and the commands that look, or mend."""

    name: str
    about: str
    looks: tuple[tuple[str, ...], ...]
    mends: tuple[tuple[str, ...], ...] = ()


CHECKS = (
    Check("types", "Python's types (mypy, strict)", (_tool("mypy", "--no-error-summary"),)),
    Check(
        "scripts",
        "scripts and style sheets: types, format, lint (tsc, Biome)",
        ((PYTHON, "tools/frontend.py", "check"),),
        ((PYTHON, "tools/frontend.py", "fix"),),
    ),
    Check(
        "lint",
        "Python's lint (ruff)",
        (_tool("ruff", "check", "--quiet", "--output-format=concise", "."),),
        (_tool("ruff", "check", "--quiet", "--fix", "."),),
    ),
    Check(
        "format",
        "Python's layout (ruff)",
        (_tool("ruff", "format", "--check", "--quiet", "--output-format=concise", "."),),
        (_tool("ruff", "format", "--quiet", "."),),
    ),
    Check(
        "imports",
        "imports point down the house (import-linter)",
        (_tool("lint-imports", "--no-logo", "--no-cache"),),
    ),
    Check(
        "templates",
        "templates: lint, and what the content security policy asks (djlint)",
        (_tool("djlint", "templates", "--lint", "--quiet"),),
    ),
    Check(
        "translations",
        "every string for people is collected",
        ((PYTHON, "tools/translations.py", "check"),),
        ((PYTHON, "tools/translations.py", "update"),),
    ),
    Check(
        "packs", "packs: owner, licence, version, review, languages", (_tool("selfcare", "packs", "check"),)
    ),
)


def run(check: Check, fix: bool) -> tuple[bool, str, float]:
    """Whether it is content, what it said, and how long it took in seconds."""
    started = time.monotonic()
    said: list[str] = []
    content = True
    for command in check.mends if fix else check.looks:
        done = subprocess.run(
            command,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        if done.returncode != 0:
            content = False
            said.append(COLOURS.sub("", done.stdout).strip())
    return content, "\n".join(said), time.monotonic() - started


def main() -> None:
    names = [check.name for check in CHECKS]
    parser = argparse.ArgumentParser(description="Check everything that needs no running product.")
    parser.add_argument(
        "name", nargs="*", metavar="NAME", help=f"one of {', '.join(names)}; all of them by default"
    )
    parser.add_argument("--fix", action="store_true", help="mend what mends itself, one after the other")
    parser.add_argument("--list", action="store_true", help="the names of the checks")
    options = parser.parse_args()
    if options.list:
        print("\n".join(f"{check.name:<13} {check.about}" for check in CHECKS))
        return
    unknown = set(options.name) - set(names)
    if unknown:
        parser.error(f"no such check: {', '.join(sorted(unknown))} (there are {', '.join(names)})")
    chosen = [
        c for c in CHECKS if (not options.name or c.name in options.name) and (c.mends or not options.fix)
    ]
    failed: list[str] = []
    with ThreadPoolExecutor(max_workers=1 if options.fix else min(4, os.cpu_count() or 1)) as pool:
        waiting = {pool.submit(run, check, options.fix): check for check in chosen}
        for done in as_completed(waiting):
            check = waiting[done]
            content, said, seconds = done.result()
            print(f"{'✓' if content else '✗'} {check.name:<13} {check.about} ({seconds:.1f} s)", flush=True)
            if not content:
                failed.append(check.name)
                print("\n" + "\n".join(f"    {line}" for line in said.splitlines()) + "\n", flush=True)
    if failed:
        sys.exit(
            f"Not content: {', '.join(failed)}. One again: make check ARGS={failed[0]}. Many mend with: make format"
        )


if __name__ == "__main__":
    main()
