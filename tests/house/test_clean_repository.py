"""What is committed is ours, short enough to read, and says nothing about the machine where it was written."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MOST_LINES = 500
# Written in two halves, so that this file may speak of them.
# Our own room is called home too: a machine's path begins with the slash.
MACHINE_PATHS = re.compile(
    "|".join((r"(?<![\w.])/" + "home/[a-z]", "/" + "root/", "/" + "work/", "/" + "Users/[a-z]"))
)
REGISTRIES = re.compile(
    "|".join(("pypi" + r"\.org", "python" + "hosted", "registry" + r"\.npmjs", "registry" + r"\.yarnpkg"))
)
UNFINISHED = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" + "XX")) + r")\b")
SILENCED = re.compile(
    r"(#\s*noqa(:\s*[A-Z]+[0-9]+(,\s*[A-Z]+[0-9]+)*)?"
    r"|#\s*type:\s*ignore(\[[a-z, -]+\])?"
    r"|#\s*nosec|#\s*pragma:\s*no cover|@ts-(ignore|expect-error)|biome-ignore [a-zA-Z/]+:|djlint:off[A-Z0-9, ]*)(?P<why>.*)"
)


def repository() -> list[Path]:
    """Every file that is committed or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def texts(*suffixes: str) -> list[tuple[Path, str]]:
    """The text files among them, with these endings (any, when none is given)."""
    found: list[tuple[Path, str]] = []
    for path in repository():
        if suffixes and path.suffix not in suffixes:
            continue
        contents = path.read_bytes()
        if b"\0" not in contents:
            found.append((path, contents.decode("utf-8")))
    return found


def places(pattern: re.Pattern[str], *suffixes: str) -> list[str]:
    """Where a pattern stands, as "file:line: words"."""
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
        for path, text in texts(*suffixes)
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_of_the_house_is_too_long_to_read():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in (ROOT / "selfcare").rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    }
    assert not long, f"split by concept: {long}"


def test_no_path_of_anybodys_machine_is_committed():
    assert places(MACHINE_PATHS) == []


def test_no_package_registry_is_named():
    assert places(REGISTRIES) == []


def test_nothing_is_left_unfinished():
    assert places(UNFINISHED, ".py", ".js", ".mjs", ".html", ".css", ".scss", ".toml", ".md", "") == []


def test_whoever_silences_a_check_says_why():
    silent = []
    for path, text in texts(".py", ".js", ".mjs", ".html"):
        if path == Path(__file__):
            continue
        for number, line in enumerate(text.splitlines(), 1):
            found = SILENCED.search(line)
            if found and len(re.findall(r"\w+", found["why"])) < 2:
                silent.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()}")
    assert silent == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-node.lock"])
def test_locks_agree_on_every_version(name):
    everything, part = (
        dict(
            re.findall(
                r"^([a-z0-9._-]+)==(\S+)", (ROOT / lock).read_text(encoding="utf-8"), flags=re.MULTILINE
            )
        )
        for lock in ("requirements-dev.lock", name)
    )
    assert part
    assert {package: everything.get(package) for package in part} == part


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", "requirements-node.lock"])
def test_every_locked_package_has_its_hash(name):
    entries = re.split(r"\n(?=\S)", (ROOT / name).read_text(encoding="utf-8").strip())
    assert all(re.match(r"[a-z0-9._-]+==\S+", entry) and "--hash=sha256:" in entry for entry in entries)
