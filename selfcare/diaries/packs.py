"""The catalogue of measures: data packs, one TOML file a condition and one that is shared, checked and read into memory.

A pack carries owner, licence, version, review date, clinical reviewer and languages; one without them, or past its review date,
fails ``selfcare packs check``. An empty reviewer means "not yet clinically approved": production offers none of it.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any

from selfcare import clock
from selfcare.diaries import care_cards
from selfcare.diaries.measures import KINDS, WORTH_SAYING, Axis, Measure, Tag, Unit
from selfcare.packs import Pack, read_head, wrong_review
from selfcare.people.conditions import CONDITIONS

PACKS = Path(__file__).parent / "packs"
RULER = (0.0, 10.0)


@cache
def catalogue(folder: Path = PACKS) -> Mapping[str, Measure]:
    """Every measure by its code, shared ones first. Read once a process.

    :raises ValueError: a pack cannot be read.
    """
    sources = sorted(folder.glob("*.toml"), key=lambda source: (source.stem != "shared", source.stem))
    return MappingProxyType({measure.code: measure for source in sources for measure in read_pack(source)})


@cache
def without_mood() -> Mapping[str, Measure]:
    """The same for somebody who may not see mood."""
    return MappingProxyType({code: measure for code, measure in catalogue().items() if not measure.mood})


def read_pack(source: Path) -> list[Measure]:
    """The measures of one pack.

    :raises ValueError: it is no TOML, or a field is missing or of the wrong kind.
    """
    try:
        given = tomllib.loads(source.read_text("utf-8"))
        pack = read_head(given, given["id"])
        return [_measure(each, pack) for each in given["measures"]]
    except KeyError as missing:
        raise ValueError(f"{source.name}: has no {missing.args[0]}") from None
    except (tomllib.TOMLDecodeError, TypeError, AttributeError) as problem:
        raise ValueError(f"{source.name}: {problem}") from None


def _measure(given: dict[str, Any], pack: Pack) -> Measure:
    given = dict(given)
    kind = given.pop("kind")
    likely, possible = given.pop("likely", None), given.pop("possible", None)
    if kind == "ruler":
        likely = possible = RULER
    tag, axis = given.pop("tag", None), given.pop("chart", {})
    measure = Measure(
        code=given.pop("code"),
        name_=given.pop("name"),
        spoken_=given.pop("spoken", ""),
        question_=given.pop("question"),
        hint_=given.pop("hint", ""),
        kind=kind,
        unit_=given.pop("unit", ""),
        decimals=given.pop("decimals", 0),
        likely=tuple(likely) if likely else None,
        possible=tuple(possible) if possible else None,
        low_words_=given.pop("low_words", ""),
        high_words_=given.pop("high_words", ""),
        choices_=tuple((choice[0], choice[1], choice[-1]) for choice in given.pop("choices", ())),
        conditions=tuple(given.pop("conditions", ())),
        shared=given.pop("shared", False),
        mood=given.pop("mood", False),
        worth_saying=given.pop("worth_saying", "nothing"),
        axis=Axis(**axis),
        low_below=given.pop("low_below", None),
        icon=given.pop("icon", "note"),
        tag=Tag(tag["question"], tuple((code, words) for code, words in tag["choices"])) if tag else None,
        other_units=tuple(Unit(**unit) for unit in given.pop("other_units", ())),
        loinc=given.pop("loinc", None),
        snomed=given.pop("snomed", None),
        pack=pack,
    )
    if given:
        raise TypeError(f"{measure.code}: no such field: {', '.join(sorted(given))}")
    return measure


def check_packs(
    today: dt.date | None = None, folder: Path = PACKS, cards: Path = care_cards.FOLDER
) -> list[str]:
    """What is wrong with the packs and the help cards, one sentence each; an empty list when all is well.

    A missing reviewer is no problem here: the label says so, and production leaves the content out.
    """
    today = today or clock.now().date()
    problems: list[str] = []
    seen: dict[str, str] = {}
    sources = sorted(folder.glob("*.toml"))
    if not sources:
        problems.append("diaries: there are no packs")
    for source in sources:
        try:
            measures = read_pack(source)
        except ValueError as problem:
            problems.append(str(problem))
            continue
        problems += [f"{source.name}: {said}" for said in _wrong_head(measures, source.stem, today)]
        for measure in measures:
            problems += [f"{source.name}: {measure.code}: {said}" for said in wrong_measure(measure)]
            if measure.code in seen:
                problems.append(f"{source.name}: {measure.code} is in {seen[measure.code]} as well")
            seen[measure.code] = source.name
    return problems + care_cards.check_cards(today, cards)


def _wrong_head(measures: list[Measure], stem: str, today: dt.date) -> Iterator[str]:
    if not measures:
        yield "has no measures"
        return
    pack = measures[0].pack
    if pack.id != stem:
        yield f"its id {pack.id!r} is not its file's name"
    if stem != "shared" and stem not in CONDITIONS:
        yield f"there is no condition {stem!r}"
    yield from wrong_review(pack, today)


def wrong_measure(measure: Measure) -> Iterator[str]:
    """What is wrong with one measure's data."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,30}", measure.code):
        yield "its code should be small letters, digits and _"
    if measure.kind not in KINDS:
        yield f"there is no kind {measure.kind!r}"
        return
    if measure.worth_saying not in WORTH_SAYING:
        yield f"worth_saying cannot be {measure.worth_saying!r}"
    yield from (f"there is no condition {code!r}" for code in measure.conditions if code not in CONDITIONS)
    if not measure.conditions and not measure.shared:
        yield "it is for no condition and not shared, so nobody is asked it"
    if measure.kind == "ruler" and not (measure.low_words_ and measure.high_words_):
        yield "a ruler needs words at both ends"
    if measure.kind == "choice" and len(measure.choices_) < 2:
        yield "a choice needs choices"
    if measure.kind in ("number", "count"):
        yield from _wrong_ranges(measure)


def _wrong_ranges(measure: Measure) -> Iterator[str]:
    if measure.likely is None or measure.possible is None:
        yield "a number needs a likely and a possible range"
        return
    ordered = (measure.possible[0], measure.likely[0], measure.likely[1], measure.possible[1])
    if list(ordered) != sorted(ordered) or measure.likely[0] == measure.likely[1]:
        yield "the likely range should lie inside the possible one"
    if not measure.unit_:
        yield "a number needs its unit"
    if measure.axis.around is None and not measure.axis.low < measure.axis.high:
        yield "its chart has no height"
    for unit in measure.other_units:
        if unit.divide_by <= 0:
            yield f"{unit.unit} needs a number to divide by"


def extract_words(
    fileobj: IO[bytes], keywords: Any, comment_tags: Any, options: Any
) -> Iterator[tuple[int, str, str, list[str]]]:
    """Babel's extractor for packs and cards, so that their words are in the catalogue like everybody else's."""
    given = tomllib.loads(fileobj.read().decode("utf-8"))
    for each in given.get("measures", []):
        words = [
            each.get(field)
            for field in ("name", "spoken", "question", "hint", "unit", "low_words", "high_words")
        ]
        words += [said for choice in each.get("choices", []) for said in choice[1:]]
        if "tag" in each:
            words += [each["tag"]["question"], *(said for _code, said in each["tag"]["choices"])]
        yield from ((0, "gettext", word, [each["code"]]) for word in words if word)
    for card in given.get("cards", []):
        yield from ((0, "gettext", word, ["care card"]) for word in (card["title"], *card["steps"]))
