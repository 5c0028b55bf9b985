"""What the front-end build leaves in ``static/dist``: local, whole for our templates, and small."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from html.parser import HTMLParser
from pathlib import Path

import brotli
import pytest

from selfcare.edge import assets
from tests import scene
from tools import frontend, preview

pytestmark = pytest.mark.any_database  # built files

ROOT = Path(__file__).resolve().parents[2]
DIST = ROOT / "static" / "dist"
KIT = ROOT / "node_modules" / "nhsuk-frontend" / "dist" / "nhsuk" / "nhsuk-frontend.css"
SHEETS = ("patient.css", "staff.css")

# docs: performance.md's goal for a first visit, as brotli.
HTML_AND_CSS = 14 * 1024
ALL = 25 * 1024
# Where a patient's own visit begins: the tabs, and what a reminder leads to.
PLACES = ("/", "/diary", "/diary/new", "/goals", "/learn", "/more", "/agenda")


def built(name: str) -> bytes:
    """A built file by its logical name."""
    names = json.loads((DIST / "manifest.json").read_text(encoding="utf-8"))
    return (DIST / names[name]).read_bytes()


def small(data: bytes) -> int:
    """Bytes on the wire."""
    return len(brotli.compress(data))


def test_a_front_end_that_is_not_built_says_what_builds_it(tmp_path):
    with pytest.raises(RuntimeError, match="make frontend"):
        assets.Assets(tmp_path / "manifest.json")


def test_a_file_that_the_build_does_not_have_says_so(tmp_path):
    manifest = tmp_path / "manifest.json"
    manifest.write_text('{"patient.css": "patient.KA63DYRI.css"}')
    asset_url = assets.Assets(manifest)
    assert asset_url("patient.css") == "/static/dist/patient.KA63DYRI.css"
    with pytest.raises(RuntimeError, match=r"pateint\.css.*make frontend"):
        asset_url("pateint.css")


def test_built_files_are_kept_for_ever_and_the_others_are_asked_for_again(app):
    client = app.test_client()
    names = json.loads((DIST / "manifest.json").read_text(encoding="utf-8"))
    assert all(re.match(assets.HASHED, name) for name in names.values())
    with client.get(assets.URL + names["patient.css"], headers={"Accept-Encoding": "br"}) as sheet:
        assert "immutable" in sheet.headers["Cache-Control"]
        assert sheet.headers["Content-Encoding"] == "br"
    with client.get("/static/icons/icon.svg") as icon:
        assert "immutable" not in icon.headers["Cache-Control"]
    with client.get("/static/dist/manifest.json") as manifest:
        assert "immutable" not in manifest.headers["Cache-Control"]


@pytest.mark.parametrize(
    "path", sorted(DIST.rglob("*.css")) + sorted(DIST.rglob("*.js")), ids=lambda path: path.name.split(".")[0]
)
def test_nothing_built_names_another_host(path):
    text = path.read_text(encoding="utf-8")
    assert not re.findall(r"(?:https?:)?//(?!www\.w3\.org/)[a-z0-9-]+\.[a-z]+", text)
    assert "Frutiger" not in text
    # The content security policy lets pictures come from files only.
    assert not re.search(r"url\([\"']?data:", text)


class Classes(HTMLParser):
    """Every class that a page uses."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= set((dict(attrs).get("class") or "").split())


def styled(css: str) -> set[str]:
    """The classes that a style sheet has something to say about."""
    return set(re.findall(r"\.(-?[a-zA-Z_][\w-]*)", css))


def needed(css: str, used: set[str]) -> set[str]:
    """Those of the used classes that the sheet would style on such a page: rules for parts that are not there do not count."""
    rules = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    selectors = {one for rule in re.findall(r"([^{}@;]+)\{", rules) for one in rule.split(",")}
    return {name for one in selectors if (names := styled(one)) <= used for name in names}


def test_the_style_sheets_hold_every_class_that_the_macros_use(app):
    kit = KIT.read_text(encoding="utf-8")
    sheets = {name: styled(built(name).decode()) for name in SHEETS}
    lost = set()
    for page, html in preview.render(app).items():
        classes = Classes()
        classes.feed(html)
        wanted = needed(kit, classes.found)
        assert "nhsuk-button" in wanted
        sheet = sheets["staff.css" if page.startswith("staff") else "patient.css"]
        lost |= {f"{page}: {name}" for name in wanted - sheet}
    assert lost == set()


@pytest.mark.parametrize("sheet", ["patient", "staff"])
def test_the_style_sheets_hold_every_class_of_our_own_layer_that_pages_use(app, sheet):
    folders = [ROOT / "static" / "css" / name for name in ("shared", sheet)]
    own = "\n".join(path.read_text("utf-8") for folder in folders for path in folder.glob("*.css"))
    classes = Classes()
    for page, html in preview.render(app).items():
        if page.startswith("staff") == (sheet == "staff"):
            classes.feed(html)
    wanted = {name for name in needed(own, classes.found) if name.startswith(("sc-", "is-"))}
    assert len(wanted) > 30
    beside = built({"patient": "aside.css", "staff": "onepage.css"}[sheet]).decode()
    assert wanted - styled(built(f"{sheet}.css").decode() + beside) == set()


