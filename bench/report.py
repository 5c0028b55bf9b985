"""What the bench says: a table for people, JSON for programs, a line of progress meanwhile."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from bench.measure import Ratio, Result

_errors = Console(stderr=True)


@contextmanager
def progress(what: str, rounds: int) -> Iterator[Callable[[], None]]:
    """A bar on standard error, or, where that is a file, a line at the beginning and one at the end."""
    if _errors.is_terminal:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=_errors, transient=True) as bar:
            task = bar.add_task(what, total=rounds)
            yield lambda: bar.advance(task)
        return
    started = time.monotonic()
    print(f"{what} …", file=sys.stderr, flush=True)
    yield lambda: None
    print(f"{what}: {rounds} in {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)


def say(text: str) -> None:
    """One line on standard error."""
    print(text, file=sys.stderr, flush=True)


def machine(folder: Path) -> dict[str, Any]:
    """What the run was made on."""
    return {
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "load": round(os.getloadavg()[0], 1),
        "fsync_ms": round(_fsync(folder) * 1000, 2),
    }


def show_machine(facts: dict[str, Any]) -> None:
    """The first line of the report."""
    print(
        f"{facts['cores']} cores, Python {facts['python']}, SQLite {facts['sqlite']}, one fsync {facts['fsync_ms']:g} ms,"
        f" load {facts['load']:g} at the start.\nRatios: 1.0 is as fast as what it is measured against, 0.5 takes twice"
        " as long. In brackets 80% of the rounds."
    )


def show(name: str, about: str, results: list[Result]) -> None:
    """One yardstick's lines."""
    table = Table(
        title=f"\n{name}: {about}", title_justify="left", title_style="bold", box=None, pad_edge=False
    )
    for head in ("", "against", "ratio", "rounds", "", "goal"):
        table.add_column(head, justify="right" if head in ("ratio", "rounds") else "left", overflow="fold")
    for each in results:
        met = "" if each.met is None else "  met" if each.met else "  NOT MET"
        table.add_row(
            each.subject,
            each.against,
            written(each.ratio),
            str(each.ratio.rounds) if each.ratio else "",
            each.also,
            each.goal + met,
        )
    console = Console()
    if not console.is_terminal:
        console.width = 150
    console.print(table)


def written(ratio: Ratio | None) -> str:
    """``0.46 (0.41–0.52)``; with fewer digits where it is large."""
    if ratio is None:
        return ""
    digits = 2 if ratio.middle < 10 else 1 if ratio.middle < 100 else 0
    return f"{ratio.middle:.{digits}f} ({ratio.low:.{digits}f}–{ratio.high:.{digits}f})"


def as_json(facts: dict[str, Any], found: dict[str, list[Result]]) -> str:
    """Everything, for a program."""
    return json.dumps(
        {
            "machine": facts,
            "yardsticks": {name: [asdict(each) for each in results] for name, results in found.items()},
        },
        indent=2,
    )


def _fsync(folder: Path) -> float:
    """Seconds that the disk takes to have 4 KiB safe: what one durable commit cannot do without."""
    path, times = folder / "fsync", []
    with path.open("wb", buffering=0) as file:
        for _each in range(30):
            started = time.perf_counter()
            file.write(bytes(4096))
            os.fsync(file.fileno())
            times.append(time.perf_counter() - started)
    path.unlink()
    return sorted(times)[len(times) // 2]
