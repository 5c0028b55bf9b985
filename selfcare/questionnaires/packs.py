"""The catalogue of questionnaires as data: one TOML file each, checked and read into memory. No item's wording is in them."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any

from flask import current_app

from selfcare import clock
from selfcare.packs import read_head, wrong_review
from selfcare.people.conditions import CONDITIONS
from selfcare.questionnaires.instruments import SCORINGS, Band, Instrument

PACKS = Path(__file__).parent / "packs"
ORDER = ("phq9", "phq2")  # on pages; others follow by name


@cache
def catalogue(folder: Path = PACKS) -> Mapping[str, Instrument]:
    """Every questionnaire by its code, in the order of the pages. Read once a process.

    :raises ValueError: a pack cannot be read.
    """
    found = [read_pack(source) for source in folder.glob("*.toml")]
    found.sort(key=lambda each: (ORDER.index(each.code) if each.code in ORDER else len(ORDER), each.code))
    return MappingProxyType({each.code: each for each in found})


def usable(instrument: Instrument) -> bool:
    """Whether it may be offered here: in production only what a named reviewer approved."""
    return instrument.pack.approved or current_app.config["SETTINGS"].env != "production"


def read_pack(source: Path) -> Instrument:
    """The questionnaire of one pack.

    :raises ValueError: it is no TOML, or a field is missing, unknown or of the wrong kind.
    """
    try:
        given = tomllib.loads(source.read_text("utf-8"))
        pack = read_head(given, given["id"])
        for field in ("owner", "licence", "version", "review_date", "clinical_reviewer", "languages"):
            given.pop(field)
        code = given.pop("id")
        made = Instrument(
            code=code,
            title=given.pop("title"),
            name_=given.pop("name"),
            about_=given.pop("about"),
            used_for_=given.pop("used_for"),
            items=given.pop("items"),
            least=given.pop("least"),
            most=given.pop("most"),
            scoring=given.pop("scoring"),
            factor=given.pop("factor", 1),
            most_missing=given.pop("most_missing", 0),
            bands=tuple(Band(least, word) for least, word in given.pop("bands", ())),
            reliable_change=given.pop("reliable_change", None),
            meaningful_fall=given.pop("meaningful_fall", None),
            crisis_item=given.pop("crisis_item", None),
            mood=given.pop("mood", False),
            needs_reader=given.pop("needs_reader", False),
            instead=given.pop("instead", None),
            conditions=tuple(given.pop("conditions", ())),
            text_of=given.pop("text_of", code),
            text_hash=given.pop("text_hash", ""),
            published=given.pop("published", ""),
            source=given.pop("source"),
            remark=given.pop("remark", ""),
            loinc=given.pop("loinc", None),
            snomed=given.pop("snomed", None),
            pack=pack,
        )
    except KeyError as missing:
        raise ValueError(f"{source.name}: has no {missing.args[0]}") from None
    except (tomllib.TOMLDecodeError, TypeError, AttributeError, ValueError) as problem:
        raise ValueError(f"{source.name}: {problem}") from None
    if given:
        raise ValueError(f"{source.name}: no such field: {', '.join(sorted(given))}")
    return made


def check_packs(today: dt.date | None = None, folder: Path = PACKS) -> list[str]:
    """What is wrong with the packs, one sentence each; an empty list when all is well.

    A missing text or reviewer is no problem here: nobody is offered the one, and production leaves the other out.
    """
    today = today or clock.now().date()
    problems: list[str] = []
    found: dict[str, Instrument] = {}
    for source in sorted(folder.glob("*.toml")):
        try:
            found[source.stem] = read_pack(source)
        except ValueError as problem:
            problems.append(str(problem))
    for stem, instrument in found.items():
        problems += [f"{stem}.toml: {said}" for said in _wrong(instrument, stem, found)]
        problems += [f"{stem}.toml: {said}" for said in wrong_review(instrument.pack, today)]
    return problems if found or problems else ["questionnaires: there are no packs"]


def _wrong(instrument: Instrument, stem: str, all_: Mapping[str, Instrument]) -> Iterator[str]:
    if instrument.code != stem or not re.fullmatch(r"[a-z][a-z0-9]{1,30}", instrument.code):
        yield f"its id {instrument.code!r} should be its file's name, in small letters and digits"
    if instrument.scoring not in SCORINGS:
        yield f"there is no scoring {instrument.scoring!r}"
    if not instrument.least < instrument.most or instrument.items < 1:
        yield "it needs items, and answers from a lowest to a highest"
    if not 0 <= instrument.most_missing < instrument.items:
        yield "most_missing should leave at least 1 item"
    edges = [each.least for each in instrument.bands]
    if edges != sorted(set(edges)) or any(edge > instrument.highest for edge in edges):
        yield "its bands should begin one after another, within the score"
    if instrument.crisis_item is not None and not 1 <= instrument.crisis_item <= instrument.items:
        yield "there is no such crisis item"
    if instrument.crisis_item is not None and not instrument.needs_reader:
        yield "with a crisis item it needs somebody who reads it"
    if instrument.needs_reader and instrument.instead not in all_:
        yield "it needs another questionnaire that is offered instead"
    whole = all_.get(instrument.text_of)
    if (
        whole is None
        or whole.items < instrument.items
        or (whole.least, whole.most)
        != (
            instrument.least,
            instrument.most,
        )
    ):
        yield f"the text of {instrument.text_of!r} does not hold its items"
    yield from (f"there is no condition {code!r}" for code in instrument.conditions if code not in CONDITIONS)


def extract_words(
    fileobj: IO[bytes], keywords: Any, comment_tags: Any, options: Any
) -> Iterator[tuple[int, str, str, list[str]]]:
    """Babel's extractor for packs, so that our words about a questionnaire are in the catalogue like everybody else's."""
    given = tomllib.loads(fileobj.read().decode("utf-8"))
    words = [
        given["name"],
        given["about"],
        given["used_for"],
        *(word for _least, word in given.get("bands", ())),
    ]
    yield from ((0, "gettext", word, [given["id"]]) for word in dict.fromkeys(words) if word)
