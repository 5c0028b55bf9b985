"""What a phone says of a message: shown, tapped."""

from __future__ import annotations

from typing import Any

import pytest

from selfcare.extensions import db
from selfcare.reminders.models import Delivery
from tests.plugins.push_service import PushService
from tests.reminders.test_dispatch import SEVEN, dispatcher, remind, take_on

__all__ = ["dispatcher"]


def told(caller: Any, tag: str, event: str, query: str = "") -> int:
    answer = caller.post(f"/api/v1/deliveries/{tag}{query}", {"event": event})
    return int(answer.status_code)


@pytest.fixture
def tag(clock: Any, ayse: Any, dispatcher: Any, push_service: PushService) -> str:
    take_on(ayse, push_service.phone())
    remind(ayse)
    clock.move_to(SEVEN)
    dispatcher.tick()
    return push_service.messages[0].notification["tag"]


def test_shown_and_tapped_are_in_the_ledger_once(tag: str, clock: Any, ayse: Any, story: Any) -> None:
    assert told(ayse, tag, "shown") == 204
    with story():
        delivery = db.session.query(Delivery).one()
        shown = delivery.shown_at
        assert shown is not None
        assert delivery.acted_at is None
    clock.move_to("2026-10-06T18:10:00Z")
    assert told(ayse, tag, "shown") == 204
    assert told(ayse, tag, "acted") == 204
    with story():
        delivery = db.session.query(Delivery).one()
        assert delivery.shown_at == shown
        assert delivery.acted_at is not None
        assert delivery.acted_at > shown


def test_only_of_ones_own_messages(tag: str, peter: Any, grace: Any, ayse: Any, story: Any) -> None:
    assert told(peter, tag, "acted") == 404
    assert told(grace, tag, "acted") == 404
    assert told(ayse, "x" * 32, "shown") == 404
    assert told(ayse, tag, "deleted") == 422
    with story():
        assert db.session.query(Delivery).one().acted_at is None
