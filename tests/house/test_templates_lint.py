"""The lint of templates refuses what would be unsafe or blocked, and passes what we write every day."""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

REFUSED = [
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
]
GOOD = (
    '{% from "components/icons.html" import icon %}\n'
    '<script type="module" src="{{ asset_url("patient.js") }}"></script>\n'
    '<h1>{{ _("Your goals") }}</h1>\n'
    '<p>{{ goal.statement }}</p>\n<a href="/goals/new">{{ icon("plus") }}{{ _("Set a goal") }}</a>\n'
)


@pytest.fixture(scope="module")
def codes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """The codes that djlint gives each page under our settings, in one run: to start it takes longer than to lint."""
    folder = tmp_path_factory.mktemp("pages")
    pages = [*(page for page, _code in REFUSED), GOOD]
    for number, page in enumerate(pages):
        (folder / f"{number}.html").write_text(page, encoding="utf-8")
    settings = ("--configuration", str(ROOT / "pyproject.toml"), "--rules", str(ROOT / ".djlint_rules.yaml"))
    said = ("--quiet", "--linter-output-format", "{filename} {code}")
    run = subprocess.run(
        [sys.executable, "-m", "djlint", str(folder), "--lint", *said, *settings],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in run.stdout + run.stderr
    found = defaultdict(set)
    for line in run.stdout.splitlines():
        name, _space, code = line.strip().rpartition(" ")
        found[Path(name).stem].add(code)
    return {page: found[str(number)] for number, page in enumerate(pages)}


@pytest.mark.parametrize(("page", "code"), REFUSED)
def test_unsafe_or_blocked_is_refused(codes, page, code):
    assert code in codes[page]


def test_a_good_page_passes(codes):
    assert codes[GOOD] == set()
