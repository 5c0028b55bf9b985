"""Finding a patient by name: accents and capitals do not matter, on any database, so the names are compared here."""

from __future__ import annotations

import unicodedata
import uuid

from selfcare import audit
from selfcare.agendas import panel
from selfcare.extensions import db
from selfcare.people.access import patients_of
from selfcare.people.models import Patient, Person

MOST = 50  # found at once; more words find fewer

# Letters that Unicode does not take apart into a plain one and a mark.
PLAIN = str.maketrans(
    {"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss"}
)


def plain(text: str) -> str:
    """``Ayşe`` as ``ayse``: small letters without marks; apostrophes and hyphens are spaces."""
    taken_apart = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(letter for letter in taken_apart if not unicodedata.combining(letter))
    return "".join(letter if letter.isalnum() else " " for letter in letters.translate(PLAIN))


def matches(name: str, words: list[str]) -> bool:
    """Whether each word begins some part of the name."""
    parts = plain(name).split()
    return all(any(part.startswith(word) for part in parts) for word in words)


def find(clinician: Person, q: str) -> panel.Panel:
    """The panel of those patients of this clinician's teams whose names match, whoever's they are. Four statements."""
    words = plain(q).split()
    found: list[uuid.UUID] = []
    if words:
        rows = db.session.execute(
            patients_of(clinician)
            .join(Person, Person.id == Patient.id)
            .where(Person.disabled_at.is_(None))
            .with_only_columns(Patient.id, Person.name)
        )
        found = [patient_id for patient_id, name in rows if matches(name, words)]
    audit.record(clinician, "panel.searched", None, found=len(found))
    return panel.read(clinician, show="team", limit=MOST, among=found)
