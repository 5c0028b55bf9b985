"""The lint of templates refuses what would be unsafe or blocked, and passes what we write every day."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def codes(folder: Path, page: str) -> set[str]:
    """The codes that djlint gives a page under our settings."""
    (folder / "page.html").write_text(page, encoding="utf-8")
    settings = ("--configuration", str(ROOT / "pyproject.toml"), "--rules", str(ROOT / ".djlint_rules.yaml"))
    run = subprocess.run(
        [sys.executable, "-m", "djlint", str(folder), "--lint", "--quiet", *settings],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in run.stdout + run.stderr
    return set(re.findall(r"^([A-Z]{1,2}[0-9]{3}) ", run.stdout, flags=re.MULTILINE))


@pytest.mark.parametrize(
    ("page", "code"),
    [
        ("<p>{{ goal.statement|safe }}</p>", "SC001"),
        ('<p>{{ _("You wrote %(x)s", x={"a": 1}) | safe }}</p>', "SC001"),
        ("{% set words = note|safe %}", "SC001"),
        ("{% autoescape false %}<p>{{ note }}</p>{% endautoescape %}", "SC001"),
        ('<button type="button" onclick="save()">Save</button>', "SC002"),
        ("<script>save()</script>", "SC003"),
        ("<style>p { color: red }</style>", "SC003"),
        ('<a href="javascript:save()">Save</a>', "SC003"),
        ('<link rel="stylesheet" href="https://fonts.example/a.css">', "SC004"),
        ('<img alt="" height="1" width="1" src="//pixel.example/a.png">', "SC004"),
        ('<p style="color: red">Pain</p>', "H021"),
    ],
)
def test_unsafe_or_blocked_is_refused(tmp_path, page, code):
    assert code in codes(tmp_path, page)


def test_a_good_page_passes(tmp_path):
    page = (
        '{% from "components/icons.html" import icon %}\n'
        '<script type="module" src="{{ asset_url("patient.js") }}"></script>\n'
        '<h1>{{ _("Your goals") }}</h1>\n'
        '<p>{{ goal.statement }}</p>\n<a href="/goals/new">{{ icon("plus") }}{{ _("Set a goal") }}</a>\n'
    )
    assert codes(tmp_path, page) == set()
