"""The owner's wording: read from a FHIR Questionnaire, told apart by its hash, never typed by us and never changed.

From instruments.md: structure, scoring and the text's hash are ours; the text is installed from a published package, or brought by
``selfcare packs import``. Without its text a questionnaire is offered to nobody.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from selfcare import audit
from selfcare.errors import Invalid
from selfcare.extensions import db
from selfcare.questionnaires.instruments import Instrument
from selfcare.questionnaires.models import QuestionnaireText
from selfcare.questionnaires.packs import catalogue

LONGEST_FILE = 2_000_000  # bytes; a questionnaire has some thousands
CHOICES = ("choice", "coding", "open-choice")  # R4, R5
NUMBERS = ("integer", "decimal", "quantity")


class NotThisText(Exception):
    """A file is no text for this questionnaire; the message says why, for an operator."""


@dataclass(frozen=True)
class Wording:
    """What people read: ``answers`` from the lowest up, empty where they are bare numbers."""

    stem: str
    items: tuple[str, ...]
    answers: tuple[str, ...]
    notice: str

    @property
    def hash(self) -> str:
        """SHA-256 of what people read, in hex: 64 letters."""
        read = [self.stem, list(self.items), list(self.answers)]
        return hashlib.sha256(json.dumps(read, ensure_ascii=False).encode()).hexdigest()


def read(file: Path, instrument: Instrument) -> Wording:
    """The wording in a FHIR Questionnaire (R4 or R5, JSON).

    Answers count by their place, lowest first: published copies carry wrong weights.

    :raises NotThisText: it is none, or its items and answers are not as many as the instrument has.
    """
    if file.stat().st_size > LONGEST_FILE:
        raise NotThisText("The file is too large for a questionnaire")
    try:
        given = json.loads(file.read_text("utf-8"))
    except (ValueError, RecursionError):
        raise NotThisText("The file is no JSON") from None
    if not isinstance(given, dict) or given.get("resourceType") != "Questionnaire":
        raise NotThisText("The file is no FHIR Questionnaire")
    try:
        asked = [item for item in _leaves(given) if item.get("type") in CHOICES + NUMBERS]
        asked = [item for item in asked if not _is_calculated(item)][: instrument.items]
        kinds = {item["type"] in CHOICES for item in asked}
        sets = {_answers(given, item) for item in asked} if kinds == {True} else {()}
        items = tuple(" ".join(item["text"].split()) for item in asked)
        stem = " ".join(_stem(given, asked[0]).split()) if asked else ""
    except (KeyError, TypeError, AttributeError, IndexError, StopIteration):
        raise NotThisText("The file's items are not as a FHIR Questionnaire has them") from None
    if len(asked) != instrument.items:
        raise NotThisText(f"It has {len(asked)} items; {instrument.title} has {instrument.items}")
    wanted = len(instrument.numbers())
    if len(sets) != 1 or len(kinds) != 1 or (kinds == {True} and len(next(iter(sets))) != wanted):
        raise NotThisText(f"Every item of {instrument.title} should have the same {wanted} answers")
    return Wording(stem, items, next(iter(sets)), str(given.get("copyright", "")).strip())


def _leaves(item: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for each in item.get("item", ()):
        if each.get("item"):
            yield from _leaves(each)
        else:
            yield each


def _is_calculated(item: Mapping[str, Any]) -> bool:
    return any("calculatedExpression" in each.get("url", "") for each in item.get("extension", ()))


def _stem(given: Mapping[str, Any], first: Mapping[str, Any]) -> str:
    """The words above the first item: its group's."""
    return next(
        (
            str(group.get("text", ""))
            for group in given.get("item", ())
            if group.get("type") == "group" and first in list(_leaves(group))
        ),
        "",
    )


def _answers(given: Mapping[str, Any], item: Mapping[str, Any]) -> tuple[str, ...]:
    if "answerOption" in item:
        return tuple(option["valueCoding"]["display"].strip() for option in item["answerOption"])
    wanted = item["answerValueSet"].lstrip("#")
    held = next(each for each in given["contained"] if each.get("id") == wanted)
    return tuple(concept["display"].strip() for concept in held["compose"]["include"][0]["concept"])


def bring_in(instrument: Instrument, file: Path, *, accepted: str, source: str) -> bool:
    """Put a file's wording in force; False where it is already.

    :param accepted: the hash of the wording that whoever is responsible has read.
    :raises NotThisText: the file is none, or holds another wording than the accepted one.
    """
    if instrument.text_of != instrument.code:
        whole = catalogue()[instrument.text_of]
        raise NotThisText(f"{instrument.title} is read from the text of {whole.title}: import that")
    wording = read(file, instrument)
    if wording.hash != accepted:
        raise NotThisText(f"Its wording is another one than the accepted: its hash is {wording.hash}")
    now = in_force().get(instrument.code)
    if now is not None and now.text_hash == wording.hash:
        return False
    row = QuestionnaireText(
        questionnaire=instrument.code,
        stem=wording.stem,
        items=list(wording.items),
        answers=list(wording.answers),
        notice=wording.notice,
        source=source,
        text_hash=wording.hash,
    )
    db.session.add(row)
    db.session.flush()
    audit.record(audit.SYSTEM, "questionnaire_text.imported", None, row, questionnaire=instrument.code)
    return True


def install_published(folder: Path) -> list[str]:
    """Bring in every text that set-up installed under ``folder`` (``node_modules``); the codes that are new."""
    found = []
    for instrument in catalogue().values():
        file = folder / instrument.published
        if instrument.published and file.is_file():
            package = instrument.published.split("/")[0]
            if bring_in(instrument, file, accepted=instrument.text_hash, source=f"package {package}"):
                found.append(instrument.code)
    return found


def in_force() -> dict[str, QuestionnaireText]:
    """The newest text of every questionnaire that has one, by its code. One statement."""
    rows = db.session.scalars(sa.select(QuestionnaireText).order_by(QuestionnaireText.imported_at))
    return {row.questionnaire: row for row in rows}


def text_of(instrument: Instrument, text_id: uuid.UUID | None = None) -> QuestionnaireText:
    """The text that was answered: the one in force, or the one named, which may have been followed by another since.

    :raises Invalid: there is none, so it is offered to nobody; or the named one is not this questionnaire's.
    """
    if text_id is not None:
        named = db.session.get(QuestionnaireText, text_id)
        if named is None or named.questionnaire != instrument.text_of:
            raise Invalid({"text_id": _("There is no such text")})
        return named
    text = in_force().get(instrument.text_of)
    if text is None:
        raise Invalid({"questionnaire": _("This questionnaire is not offered here")})
    return text
