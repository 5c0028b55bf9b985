"""Languages of the library: their own names, to choose by, and their names in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l


@dataclass(frozen=True)
class Language:
    """``own_name`` is how its speakers write it; ``name`` is lazy, in the reader's language."""

    own_name: str
    name: Any
    right_to_left: bool = False


LANGUAGES = {
    "en": Language("English", _l("English")),
    "tr": Language("Türkçe", _l("Turkish")),
    "es": Language("Español", _l("Spanish")),
    "so": Language("Soomaali", _l("Somali")),
    "bn": Language("বাংলা", _l("Bengali")),
    "pl": Language("Polski", _l("Polish")),
    "pt": Language("Português", _l("Portuguese")),
    "fr": Language("Français", _l("French")),
    "ar": Language("العربية", _l("Arabic"), right_to_left=True),
    "ku": Language("Kurdî", _l("Kurdish")),
}
