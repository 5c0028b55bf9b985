"""A real server behind loopback, as the journeys have it."""

from tests.journeys.conftest import enter, live

__all__ = ["enter", "live"]
