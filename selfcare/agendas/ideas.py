"""Words that start a sentence. They come from a person's conditions, never from what somebody wrote."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

BY_CONDITION = {
    "type_2_diabetes": (_l("Food"), _l("My blood sugar"), _l("Feet")),
    "msk_pain": (_l("Pain"), _l("Moving about")),
    "copd": (_l("My breathing"), _l("Getting out")),
    "asthma": (_l("My breathing"), _l("My inhaler")),
    "depression": (_l("Feeling low"), _l("Getting started")),
}
ALWAYS = (_l("Sleep"), _l("My medicines"), _l("Feeling low"), _l("Work and money"))
MOST = 7


def ideas_for(conditions: list[str]) -> list[str]:
    """At most seven, those of the person's conditions first, none twice."""
    found = [str(idea) for code in conditions for idea in BY_CONDITION.get(code, ())]
    kept = list(dict.fromkeys(found))[: MOST - len(ALWAYS)]
    return list(dict.fromkeys([*kept, *map(str, ALWAYS)]))
