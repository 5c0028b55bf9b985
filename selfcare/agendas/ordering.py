"""The order of a list: positions run from 1 without a gap, whatever is added, moved or taken out."""

from __future__ import annotations

import uuid
from collections.abc import Sequence


def placed(order: Sequence[uuid.UUID], item: uuid.UUID, position: int | None) -> list[uuid.UUID]:
    """The ids in their new order when ``item`` goes to ``position`` (1 is first) and the others make room.

    A position past the end is the end. None leaves a known item where it is, and puts a new one last.
    """
    others = [each for each in order if each != item]
    if position is None:
        position = order.index(item) + 1 if item in order else len(others) + 1
    at = min(max(position, 1), len(others) + 1) - 1
    return [*others[:at], item, *others[at:]]


def moved(order: Sequence[uuid.UUID], item: uuid.UUID, among: Sequence[uuid.UUID], step: int) -> int:
    """The position to give ``item`` so that it changes places with its neighbour among its own kind.

    :param among: the ids of its kind, in order.
    :param step: -1 is up, 1 is down; at the end it stays where it is.
    """
    place = among.index(item) + step
    neighbour = among[place] if 0 <= place < len(among) else item
    return order.index(neighbour) + 1
