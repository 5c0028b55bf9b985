"""The head of every content pack: whose it is, under which licence, and who stands behind it until when.

Content is data: measures, help cards, results and questionnaires are files with this head, and ``selfcare packs check`` refuses one
that lacks a field or is past its review date. An empty reviewer means "not yet clinically approved".
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Pack:
    """Where content comes from. ``clinical_reviewer`` is empty until a named person has approved it."""

    id: str
    owner: str
    licence: str
    version: str
    review_date: dt.date
    clinical_reviewer: str
    languages: tuple[str, ...]

    @property
    def approved(self) -> bool:
        """Whether a named reviewer stands behind it."""
        return bool(self.clinical_reviewer.strip())


def read_head(given: dict[str, Any], name: str) -> Pack:
    """Owner, licence, version, review and languages of a pack.

    :raises KeyError: one is missing.
    :raises TypeError: one is of the wrong kind.
    """
    words = {field: given[field] for field in ("owner", "licence", "version")}
    for field, value in words.items():
        if not isinstance(value, str) or not value.strip():
            raise TypeError(f"{field} should be words")
    if not isinstance(given["review_date"], dt.date):
        raise TypeError("review_date should be a date")
    return Pack(
        id=name,
        review_date=given["review_date"],
        clinical_reviewer=str(given["clinical_reviewer"]),
        languages=tuple(given["languages"]),
        **words,
    )


def wrong_review(pack: Pack, today: dt.date) -> Iterator[str]:
    """What is wrong with a pack's review date and languages."""
    if pack.review_date < today:
        yield f"its review date {pack.review_date} has passed"
    if "en" not in pack.languages:
        yield "languages has no 'en'"
