"""Reminders in a person's own words: "Every day at 7pm", "Sent today at 7pm"."""

from __future__ import annotations

import datetime as dt

from flask_babel import gettext as _

from selfcare.clock import WEEKDAYS
from selfcare.edge.filters import days_ago, here, in_days, join_words, nhs_time, weekday_name
from selfcare.reminders.models import Occurrence, Reminder

WORK_DAYS = list(WEEKDAYS[:5])


def wish(reminder: Reminder) -> str:
    """``Every day at 7pm``, ``Monday and Friday at 9am and 7pm``."""
    times = join_words([nhs_time(time) for time in reminder.times])
    return _("%(days)s at %(times)s", days=days_in_words(reminder.days), times=times)


def days_in_words(days: list[str] | None) -> str:
    """``Every day``, ``Monday to Friday``, ``Monday and Sunday``."""
    if days is None or len(days) == len(WEEKDAYS):
        return _("Every day")
    if days == WORK_DAYS:
        return _("Monday to Friday")
    return join_words([weekday_name(day) for day in days])


def coming(due_at: dt.datetime | None) -> str:
    """``Next: tomorrow at 7pm``."""
    if due_at is None:
        return ""
    return _("Next: %(day)s at %(time)s", day=in_days(due_at), time=nhs_time(due_at))


def outcome(occurrence: Occurrence) -> str:
    """What became of the last one: ``Sent today at 7pm``, or why not."""
    when = _("%(day)s at %(time)s", day=_day(occurrence.due_at), time=nhs_time(occurrence.due_at))
    if occurrence.state == "sent":
        return _("Sent %(when)s", when=when)
    if occurrence.state == "done_already":
        return _("Not sent %(when)s: you had done it", when=when)
    why = {
        "no_phone": _("no phone was set up"),
        "gone": _("your phone no longer takes messages"),
        "late": _("we were not able to in time"),
    }.get(occurrence.reason or "", _("your phone’s message service did not take it"))
    return _("Not sent %(when)s: %(why)s", when=when, why=why)


def _day(instant: dt.datetime) -> str:
    words = days_ago(here(instant))
    return words[:1].lower() + words[1:]
