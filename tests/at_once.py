"""Readers in threads, while somebody takes something away: what does a read answer that began after the answer to that?"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from tests.conftest import Caller

TRIES, READERS, AFTER = 100, 2, 1
LONGEST = 20  # seconds of one try

Reader = tuple[Caller, Sequence[str]]


def status_of(answer: Any) -> int:
    """What a read comes to, by default; 200 says that it was open."""
    return int(answer.status_code)


def each_with_a_path(
    callers: Sequence[Caller], paths: Sequence[str], look: Callable[[Any], int] = status_of
) -> list[Reader]:
    """The paths shared out, one to a reader in turn; where there are more readers than paths, several read the same.

    So all paths are read at the same moment, and each again after the answer. Each is open to its reader to begin with:
    a door that was never open would be found closed a hundred times.
    """
    found = [(caller, paths[number % len(paths)]) for number, caller in enumerate(callers)]
    for caller, path in found:
        assert look(caller.get(path)) == 200, f"{path} is closed before anything is taken away"
    return [(caller, [path]) for caller, path in found]


class Watch:
    """Each read says whether it began after the answer to the request that takes away."""

    def __init__(self, look: Callable[[Any], int]) -> None:
        self.gone = threading.Event()
        self.look = look
        self.seen: list[tuple[bool, str, int]] = []

    def read(self, caller: Caller, paths: Sequence[str]) -> None:
        after, turn, until = 0, 0, time.monotonic() + LONGEST
        while after < AFTER * len(paths) and time.monotonic() < until:
            path = paths[turn % len(paths)]
            turn += 1
            later = self.gone.is_set()
            self.seen.append((later, path, self.look(caller.get(path))))
            after += later

    def waits_for_a_read(self) -> None:
        until = time.monotonic() + LONGEST
        while not any(found == 200 for _later, _path, found in self.seen) and time.monotonic() < until:
            time.sleep(0.001)


def one_try(
    readers: Sequence[Reader], take_back: Callable[[], Any], look: Callable[[Any], int] = status_of
) -> list[tuple[str, int]]:
    """What was answered to reads that began after the one who takes back had their answer."""
    watch = Watch(look)
    threads = [threading.Thread(target=watch.read, args=reader) for reader in readers]
    for thread in threads:
        thread.start()
    watch.waits_for_a_read()
    assert take_back().status_code in (200, 204, 303)
    watch.gone.set()
    for thread in threads:
        thread.join(LONGEST)
    assert any(found == 200 for later, _path, found in watch.seen if not later), "nobody read before"
    late = [(path, found) for later, path, found in watch.seen if later]
    assert len(late) >= sum(AFTER * len(paths) for _caller, paths in readers)
    return late
