"""Every macro of ``templates/components`` in each of its states, as files to look at: nothing of this is served.

    python tools/preview.py            writes instance/preview/*.html and says where

The pages of ``tools/previews`` are rendered by the real application (its filters, its escaping) with invented people.
Links to built files are made relative, so that the pages open from the disk.
"""

from __future__ import annotations

import argparse
import datetime as dt
import re
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask import Flask, flash
from jinja2 import ChoiceLoader, FileSystemLoader

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from config import Settings  # noqa: E402 - started as a file, the checkout must be on the path first
from selfcare.app import create_app  # noqa: E402 - the path is set above

PAGES = ROOT / "tools" / "previews"
OUT = ROOT / "instance" / "preview"
MONDAY = dt.date(2026, 10, 5)


def week(*states: str, today: int = 1) -> list[dict[str, Any]]:
    """A week of dots from Monday 5 October 2026; Tuesday is today."""
    return [
        {"date": MONDAY + dt.timedelta(days=n), "state": state, "today": n == today}
        for n, state in enumerate(states)
    ]


def chart(
    name: str, values: list[float | None], highest: float, band: tuple[float, float] | None = None
) -> dict[str, Any]:
    """Geometry as ``diaries`` makes it: 28 days on 280 by 100, gaps where nothing was written."""
    width, height, step = 280, 100, 10

    def y(value: float) -> float:
        return round(height - value / highest * height, 1)

    dots = [(n * step + step / 2, y(v), v) for n, v in enumerate(values) if v is not None]
    lines: list[list[tuple[float, float]]] = []
    last = -2
    for n, value in enumerate(values):
        if value is None:
            continue
        if n != last + 1:
            lines.append([])
        lines[-1].append((n * step + step / 2, y(value)))
        last = n
    starts = range(0, len(values), 7)
    first = dt.date(2026, 9, 9)
    return {
        "id": name,
        "title": f"{name}, 9 September to 6 October",
        "description": f"{len(dots)} of {len(values)} days. All numbers are in the table below.",
        "width": width,
        "height": height,
        "y_min": 0,
        "y_max": highest,
        "y_ticks": [{"y": y(v), "label": f"{v:g}"} for v in (0, highest / 2, highest)],
        "x_ticks": [{"x": n * step, "label": f"{first + dt.timedelta(days=n):%-d %b}"} for n in starts],
        "lines": lines,
        "dots": [{"x": x, "y": yy, "flag": v < 4 and highest > 10} for x, yy, v in dots],
        "latest": {"x": dots[-1][0], "y": dots[-1][1]} if dots else None,
        "band": {"y0": y(band[0]), "y1": y(band[1])} if band else None,
    }


PAIN: list[float | None] = [
    5,
    6,
    5,
    None,
    6,
    7,
    6,
    6,
    5,
    None,
    None,
    5,
    6,
    8,
    8,
    7,
    6,
    5,
    5,
    None,
    4,
    5,
    4,
    5,
    None,
    4,
    5,
    4,
]
GLUCOSE: list[float | None] = [
    8.9, None, 9.4, 8.7, 10.2, None, 8.1, 9, 8.8, 11.4, None, None, 8.4, 9.6, 9.9, 8.2, 7.9, None, 8.5, 7.4, 8, 7.7, None,
    8.3, 3.8, 7.6, 7.9, 7.2,
]  # fmt: skip

PEOPLE = {
    "patient": SimpleNamespace(id="", name="Ayşe Kaya", known_as="Ayşe", roles={"patient"}),
    "clinician": SimpleNamespace(
        id="2", name="Grace Mensah", known_as="Grace", roles={"clinician", "administrator"}
    ),
}


def render(app: Flask) -> dict[str, str]:
    """Every page of ``tools/previews``, rendered by this application: name → HTML."""
    loaders = [FileSystemLoader(str(PAGES)), app.jinja_env.loader]
    env = app.jinja_env.overlay(loader=ChoiceLoader([each for each in loaders if each]), cache_size=0)
    pages = {}
    for source in sorted(PAGES.glob("*.html")):
        with app.test_request_context("/"):
            context = _context(source.stem)
            shared: dict[str, Any] = {}
            app.update_template_context(shared)
            pages[source.stem] = env.get_template(source.name).render(shared | context)
    return pages


def write(pages: dict[str, str], out: Path) -> list[Path]:
    """Put the pages into a folder, with links to built files that work from the disk."""
    out.mkdir(parents=True, exist_ok=True)
    local = rf'\1="{(ROOT / "static").as_uri()}/'
    written = []
    for name, html in pages.items():
        target = out / f"{name}.html"
        target.write_text(re.sub(r"(href|src)=\"/static/", local, html), encoding="utf-8")
        written.append(target)
    return written


def _context(page: str) -> dict[str, Any]:
    """What the previews show; by the name of the page: errors, a carer's, one of staff."""
    context: dict[str, Any] = {
        "week": week,
        "chart": chart,
        "pain": PAIN,
        "glucose": GLUCOSE,
        "date": dt.date,
        "hostile": '<img src=x onerror="alert(1)">',
        "current_person": PEOPLE["clinician" if page.startswith("staff") else "patient"],
        "form": SimpleNamespace(values={}, errors={}),
    }
    if page.endswith("errors"):
        context["form"].errors = {
            "confidence": "Select how confident you are, from 0 to 10",
            "note": "Use 500 characters or fewer",
        }
    if page.endswith("carer"):
        context["acting_for"] = SimpleNamespace(
            patient_id="1", name=PEOPLE["patient"].name, writes_anything=True
        )
        flash("Saved. Ayşe can see that you wrote it.")
    return context


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, default=OUT)
    out: Path = parser.parse_args().out
    app = create_app(
        Settings(env="test", secret_key="preview " * 5, base_url="http://localhost", database_url="sqlite://")
    )
    for path in write(render(app), out):
        print(path)


if __name__ == "__main__":
    main()
