"""A real server behind loopback, as the journeys have it."""

from tests.journeys.conftest import by_keyboard, enter, live

__all__ = ["by_keyboard", "enter", "live"]
