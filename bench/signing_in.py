"""Signing in against the argon2 hash alone: what the rest of it costs."""

from __future__ import annotations

import argon2
import sqlalchemy as sa

from bench import report
from bench.client import Client, served
from bench.measure import Result, interleave, timed
from bench.world import Run
from selfcare.demo import accounts
from selfcare.extensions import db
from selfcare.identity import service
from selfcare.identity.models import Credential
from selfcare.people.models import Person

EACH = 4
GOAL = 1.1  # times the hash
EMAIL = "patient@demo.example"


def run(run: Run) -> list[Result]:
    """By the service, and through the server."""
    url = run.world.database(5, 2)
    app = run.world.use(url)
    with db.scope():
        query = sa.select(Credential.password_hash).join(Person).where(Person.email == EMAIL)
        stored = db.session.scalars(query).one()
    hasher = argon2.PasswordHasher()  # its parameters come from the stored hash

    def by_service() -> None:
        with app.test_request_context(), db.scope(), db.transaction():
            service.sign_in(EMAIL, accounts.PASSWORD, None, "127.0.0.1")

    rounds = run.rounds(15)
    with served(url, run.world.folder) as server:

        def by_http() -> list[float]:
            seconds = []
            for _each in range(EACH):
                client = Client(server)
                body = f'{{"email": "{EMAIL}", "password": "{accounts.PASSWORD}"}}'.encode()
                seconds.append(client.seconds(client.request("POST", "/api/v1/session", body)))
            return seconds

        subjects = {
            "hash": timed(lambda: hasher.verify(stored, accounts.PASSWORD), EACH),
            "service": timed(by_service, EACH),
            "http": by_http,
        }
        with report.progress("Signing in", rounds) as step:
            times = interleave(subjects, rounds, step)
    results = []
    for name, subject in (("service", "the service"), ("http", "POST through the server")):
        ratio = times[name].against(times["hash"])
        cost = 1 / ratio.middle
        results.append(
            Result(
                subject,
                "argon2id, 19 MiB, t = 2, alone",
                ratio,
                also=f"{times[name].p50 * 1000:.1f} ms, the hash {times['hash'].p50 * 1000:.1f}: {cost:.2f} ×",
                goal=f"cost ≤ {GOAL} ×",
                met=cost <= GOAL,
                figures={"p50_ms": times[name].p50 * 1000, "hash_ms": times["hash"].p50 * 1000, "cost": cost},
            )
        )
    return results
