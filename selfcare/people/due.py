"""What the reminder dispatcher asks a room: is this already done today? Rooms below the reminders answer in these terms."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass


@dataclass(frozen=True)
class Due:
    """One instant at which a patient wished to be reminded.

    ``key`` names what about within its kind (a goal's or visit's id as text, else ``""``); ``day`` is the patient's local day and
    ``starts`` / ``ends`` its first instant and the next day's.
    """

    id: uuid.UUID
    patient_id: uuid.UUID
    key: str
    day: dt.date
    starts: dt.datetime
    ends: dt.datetime
