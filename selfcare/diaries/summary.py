"""The diary's part of the care team's one page: the last 28 days, a small chart a tracker, facts not verdicts."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from selfcare import clock
from selfcare.diaries import charts, facts, service
from selfcare.diaries.charts import Period
from selfcare.diaries.days import days_of
from selfcare.diaries.service import Entry
from selfcare.diaries.trackers import readable, trackers_of
from selfcare.people.access import Part, Record

DAYS = 28


def section(record: Record, since: dt.date) -> list[dict[str, Any]]:
    """What was tracked in the last 28 days, in the patient's own order. Two statements; none where the diary is not shared.

    ``[{code, title, unit, scale, chart, latest, latest_on, typical, days_recorded, days, fact, written_with}]``: texts ready to show,
    ``chart`` as ``charts.chart`` gives it, ``written_with`` as :func:`written_with` does: of all entries, so the same for each
    tracker. Trackers with no entry in these days are left out, measures written without being tracked are in. ``since`` changes
    nothing here: the page always shows 28 days.
    """
    if not record.sees(Part.DIARY):
        return []
    period = Period.until(clock.today(record.person.time_zone), DAYS)
    entries = service.entries_between(record, period.first, period.last, with_hands=True)
    written = {code for entry in entries if not entry.corrected for code in entry.values}
    chosen = [measure.code for measure in trackers_of(record)]
    known = readable(record)
    order = chosen + [code for code in known if code not in chosen]
    by_carers = written_with(entries)
    found = []
    for code in order:
        if code not in written or code not in known:
            continue
        measure = known[code]
        days = days_of(entries, measure)
        latest, typical = list(days.values())[-1], facts.typical(measure, days)
        found.append(
            {
                "code": code,
                "title": measure.name,
                "unit": measure.unit,
                "scale": measure.scale,
                "chart": charts.chart(measure, days, period),
                "latest": measure.write(latest.readings[-1].value),
                "latest_on": latest.date,
                "typical": measure.write(typical) if typical is not None else None,
                "days_recorded": len(days),
                "days": period.days,
                "fact": facts.short_fact(measure, days),
                "written_with": by_carers,
            }
        )
    return found


def written_with(entries: Iterable[Entry]) -> list[str]:
    """``["3 of 18 entries written with Elif Kaya (daughter)"]``: a line for each carer, of the entries that hold."""
    standing = [entry for entry in entries if not entry.corrected and entry.values]
    by_carer = Counter(entry.hand for entry in standing if entry.hand is not None)
    return [
        ngettext(
            "%(some)s of %(num)s entry written with %(name)s (%(relation)s)",
            "%(some)s of %(num)s entries written with %(name)s (%(relation)s)",
            len(standing),
            some=times,
            name=hand.name or _("somebody"),
            relation=hand.relation,
        )
        for hand, times in by_carer.most_common()
    ]
