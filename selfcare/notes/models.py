"""SelfCareNote."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Mapped

from selfcare.database import Stateful

MEDICINE, NOTE = "medicine", "note"
KINDS = (MEDICINE, NOTE)


class SelfCareNote(Stateful):
    """A medicine that the patient takes, or a note to self, in their own words. It is no prescription and no order.

    ``stopped_on`` is the day they stopped; ``removed_at`` hides a slip of the pen, whose history stays.
    """

    __tablename__ = "self_care_notes"

    kind: Mapped[str]
    text: Mapped[str]
    since: Mapped[dt.date | None]
    stopped_on: Mapped[dt.date | None]
    stop_reason: Mapped[str | None]
    removed_at: Mapped[dt.datetime | None]
