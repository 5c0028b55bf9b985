"""Names of roles, and of what the audit trail says, for administrators."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

# The roles that an administrator gives. Patients come by their care team's invitation, carers by their patient's.
STAFF_ROLES = {
    "clinician": _l("Care team"),
    "facilitator": _l("Facilitator"),
    "trainer": _l("Trainer"),
    "programme_lead": _l("Programme lead"),
    "commissioner": _l("Commissioner"),
    "administrator": _l("Administrator"),
}

ROLE_NAMES = {"patient": _l("Patient"), "carer": _l("Carer")} | STAFF_ROLES


def in_words(action: str) -> str:
    """``diary_entry.recorded`` → ``Diary entry: recorded``. The codes are the trail's own; they are not translated."""
    thing, _, act = action.partition(".")
    return f"{thing.replace('_', ' ').capitalize()}: {act.replace('_', ' ')}"
