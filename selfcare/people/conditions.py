"""The long-term conditions the product knows, and their names for people."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

CONDITIONS = {
    "type_2_diabetes": _l("Type 2 diabetes"),
    "msk_pain": _l("Joint, back or muscle pain"),
    "copd": _l("COPD"),
    "asthma": _l("Asthma"),
    "depression": _l("Depression"),
}


def condition_names(codes: list[str]) -> list[str]:
    """The names of these condition codes, in the reader's language."""
    return [str(CONDITIONS[code]) for code in codes if code in CONDITIONS]
