"""Whose hand wrote a line, where it was a carer's: named on every page that shows it, and still after the carer's end."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from selfcare.extensions import db
from selfcare.people.access import Record
from selfcare.people.models import CarerLink, Person


@dataclass(frozen=True)
class Hand:
    """A carer, with the relation in the patient's word."""

    name: str
    relation: str

    @property
    def said(self) -> str:
        """``Written by Elif Kaya (daughter)``."""
        return written_by(self.name, self.relation)


def written_by(name: str, relation: str) -> str:
    """``Written by Elif Kaya (daughter)``, on the patient's pages and on the care team's."""
    return _("Written by %(name)s (%(relation)s)", name=name or _("somebody"), relation=relation)


def words(name: str | None, relation: str | None) -> str | None:
    """The same from the two columns of :func:`columns`; None where no carer wrote."""
    return written_by(name or "", relation) if relation is not None else None


def hands_of(record: Record, writers: Iterable[uuid.UUID]) -> dict[uuid.UUID, Hand]:
    """The carers among these writers, by id. No statement where the patient wrote everything, else one."""
    others = {each for each in writers if each != record.patient.id}
    if not others:
        return {}
    rows = db.session.execute(
        sa.select(CarerLink.carer_id, Person.name, CarerLink.relation)
        .join(Person, Person.id == CarerLink.carer_id)
        .where(CarerLink.patient_id == record.patient.id, CarerLink.carer_id.in_(others))
        .order_by(CarerLink.started_at)  # the latest word for the relation stays
    )
    return {carer_id: Hand(name, relation) for carer_id, name, relation in rows}


def columns(kind: Any) -> tuple[sa.ColumnElement[str | None], sa.ColumnElement[str | None]]:
    """A carer's name and relation as two more columns of a query over ``kind``; NULL where the patient or the team wrote.

    For queries that may not ask a second time.
    """
    link = (
        sa.select(CarerLink.relation)
        .where(CarerLink.patient_id == kind.patient_id, CarerLink.carer_id == kind.written_by)
        .order_by(CarerLink.started_at.desc())
        .limit(1)
    )
    name = link.join(Person, Person.id == CarerLink.carer_id).with_only_columns(Person.name)
    by_another = (
        kind.written_by != kind.patient_id
    )  # the patient's own lines, most of them, are not looked up
    return (
        sa.case((by_another, name.scalar_subquery())).label("writer_name"),
        sa.case((by_another, link.scalar_subquery())).label("writer_relation"),
    )
