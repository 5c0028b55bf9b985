"""``python -m bench``: the yardsticks of docs/performance.md, side by side in one run.

python -m bench                     all of them, under 4 minutes
python -m bench --only pages        one (may be given several times)
python -m bench --rounds 10         fewer or more rounds of each
python -m bench --json              for a program; progress goes to standard error
python -m bench --large             panel and summary over millions of diary entries
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass

from bench import large, pages, reminding, report, saves, sealing, signing_in, statements, transfer
from bench.measure import Result
from bench.world import Run, World


@dataclass(frozen=True)
class Yardstick:
    """A name, what it compares, and what does it."""

    name: str
    about: str
    run: Callable[[Run], list[Result]]


YARDSTICKS = (
    Yardstick("pages", "each page through waitress against its own template rendered bare there", pages.run),
    Yardstick("statements", "SQL statements a page, with 5 and with 500 patients", statements.run),
    Yardstick("save", "one durable diary entry against the bare driver", saves.run),
    Yardstick("sign-in", "signing in against the argon2 hash alone", signing_in.run),
    Yardstick("transfer", "what a phone loads at a first and at a second visit, brotli", transfer.run),
    Yardstick("encryption", "one push message, RFC 8291, against bare crypto and plain webpush", sealing.run),
    Yardstick("reminders", "the whole reminder chain against a job per reminder", reminding.run),
)


def main() -> None:
    names = [each.name for each in YARDSTICKS]
    parser = argparse.ArgumentParser(
        prog="python -m bench", description="Speed, as ratios to the same work done bare."
    )
    parser.add_argument("--only", action="append", choices=names, metavar="NAME", help=", ".join(names))
    parser.add_argument("--rounds", type=int, metavar="N", help="rounds of each, instead of its own number")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--no-postgres", action="store_true", help="leave PostgreSQL out")
    parser.add_argument("--large", action="store_true", help="instead: pages over millions of entries")
    parser.add_argument("--entries", type=int, metavar="N", help="with --large: how many entries")
    options = parser.parse_args()
    if options.rounds is not None and options.rounds < 1:
        parser.error("--rounds takes 1 or more")
    for name in [name for name in os.environ if name.startswith("SELFCARE_")]:
        del os.environ[name]  # the bench compares this code, not this machine's settings
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit("Stopped."))  # servers and data go, too
    world = World(with_postgres=not options.no_postgres)
    try:
        _run(options, world)
    except KeyboardInterrupt:
        sys.exit("Stopped.")
    finally:
        world.close()


def _run(options: argparse.Namespace, world: World) -> None:
    facts = report.machine(world.folder)
    if not options.json:
        report.show_machine(facts)
    if options.large:
        chosen = [
            Yardstick(
                "large",
                "panel and summary over many diary entries",
                lambda run: large.run(run, options.entries),
            )
        ]
    else:
        chosen = [each for each in YARDSTICKS if not options.only or each.name in options.only]
    found: dict[str, list[Result]] = {}
    broken = []
    for each in chosen:
        try:
            found[each.name] = each.run(Run(world, lambda usual: options.rounds or usual))
        except Exception as problem:
            # What the others found is not lost; the run still ends as failed.
            traceback.print_exc()
            broken.append(each.name)
            found[each.name] = [Result(each.name, "", also=f"not measured: {problem}")]
        if not options.json:
            report.show(each.name, each.about, found[each.name])
    if options.json:
        print(report.as_json(facts, found))
    if broken:
        sys.exit(f"Not measured: {', '.join(broken)}")


if __name__ == "__main__":
    main()
