"""Fill ``.venv`` with exactly what a lock names. Needs nothing but a bare Python 3.11.

    python3 tools/install.py runtime    what the product needs            requirements.lock
    python3 tools/install.py dev        and what its tests need           requirements-dev.lock
    python3 tools/install.py node       node and npm, if there are none   requirements-node.lock

A part whose lock has not changed since (by contents, not by date) is left alone, so a second run takes no
time and needs no network. Selfcare itself is not built: a ``.pth`` file puts the checkout on the path.
"""

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCKS = {
    "runtime": ROOT / "requirements.lock",
    "dev": ROOT / "requirements-dev.lock",
    "node": ROOT / "requirements-node.lock",
}
OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 20

COMMAND = """\
#!{python}
import sys

from selfcare.cli import main

sys.exit(main())
"""


def venv_python() -> Path:
    return VENV / "bin" / "python"


def make_venv() -> None:
    """Create ``.venv``, or again when its Python is gone or too old (an upgrade of the system does that)."""
    if _works(venv_python()):
        return
    print("Making .venv …", flush=True)
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True, check=False
    )
    if made.returncode != 0 or not _works(venv_python()):
        shutil.rmtree(VENV, ignore_errors=True)
        said = (made.stdout + made.stderr).strip()
        sys.exit(
            f"{said}\n\n"
            "This Python cannot make a virtual environment. On Debian and Ubuntu its parts are split:\n"
            "    sudo apt-get install python3-venv\n"
            "then run the same command again."
        )


def _works(python: Path) -> bool:
    """Whether this Python of ours starts, is new enough and has pip."""
    if not python.exists():
        return False
    question = f"import sys, pip; sys.exit(sys.version_info < {OLDEST_PYTHON})"
    return subprocess.run([str(python), "-c", question], capture_output=True, check=False).returncode == 0


def link_checkout() -> None:
    """Make ``import selfcare`` and the ``selfcare`` command work from the checkout."""
    asked = subprocess.run(
        [str(venv_python()), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    )
    (Path(asked.stdout.strip()) / "selfcare.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    command = VENV / "bin" / "selfcare"
    command.write_text(COMMAND.format(python=venv_python()), encoding="utf-8")
    command.chmod(0o755)


def install(part: str) -> None:
    """Bring one lock into ``.venv``; raise SystemExit with pip's own words when that fails."""
    lock = LOCKS[part]
    digest = hashlib.sha256(lock.read_bytes() + str(VENV).encode()).hexdigest()
    stamp = VENV / f".{part}"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == digest:
        stamp.touch()
        return
    count = len(re.findall(r"^[A-Za-z0-9]", lock.read_text(encoding="utf-8"), flags=re.MULTILINE))
    started = time.monotonic()
    print(f"Installing {lock.name} ({count} packages) …", flush=True)
    _pip(["install", "--require-hashes", "--no-compile", "--no-deps", "--requirement", str(lock)], count)
    link_checkout()
    stamp.write_text(digest, encoding="utf-8")
    print(f"Installed in {time.monotonic() - started:.0f} s", flush=True)


def _pip(arguments: list[str], count: int) -> None:
    """Run pip quietly; on a terminal show which package it is at."""
    command = [str(venv_python()), "-m", "pip", "--disable-pip-version-check", "--no-input", *arguments]
    said: list[str] = []
    seen = 0
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as pip:
        assert pip.stdout is not None
        for line in pip.stdout:
            said.append(line)
            name = re.match(r"(?:Collecting|Requirement already satisfied:) ([A-Za-z0-9._-]+)", line)
            if name:
                seen += 1
                _progress(f"  {seen}/{count} {name[1]}")
            elif line.startswith("Installing collected packages"):
                _progress("  unpacking")
    _progress("")
    if pip.returncode != 0:
        sys.exit(
            "".join(said[-30:]) + "\npip could not install the locked packages; its last words are above."
        )


def _progress(words: str) -> None:
    if sys.stdout.isatty():
        print(f"\r\033[K{words[:78]}", end="", flush=True)


def has_node() -> bool:
    """Whether the machine has an npm and a node that is new enough for the front end's tools."""
    node = shutil.which("node")
    if not node or not shutil.which("npm"):
        return False
    asked = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    version = re.match(r"v(\d+)\.", asked.stdout)
    return version is not None and int(version[1]) >= OLDEST_NODE


def main() -> None:
    parser = argparse.ArgumentParser(description="Fill .venv with exactly what a lock names.")
    parser.add_argument("part", choices=sorted(LOCKS))
    part: str = parser.parse_args().part
    if sys.version_info < OLDEST_PYTHON:
        sys.exit("Selfcare needs Python 3.11 or newer; name one with: make PYTHON=/path/to/python3.11")
    make_venv()
    if part == "node" and has_node():
        (VENV / ".node").touch()
        return
    install(part)


if __name__ == "__main__":
    main()
