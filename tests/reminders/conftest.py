"""Stories that need the clock in their hands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from tests.plugins.push_service import PushService
from tests.reminders.sending import Worker


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """It is midday UTC, 1pm in London, on Tuesday 6 October 2026. Ask for it before anybody signs in."""
    with time_machine.travel("2026-10-06T12:00:00Z", tick=True) as traveller:
        yield traveller


@pytest.fixture
def dispatcher(app: Any, pushing: PushService) -> Iterator[Worker]:
    """A worker's dispatcher, sending to the local push service."""
    worker = Worker(app)
    yield worker
    worker.close()
