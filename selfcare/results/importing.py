"""Results of many patients from one file (CSV): every line is told what is wrong with it, and nothing is stored unsaid."""

from __future__ import annotations

import csv
import datetime as dt
import io
import uuid
from dataclasses import dataclass, field
from typing import Any

import marshmallow as ma
import structlog
from flask_babel import gettext as _

from selfcare import audit
from selfcare.edge.schemas import MAX_LINE, clean_text, read_day
from selfcare.errors import Conflict, Invalid, NeedsConfirming
from selfcare.people import looked
from selfcare.people.access import Record, team_record
from selfcare.people.models import Person
from selfcare.results import finding, packs, ranges, service
from selfcare.results.models import Result

log = structlog.get_logger()

COLUMNS = ("patient", "measure", "value", "unit", "taken_on")
MAY_BE = ("confirmed",)
MOST_LINES = 1000
EXAMPLE = """\
patient,measure,value,unit,taken_on
ayse@example.org,hba1c,58,mmol/mol,2026-11-03
ayse@example.org,blood_pressure,132/84,mmHg,2026-11-03
ayse@example.org,foot_check,low,,03/11/2026
"""
# Names the id of a line: the same file sent again finds what it stored the first time.
_NAMESPACE = uuid.UUID("5f0a6a0e-58a4-4a43-8f0a-2f4b3f6f2d11")
_YES = ("yes", "y", "true", "1")


@dataclass(frozen=True)
class Wrong:
    """A line that was not stored: its number in the file, whom and what it names, and what to put right."""

    line: int
    patient: str
    measure: str
    said: str


@dataclass
class Report:
    """What became of a file. ``stored`` is 0 where anything was wrong and nothing was to be kept."""

    lines: int = 0
    stored: int = 0
    there_already: int = 0
    patients: set[uuid.UUID] = field(default_factory=set)
    wrong: list[Wrong] = field(default_factory=list)


def read_file(data: bytes) -> list[tuple[int, dict[str, str]]]:
    """The filled lines of a file with their numbers, as column → text. Commas, semicolons or tabs; a first line with names.

    :raises Invalid: it is no such file, a column is missing, or it has too many lines. The field is ``file``.
    """
    try:
        text = data.decode("utf-8-sig")
        clean_text(text, len(text))
    except (UnicodeDecodeError, ma.ValidationError):
        raise Invalid({"file": _("Choose a CSV file, saved as UTF-8")}) from None
    first = text.split("\n", 1)[0]
    mark = max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    try:
        lines = [(rows.line_num, row) for row in rows if any(cell.strip() for cell in row)]
    except csv.Error:
        raise Invalid({"file": _("Choose a CSV file, saved as UTF-8")}) from None
    names = [_name(cell) for cell in lines[0][1]] if lines else []
    missing = [column for column in COLUMNS if column not in names]
    if missing:
        raise Invalid({"file": _("The first line has no column %(names)s", names=", ".join(missing))})
    if len(lines) == 1:
        raise Invalid({"file": _("There are no results in this file")})
    if len(lines) > MOST_LINES + 1:
        raise Invalid({"file": _("Send %(most)s lines or fewer at a time", most=MOST_LINES)})
    return [(number, _cells(names, row)) for number, row in lines[1:]]


def _name(cell: str) -> str:
    name = "_".join(cell.strip().lower().split())
    return "patient" if name in ("patient_number", "email", "patient_id") else name


def _cells(names: list[str], row: list[str]) -> dict[str, str]:
    cells = dict(zip(names, (cell.strip() for cell in row), strict=False))
    return {column: cells.get(column, "") for column in (*COLUMNS, *MAY_BE)}


def import_results(clinician: Person, data: bytes, *, keep_right: bool = False) -> Report:
    """Store what the file says, held, for patients of this clinician's teams.

    Where a line is wrong nothing is stored, unless ``keep_right``: then the right lines are, and the wrong ones are named. The
    caller's transaction must end without a commit where the report says that nothing was stored.

    :raises Invalid: the file cannot be read at all.
    """
    lines = read_file(data)
    report = Report(lines=len(lines))
    known = finding.patients_named(clinician, {cells["patient"].lower() for _number, cells in lines})
    records = {patient_id: team_record(clinician, patient_id) for patient_id in sorted(set(known.values()))}
    for (
        record
    ) in records.values():  # in one order, or two files with the same people would wait for each other
        service.one_at_a_time(record)
    for number, cells in lines:
        try:
            patient_id = known.get(cells["patient"].lower())
            if patient_id is None:
                raise Invalid({"patient": _("You have no patient with this number or email")})
            _row, created = _store(records[patient_id], cells)
            report.stored += created
            report.there_already += not created
            report.patients.add(patient_id)
        except NeedsConfirming as problem:
            said = _(
                "%(question)s If it is, write yes in a column called confirmed", question=_first(problem)
            )
            report.wrong.append(_wrong(number, cells, said))
        except Invalid as problem:
            report.wrong.append(_wrong(number, cells, _first(problem)))
        except Conflict as problem:
            report.wrong.append(_wrong(number, cells, problem.message))
    if report.wrong and not keep_right:
        report.stored = report.there_already = 0
        report.patients = set()
    # For whoever reads the log at night: without this line a file broke off, and nothing of it is stored.
    log.info("results_read", lines=report.lines, count=report.stored, wrong=len(report.wrong))
    if report.wrong and not keep_right:
        return report
    for patient_id in report.patients:
        looked.note(records[patient_id])
    audit.record(clinician, "results.imported", None, lines=report.lines, stored=report.stored)
    return report


def _store(record: Record, cells: dict[str, str]) -> tuple[Result, bool]:
    code = "_".join(cells["measure"].lower().split())
    measure = packs.catalogue().get(code)
    if measure is None:
        known = ", ".join(packs.catalogue())
        raise Invalid({"measure": _("There is no such measure. Use one of: %(known)s", known=known)})
    if not cells["value"]:
        raise Invalid({"value": _("There is no value")})
    body = {
        "measure": code,
        "value": ranges.from_text(measure, cells["value"]),
        "unit": cells["unit"] or None,
        "taken_on": _day(cells["taken_on"]),
    }
    # The line's own content names its result, so a file that is sent twice stores once.
    named = "|".join([str(record.patient.id), *(str(each) for each in body.values())])
    confirmed = [code] if cells["confirmed"].lower() in _YES else []
    return service.record_result(record, uuid.uuid5(_NAMESPACE, named), **body, confirmed=confirmed)


def _day(text: str) -> dt.date:
    """``2026-11-03`` or, as spreadsheets in Britain write it, ``03/11/2026``.

    :raises Invalid: neither.
    """
    if text.count("/") == 2:
        day, month, year = text.split("/")
        text = f"{year}-{month:>02}-{day:>02}"
    try:
        return read_day(text)
    except ma.ValidationError:
        raise Invalid({"taken_on": _("Write the day as 2026-11-03 or 03/11/2026")}) from None


def _first(problem: Invalid) -> str:
    return next(iter(problem.errors.values()))[0]


def _wrong(number: int, cells: dict[str, Any], said: str) -> Wrong:
    return Wrong(number, cells["patient"][:MAX_LINE], cells["measure"][:MAX_LINE], said)
