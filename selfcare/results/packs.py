"""The catalogue of results as data: one TOML file, checked and read into memory.

An empty ``clinical_reviewer`` means "not yet clinically approved": the words are then shown with that label, and production
shows the number, its unit and its date alone.
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

from flask import current_app

from selfcare import clock
from selfcare.packs import Pack, read_head, wrong_review
from selfcare.results.catalogue import CHOICE, KINDS, PAIR, VALUE, Choice, Measure, Part, Unit

PACKS = Path(__file__).parent / "packs"


@cache
def catalogue(folder: Path = PACKS) -> Mapping[str, Measure]:
    """Every kind of result by its code, in the order of the page. Read once a process.

    :raises ValueError: a pack cannot be read.
    """
    found = [measure for source in sorted(folder.glob("*.toml")) for measure in read_pack(source)]
    return MappingProxyType({measure.code: measure for measure in found})


def explained(measure: Measure) -> bool:
    """Whether its words for the patient may be shown here: in production only what a named reviewer approved."""
    return measure.pack.approved or current_app.config["SETTINGS"].env != "production"


def read_pack(source: Path) -> list[Measure]:
    """The measures of one pack.

    :raises ValueError: it is no TOML, or a field is missing or of the wrong kind.
    """
    try:
        given = tomllib.loads(source.read_text("utf-8"))
        if given["id"] != source.stem:
            raise TypeError(f"its id {given['id']!r} is not its file's name")
        pack = read_head(given, given["id"])
        return [_measure(each, pack) for each in given["measures"]]
    except KeyError as missing:
        raise ValueError(f"{source.name}: has no {missing.args[0]}") from None
    except (tomllib.TOMLDecodeError, TypeError, AttributeError) as problem:
        raise ValueError(f"{source.name}: {problem}") from None


def _measure(given: dict[str, Any], pack: Pack) -> Measure:
    given = dict(given)
    kind, name = given.pop("kind"), given.pop("name")
    if kind not in KINDS:
        raise TypeError(f"there is no kind {kind!r}")
    if kind == PAIR:
        parts = tuple(_part(**part) for part in given.pop("parts"))
    else:
        parts = () if kind == CHOICE else (_part(VALUE, name, given.pop("likely"), given.pop("possible")),)
    measure = Measure(
        code=given.pop("code"),
        name_=name,
        plain_=given.pop("plain"),
        kind=kind,
        unit_=given.pop("unit", ""),
        decimals=given.pop("decimals", 0),
        parts=parts,
        choices=tuple(Choice(*choice) for choice in given.pop("choices", ())),
        other_units=tuple(_unit(**unit) for unit in given.pop("other_units", ())),
        means_=tuple(given.pop("means")),
        question_=given.pop("question"),
        topic_=given.pop("topic"),
        loinc=given.pop("loinc", None),
        pack=pack,
    )
    if given:
        raise TypeError(f"{measure.code}: no such field: {', '.join(sorted(given))}")
    return measure


def _part(code: str, name: str, likely: list[float], possible: list[float]) -> Part:
    return Part(code, name, (likely[0], likely[1]), (possible[0], possible[1]))


def _unit(words: str, slip: list[float] | None = None, **rest: Any) -> Unit:
    return Unit(words_=words, slip=(slip[0], slip[1]) if slip else None, **rest)


def check_packs(today: dt.date | None = None, folder: Path = PACKS) -> list[str]:
    """What is wrong with the packs, one sentence each; an empty list when all is well.

    A missing reviewer is no problem here: the label says so, and production leaves the words out.
    """
    today = today or clock.now().date()
    problems: list[str] = []
    seen: set[str] = set()
    for source in sorted(folder.glob("*.toml")):
        try:
            measures = read_pack(source)
        except ValueError as problem:
            problems.append(str(problem))
            continue
        for measure in measures:
            problems += [f"{source.name}: {measure.code}: {said}" for said in _wrong(measure)]
            if measure.code in seen:
                problems.append(f"{source.name}: {measure.code} is there twice")
            seen.add(measure.code)
        problems += [f"{source.name}: {said}" for said in _wrong_head(measures, today)]
    return problems if seen or problems else ["results: there are no packs"]


def _wrong_head(measures: list[Measure], today: dt.date) -> Iterator[str]:
    if not measures:
        yield "has no measures"
        return
    yield from wrong_review(measures[0].pack, today)


def _wrong(measure: Measure) -> Iterator[str]:
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,30}", measure.code):
        yield "its code should be small letters, digits and _"
    if not measure.means_:
        yield "it does not say what it means"
    if measure.kind == CHOICE:
        if len(measure.choices) < 2:
            yield "a choice needs choices"
        return
    if not measure.unit_:
        yield "a number needs its unit"
    for part in measure.parts:
        ordered = [part.possible[0], part.likely[0], part.likely[1], part.possible[1]]
        if ordered != sorted(ordered) or part.likely[0] == part.likely[1]:
            yield f"the likely range of {part.code} should lie inside the possible one"
    for unit in measure.other_units:
        if unit.divide_by <= 0:
            yield f"{unit.unit} needs a number to divide by"
        low, high = measure.parts[0].possible
        if unit.slip and not (unit.slip[1] < low or unit.slip[0] > high):
            yield f"a slip into {unit.unit} should lie outside the possible range, or it hides a real number"


def extract_words(
    fileobj: IO[bytes], keywords: Any, comment_tags: Any, options: Any
) -> Iterator[tuple[int, str, str, list[str]]]:
    """Babel's extractor for packs, so that their words are in the catalogue like everybody else's."""
    given = tomllib.loads(fileobj.read().decode("utf-8"))
    for each in given.get("measures", []):
        words = [each.get(field) for field in ("name", "plain", "unit", "question", "topic")]
        words += [*each["means"], *(part["name"] for part in each.get("parts", []))]
        words += [said for choice in each.get("choices", []) for said in choice[1:]]
        words += [unit["words"] for unit in each.get("other_units", [])]
        yield from ((0, "gettext", word, [each["code"]]) for word in dict.fromkeys(words) if word)