def test_rules_that_name_what_is_not_there_are_not_cut():
    """Dark pages and sizes begin so; PurgeCSS takes them for rules about parts that no page has."""
    patient = built("patient.css").decode()
    assert ":root:not(:has(.sc-clin))" in patient
    assert "body:not(.sc-clin) :is(.nhsuk-input,.nhsuk-textarea,.nhsuk-select)" in patient
    assert ":where(.sc-wrap) :is(" in patient
    for name in SHEETS:
        assert "forced-colors:active" in built(name).decode()


def test_the_style_sheets_carry_nothing_that_no_page_has():
    patient, staff = (styled(built(name).decode()) for name in SHEETS)
    assert {"sc-tabs", "sc-install", "sc-ruler"} <= patient
    assert {"sc-panel", "sc-desk"} <= staff
    assert "sc-a4" in styled(built("onepage.css").decode())
    assert not patient & {"sc-panel", "sc-a4", "sc-conf"}
    assert not staff & {"sc-a4", "sc-topic", "sc-install", "sc-sheet"}


def test_a_first_visit_is_light(nobody, ayse, grace, world):
    scene.write_canaries(ayse, grace, world)
    sheet, script = small(built("patient.css")), small(built("patient.js"))
    for caller, page in [(nobody, "/sign-in"), (nobody, "/help"), *((ayse, path) for path in PLACES)]:
        answer = caller.get(page)
        assert answer.status_code == 200, page
        html = small(answer.data)
        beside = small(built("aside.css")) if b"/aside." in answer.data else 0
        assert html + sheet <= HTML_AND_CSS, page
        assert html + sheet + beside + script <= ALL, page


@pytest.mark.parametrize("folder", [".", "tools/lighthouse"])
def test_the_lock_of_the_packages_names_no_registry(folder):
    lock = json.loads((ROOT / folder / "package-lock.json").read_text(encoding="utf-8"))
    assert not [name for name, entry in lock["packages"].items() if "resolved" in entry]
    assert all(entry.get("integrity") for name, entry in lock["packages"].items() if name)


class Releases:
    """A folder that releases are built into, and the clock of who builds."""

    def __init__(self, dist: Path) -> None:
        self.dist = dist
        self.days = 0

    def build(self, *files: str) -> None:
        for name in files:
            path = self.dist / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(name)
            path.with_name(f"{path.name}.br").write_text("small")
        now = time.time() + self.days * 86400
        for name in files:
            for path in (self.dist / name, self.dist / f"{name}.br"):
                os.utime(path, (now, now))
        script = (
            'import { keepReleases } from "./tools/frontend/releases.mjs";'
            f"await keepReleases({json.dumps(str(self.dist))}, {json.dumps(files)}, ['sw.js'], {now * 1000});"
        )
        subprocess.run(
            [*frontend.node_command(), "--input-type=module", "-e", script], cwd=ROOT, check=True, timeout=60
        )

    def there(self) -> set[str]:
        found = (path.relative_to(self.dist).as_posix() for path in self.dist.rglob("*") if path.is_file())
        return {name for name in found if name not in ("releases.json", "sw.js")}


def test_a_page_left_open_over_two_releases_still_finds_its_files(tmp_path):
    releases = Releases(tmp_path)
    shared, old = "icons/sun.SAMESAME.svg", "patient.AAAAAAAA.js"
    (tmp_path / "sw.js").write_text("in place")
    releases.build(old, shared)
    for name in ("patient.BBBBBBBB.js", "patient.CCCCCCCC.js"):
        releases.days += 30
        releases.build(name, shared)
        assert {old, f"{old}.br"} <= releases.there()
    releases.build("patient.CCCCCCCC.js", shared)  # the same again is no release
    assert old in releases.there()
    releases.days += 30
    releases.build("patient.DDDDDDDD.js", shared)
    wanted = {shared, *(f"patient.{each * 8}.js" for each in "BCD")}
    assert releases.there() == wanted | {f"{name}.br" for name in wanted}
    assert (tmp_path / "sw.js").exists()


def test_four_builds_in_one_afternoon_take_nothing_away(tmp_path):
    releases = Releases(tmp_path)
    for letter in "ABCD":
        releases.build(f"patient.{letter * 8}.js")
    assert "patient.AAAAAAAA.js" in releases.there()
    (tmp_path / "loose.txt").write_text("from no build")
    (tmp_path / "releases.json").write_text("[broken")
    releases.days = 2
    releases.build("patient.EEEEEEEE.js")
    assert releases.there() == {"patient.EEEEEEEE.js", "patient.EEEEEEEE.js.br"}


def test_the_pictures_of_ourselves_are_not_kept_for_offline_use():
    worker = (DIST / "sw.js").read_text(encoding="utf-8")
    assert "icons/icon-192.png" in worker
    assert "screens/" not in worker
    assert "shortcut-" not in worker
