"""Only these tests need the other two engines."""

from tests.plugins.engines import engine, journey

__all__ = ["engine", "journey"]
