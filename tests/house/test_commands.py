"""The commands that README and the contract promise are there, and setting up says plainly what is missing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tools import install

ROOT = Path(__file__).resolve().parents[2]
PROMISED = ("help", "demo", "test", "test-fast", "test-browsers", "check", "bench", "bench-large")


def test_make_alone_lists_every_promised_command():
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert [name for name in PROMISED if f"make {name} " not in listed] == []


def test_another_port_reaches_the_demonstration():
    said = subprocess.run(
        ["make", "--dry-run", "demo", "PORT=8123"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert "PORT=8123 exec .venv/bin/selfcare demo start" in said


def test_a_python_that_is_too_old_or_absent_is_named_before_anything_is_made(tmp_path):
    run = subprocess.run(
        [
            "/bin/sh",
            "-c",
            f'cd "{ROOT}" && exec "$(command -v make)" --always-make .venv/.runtime PATH="{tmp_path}"',
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode != 0
    assert "Selfcare needs Python 3.11 or newer" in run.stderr


@pytest.fixture
def elsewhere(monkeypatch, tmp_path):
    """An environment of this test's own, whose pip only notes what it is asked."""
    asked: list[list[str]] = []
    lock = tmp_path / "some.lock"
    lock.write_text("click==8.5.1 \\\n    --hash=sha256:00\n")
    monkeypatch.setattr(install, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(install, "LOCKS", {"runtime": lock})
    monkeypatch.setattr(install, "_pip", lambda words, count: asked.append(words))
    monkeypatch.setattr(install, "link_checkout", lambda: None)
    (tmp_path / ".venv").mkdir()
    return lock, asked


def test_a_lock_is_installed_once_and_again_when_its_contents_change(elsewhere, capsys):
    lock, asked = elsewhere
    install.install("runtime")
    lock.touch()
    install.install("runtime")
    assert len(asked) == 1
    assert "--require-hashes" in asked[0]
    lock.write_text("click==8.5.2 \\\n    --hash=sha256:11\n")
    install.install("runtime")
    assert len(asked) == 2


def test_a_failed_installation_is_not_taken_for_done(elsewhere, monkeypatch, capsys):
    def fails(words, count):
        sys.exit("no network")

    with monkeypatch.context() as once:
        once.setattr(install, "_pip", fails)
        with pytest.raises(SystemExit, match="no network"):
            install.install("runtime")
    _, asked = elsewhere
    install.install("runtime")
    assert len(asked) == 1


def test_a_python_without_venv_says_which_package_mends_it(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(install, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(sys, "executable", "false")
    with pytest.raises(SystemExit, match="sudo apt-get install python3-venv"):
        install.make_venv()
    assert not (tmp_path / ".venv").exists()


def test_the_environment_gets_the_checkout_and_the_command(monkeypatch, tmp_path):
    """Made for real, without packages: the ``.pth`` file and the command point at this checkout."""
    monkeypatch.setattr(install, "VENV", tmp_path / ".venv")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / ".venv")], check=True)
    install.link_checkout()
    asked = subprocess.run(
        [str(install.venv_python()), "-c", "import selfcare; print(selfcare.__file__)"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(asked.stdout.strip()) == ROOT / "selfcare" / "__init__.py"
    command = (tmp_path / ".venv" / "bin" / "selfcare").read_text()
    assert command.startswith(f"#!{install.venv_python()}\n")
