"""The phones (and other browsers) that take pushes."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from selfcare.database import Stateful


class PushSubscription(Stateful):
    """One browser's subscription, for one patient. ``written_by`` is whose phone it is: the patient's or a carer's.

    ``last_delivered_at``: when its push service last accepted a message. ``pruned_at``: when that service said it is no
    more (404, 410); then it gets nothing until the browser subscribes again. 5xx and time-outs only count ``failures``.
    """

    __tablename__ = "push_subscriptions"
    __table_args__ = (sa.Index("ix_push_subscriptions_endpoint", "endpoint"),)

    endpoint: Mapped[str]
    p256dh: Mapped[str]
    auth: Mapped[str]
    label: Mapped[str]
    last_delivered_at: Mapped[dt.datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    failed_at: Mapped[dt.datetime | None]
    pruned_at: Mapped[dt.datetime | None]

    # Not a column: whether its push service had ended this very address, so that the browser should make a new one.
    renew = False

    @property
    def active(self) -> bool:
        """Whether it may be sent to."""
        return self.pruned_at is None
