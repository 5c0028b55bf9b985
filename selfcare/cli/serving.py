"""``selfcare serve`` and ``selfcare worker``."""

from __future__ import annotations

import signal
import socket
from types import FrameType

import click
import waitress.server
from flask import Flask

from selfcare import jobs
from selfcare.app import create_app
from selfcare.extensions import db

# waitress threads; a request waits rarely (SQLite's write lock, argon2), so few are enough on two cores.
THREADS = 8


def require_free(host: str, port: int) -> None:
    """Raise ClickException when another program already listens there, before any long work is done in vain."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise click.ClickException(
                f"Port {port} cannot be used ({problem.strerror}). Choose another: PORT={port + 1}"
            ) from None


def serve_app(app: Flask, host: str, port: int, threads: int = THREADS) -> None:
    """Serve until SIGTERM or Ctrl-C; requests under way are finished first."""

    def stop(signum: int, frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    scheduler = jobs.start_embedded(app) if app.config["SETTINGS"].scheduler == "embedded" else None
    server = waitress.server.create_server(
        app,
        host=host,
        port=port,
        threads=threads,
        ident=None,
        clear_untrusted_proxy_headers=not app.config["SETTINGS"].trusted_proxies,
        channel_timeout=60,
    )
    try:
        server.run()
    except (KeyboardInterrupt, SystemExit):
        click.echo("Stopped.")
    finally:
        server.close()
        if scheduler is not None:
            scheduler.shutdown(wait=False)
        db.close()


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, envvar="PORT")
def serve(host: str, port: int) -> None:
    """Serve the application; with SELFCARE_SCHEDULER=embedded the reminder worker runs inside."""
    require_free(host, port)
    app = create_app()
    click.echo(f"Serving on http://{host}:{port}")
    serve_app(app, host, port)


@click.command()
def worker() -> None:
    """Run the reminder scheduler as its own process; several may run on PostgreSQL."""
    jobs.run_worker(create_app())
