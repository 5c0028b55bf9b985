"""Who of a care team reads the answers, and within how many days: some questionnaires are offered only where somebody does.

From instruments.md: PHQ-9 only where a team has recorded who reads it; else PHQ-2. It stops holding by itself when that person leaves
the team, and while the patient does not share their answers.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext

from selfcare import audit, clock
from selfcare.errors import Invalid, NotFound
from selfcare.extensions import db
from selfcare.people.access import Part, Record, item_of, sharing_now
from selfcare.people.models import CareRelationship, Person, Team
from selfcare.people.teams import clinicians, longest_first, teams_of, works_here
from selfcare.questionnaires.instruments import Instrument
from selfcare.questionnaires.models import QuestionnaireReader
from selfcare.questionnaires.packs import catalogue

LONGEST = 14  # days: longer is not "somebody reads it"


@dataclass(frozen=True)
class Reading:
    """Somebody of a team who reads the answers to one questionnaire."""

    name: str
    team: str
    within_days: int


@dataclass(frozen=True)
class Readings:
    """Everything about who sees a patient's answers.

    ``team``: the name of the team that has cared longest, None without one; ``phone``: its number.
    """

    team: str | None
    phone: str | None
    shared: bool
    withheld: frozenset[str]
    by_questionnaire: dict[str, list[Reading]]

    def shares(self, instrument: Instrument) -> bool:
        """Whether the care team can see the answers to this one."""
        held_back = item_of(Part.QUESTIONNAIRES, instrument.code) in self.withheld
        return self.team is not None and self.shared and not held_back

    def are_read(self, instrument: Instrument) -> bool:
        """Whether somebody reads the answers within days."""
        return self.shares(instrument) and bool(self.by_questionnaire.get(instrument.code))


def readings_of(record: Record) -> Readings:
    """Who sees and who reads this patient's answers now. Two statements."""
    shared, withheld = sharing_now(record.patient.id)
    rows = list(record.rows(_running()))
    found: dict[str, list[Reading]] = {}
    for team, reader, who in rows:
        if reader is not None and who is not None:
            found.setdefault(reader.questionnaire, []).append(
                Reading(who.name, team.name, reader.within_days)
            )
    first = rows[0][0] if rows else None
    return Readings(
        team=first.name if first else None,
        phone=first.phone if first else None,
        shared=Part.QUESTIONNAIRES in shared,
        withheld=withheld,
        by_questionnaire=found,
    )


@cache
def _running() -> sa.Select[Team, QuestionnaireReader | None, Person | None]:
    """Teams that care for the patient, each with its readers who work there now. Built once."""
    reads_here = sa.and_(
        QuestionnaireReader.team_id == Team.id,
        QuestionnaireReader.ended_at.is_(None),
        works_here(QuestionnaireReader.clinician_id, QuestionnaireReader.team_id),
    )
    return (
        sa.select(Team, QuestionnaireReader, Person)
        .select_from(CareRelationship)
        .join(Team, Team.id == CareRelationship.team_id)
        .outerjoin(QuestionnaireReader, reads_here)
        .outerjoin(Person, Person.id == QuestionnaireReader.clinician_id)
        .where(CareRelationship.patient_id == sa.bindparam("patient_id"), CareRelationship.ended_at.is_(None))
        .order_by(*longest_first())
    )


def who_sees(record: Record, instrument: Instrument, readings: Readings) -> str:
    """Who sees the answers and when, in a sentence or two, before question 1 and after the last."""
    said = [] if record.is_own else [_("%(name)s sees what you write here.", name=record.person.known_as)]
    if not readings.shares(instrument):
        said.append(
            _("Only you can see your answers. Your care team sees them if you share them.")
            if record.is_own
            else _("The care team cannot see the answers: they are not shared with them.")
        )
        return " ".join(said)
    read = readings.by_questionnaire.get(instrument.code, [])
    if read:  # it stands under "Nobody checks this between visits"
        said.append(_("Only this is read sooner:"))
    for each in read:
        said.append(
            ngettext(
                "%(name)s at %(team)s reads the answers within %(num)s day.",
                "%(name)s at %(team)s reads the answers within %(num)s days.",
                each.within_days,
                name=each.name,
                team=each.team,
            )
        )
    if not read:
        said.append(_("%(team)s can see the answers at the next visit.", team=readings.team))
    return " ".join(said)


@dataclass(frozen=True)
class TeamsReader:
    """One team and one questionnaire that needs a reader, for the team's own page."""

    team: Team
    instrument: Instrument
    running: QuestionnaireReader | None
    works_here: bool
    colleagues: list[Person]

    @property
    def reader(self) -> Person | None:
        """Who reads it, also while they do not work here any more."""
        if self.running is None:
            return None
        return next((each for each in self.colleagues if each.id == self.running.clinician_id), None)


def of_teams(clinician: Person) -> list[TeamsReader]:
    """For each team in which the clinician works: every questionnaire that needs a reader, and who it is. Three statements."""
    teams = teams_of(clinician)
    ids = [team.id for team in teams]
    running = {
        (row.team_id, row.questionnaire): row
        for row in db.session.scalars(
            sa.select(QuestionnaireReader).where(
                QuestionnaireReader.team_id.in_(ids), QuestionnaireReader.ended_at.is_(None)
            )
        )
    }
    colleagues = _clinicians_of(ids)
    found = []
    for team in teams:
        for instrument in catalogue().values():
            if instrument.needs_reader:
                row, here = running.get((team.id, instrument.code)), colleagues.get(team.id, [])
                works = row is not None and any(each.id == row.clinician_id for each in here)
                found.append(TeamsReader(team, instrument, row, works, here))
    return found


def _clinicians_of(team_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[Person]]:
    found: dict[uuid.UUID, list[Person]] = {}
    for team_id, person in clinicians(team_ids):
        found.setdefault(team_id, []).append(person)
    return found


def choose(
    actor: Person, team_id: uuid.UUID, code: str, *, clinician_id: uuid.UUID | None, within_days: int | None
) -> None:
    """Say who of a team reads the answers to a questionnaire; with nobody, it is not offered any more.

    :raises NotFound: the actor does not work in that team, or the questionnaire needs no reader.
    :raises Invalid: that person does not work there, or no number of days.
    """
    instrument = catalogue().get(code)
    team = next((each for each in teams_of(actor) if each.id == team_id), None)
    if team is None or instrument is None or not instrument.needs_reader:
        raise NotFound
    if clinician_id is not None:
        if all(each.id != clinician_id for each in _clinicians_of([team.id]).get(team.id, [])):
            raise Invalid({"clinician_id": _("Select somebody who works in this team")})
        if within_days is None or not 1 <= within_days <= LONGEST:
            said = _("Enter the number of days, from 1 to %(most)s", most=LONGEST)
            raise Invalid({"within_days": said})
    running = db.session.scalars(
        sa.select(QuestionnaireReader).where(
            QuestionnaireReader.team_id == team.id,
            QuestionnaireReader.questionnaire == code,
            QuestionnaireReader.ended_at.is_(None),
        )
    ).first()
    if running is not None:
        if (running.clinician_id, running.within_days) == (clinician_id, within_days):
            return
        running.ended_at = clock.now()
        db.session.flush()
    if clinician_id is not None and within_days is not None:
        db.session.add(
            QuestionnaireReader(
                team_id=team.id,
                questionnaire=code,
                clinician_id=clinician_id,
                within_days=within_days,
                set_by=actor.id,
            )
        )
    audit.record(actor, "questionnaire_reader.chosen", None, team, questionnaire=code, days=within_days)
    db.session.flush()
