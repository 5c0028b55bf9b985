"""The outbox in random lives of two phones that two people share, against the real server (tests/phones/model).

What runs is the shipped module, on node's WebCrypto and the IndexedDB of the package fake-indexeddb. Requests get lost, arrive
twice, late or in a hotel; people sign in on each other's phone, lock it, log out in the middle; clocks are two years off. At the end of
each life everything has arrived once and under its writer's name, or is set aside with its reason.

``make test-model`` takes 20,000 steps, ``make test`` some hundred. ``SELFCARE_TEST_SEED`` chooses other lives.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from selfcare.diaries.models import DiaryEntry
from selfcare.extensions import db
from selfcare.goals.models import ConfidenceScore
from tests.factories import PASSWORD
from tests.journeys.conftest import Live
from tools.frontend import node_command

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
MODEL = Path(__file__).parent / "model" / "run.mjs"
OUTBOX = ROOT / "static" / "js" / "phone" / "outbox.js"
SEED = int(os.environ.get("SELFCARE_TEST_SEED", "20261122"))

# Bugs that the model must find: the name, what stands in the module, and what a hurried change would make of it.
BUGS = {
    "sent under whoever is signed in": (
        "cursor.value.person !== person || ",
        "",
        "set aside without a reason",
    ),
    "forgotten before it is answered": (
        "let answer = await this.#answer(item, request, session.token);",
        "await this.#database.delete('items', item.order); let answer = await this.#answer(item, request, session.token);",
        "lost: ",
    ),
    "no key for a copy that comes late": (
        ', "Idempotency-Key": item.id }',
        ', "X-Item": item.id }',
        ", taken: ",
    ),
    "a hotel's page is an answer": (
        "return response.status >= 500 ? { ...nothing, status: response.status } : nothing;",
        "return { ...nothing, status: response.status };",
        "lost: ",
    ),
}


def lives(live: Live, steps: int, seed: int, outbox: Path = OUTBOX) -> dict[str, Any]:
    """Run the model; its totals, with ``failed`` where a book did not balance."""
    people = [{"email": f"{name}@test.example", "password": PASSWORD} for name in ("ayse", "peter")]
    done = subprocess.run(
        [*node_command(), str(MODEL), live.address, str(steps), str(seed)],
        input=json.dumps(people),
        capture_output=True,
        text=True,
        timeout=3000,
        cwd=ROOT,
        env=os.environ | {"OUTBOX": str(outbox)},
        check=False,
    )
    assert done.stdout.strip(), done.stderr[-3000:]
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


@pytest.mark.parametrize("steps", [300, pytest.param(20_000, marks=pytest.mark.long)])
def test_nothing_is_lost_sent_twice_or_under_another_name(live: Live, steps: int) -> None:
    totals = lives(live, steps, SEED)
    sys.stdout.write(json.dumps(totals) + "\n")  # shown by make test-model
    assert "failed" not in totals, totals["failed"]
    assert totals["steps"] >= steps
    with live.scene():
        for kind, table in (("entries", DiaryEntry), ("scores", ConfidenceScore)):
            rows = db.session.execute(sa.select(table.patient_id, table.written_by)).all()
            assert all(row.patient_id == row.written_by for row in rows)
            for person, count in totals[kind].items():
                assert sum(str(row.patient_id) == person for row in rows) == count


# A copy that comes after its own undoing is rare: that bug takes minutes to find.
@pytest.mark.parametrize(
    "bug", [pytest.param(bug, marks=pytest.mark.long) if "late" in bug else bug for bug in BUGS]
)
def test_the_model_finds(live: Live, bug: str) -> None:
    right, wrong, expected = BUGS[bug]
    module = OUTBOX.read_text(encoding="utf-8")
    assert module.count(right) == 1
    broken = OUTBOX.with_name(f"outbox-{abs(hash(bug))}.tmp.js")
    try:
        broken.write_text(module.replace(right, wrong), encoding="utf-8")
        said = lives(live, 6000, SEED, broken)
        assert expected in said.get("failed", ""), said
    finally:
        broken.unlink()
