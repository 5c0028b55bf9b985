"""The key to what a person's phone keeps."""

from __future__ import annotations

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from selfcare import clock
from selfcare.database import Base


class PhoneKey(Base):
    """A person's P-256 pair: SPKI and PKCS #8, both DER. What a phone has not sent yet is sealed to the public half.

    Not encrypted with ``SECRET_KEY``: changing that would lose every entry that is still waiting on a phone (decision 0030).
    """

    __tablename__ = "phone_keys"

    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    public_key: Mapped[bytes]
    private_key: Mapped[bytes]
    made_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
