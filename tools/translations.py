"""The words for people: collected from Python and templates into ``translations/``.

    python tools/translations.py update    collect anew, bring every language up to date, compile
    python tools/translations.py check     say whether that would change anything (nothing is written)

``translations/messages.pot`` holds every string once, sorted and without line numbers, so that two people who change
different pages do not meet in it. A language is a folder such as ``translations/tr/LC_MESSAGES``.
"""

import argparse
import datetime as dt
import io
import sys
from collections.abc import Sequence
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "translations"
TEMPLATE = FOLDER / "messages.pot"

METHODS = [
    ("selfcare/**.py", "python"),
    ("selfcare/diaries/**.toml", "selfcare.diaries.packs:extract_words"),
    ("selfcare/results/**.toml", "selfcare.results.packs:extract_words"),
    ("selfcare/questionnaires/**.toml", "selfcare.questionnaires.packs:extract_words"),
    ("templates/**.html", "jinja2"),
    ("templates/**.txt", "jinja2"),
]
OPTIONS = {"templates/**.html": {"trimmed": "true", "silent": "false"}}
# Only what reaches a person: ``_l`` is lazy_gettext's usual short name here.
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
# A date that moved at each run would make every run look like a change.
SOME_DAY = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
HEADER = "# The words of Selfcare, collected by tools/translations.py from the pages and the code.\n#"


def collect() -> Catalog:
    """Every string of the product, with the files where it stands and the notes to translators."""
    catalog = Catalog(
        project="Selfcare",
        copyright_holder="The Selfcare authors",
        header_comment=HEADER,
        creation_date=SOME_DAY,
        charset="utf-8",
        fuzzy=False,
    )
    found = extract_from_dir(
        ROOT,
        method_map=METHODS,
        options_map=OPTIONS,
        keywords=KEYWORDS,
        comment_tags=("Translators:",),
        strip_comment_tags=True,
        directory_filter=lambda folder: Path(folder).name in WALKED or _inside(Path(folder)),
    )
    for filename, line, message, comments, context in found:
        catalog.add(message, None, [(filename, line)], auto_comments=comments, context=context)
    return catalog


WALKED = frozenset({"selfcare", "templates"})


def _inside(folder: Path) -> bool:
    """Whether we look into this folder: ours, not the virtual environment's or npm's."""
    parts = folder.relative_to(ROOT).parts if folder.is_relative_to(ROOT) else folder.parts
    return bool(parts) and parts[0] in WALKED and "__pycache__" not in parts


def as_text(catalog: Catalog) -> str:
    """A catalogue as the bytes of its file would read."""
    out = io.BytesIO()
    write_po(out, catalog, width=110, sort_output=True, include_lineno=False, ignore_obsolete=True)
    return out.getvalue().decode()


def as_compiled(catalog: Catalog) -> bytes:
    """A catalogue as gettext reads it."""
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def languages() -> list[Path]:
    """The .po file of each language."""
    return sorted(FOLDER.glob("*/LC_MESSAGES/messages.po"))


def brought_up_to_date(path: Path, template: Catalog) -> Catalog:
    """A language's catalogue with exactly the template's strings; what was never translated stays empty."""
    with path.open("rb") as file:
        catalog = read_po(file, locale=path.parent.parent.name)
    catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
    return catalog


def mistakes(catalog: Catalog) -> list[str]:
    """Translations that would fail or lose a name: a missing or misspelt ``%(name)s``, a wrong number of plurals."""
    return [
        f"{message.id!r}: {error}"
        for message in catalog
        if message.id and _is_translated(message.string)
        for error in message.check(catalog)
    ]


def _is_translated(words: str | Sequence[str] | None) -> bool:
    return bool(words) if isinstance(words, str) else any(words or ())


def everything() -> dict[Path, bytes]:
    """What each file of ``translations/`` should hold."""
    template = collect()
    wanted = {TEMPLATE: as_text(template).encode()}
    for path in languages():
        catalog = brought_up_to_date(path, template)
        wrong = mistakes(catalog)
        if wrong:
            sys.exit(f"{path.relative_to(ROOT)}:\n  " + "\n  ".join(wrong))
        wanted[path] = as_text(catalog).encode()
        wanted[path.with_suffix(".mo")] = as_compiled(catalog)
    return wanted


def main() -> None:
    parser = argparse.ArgumentParser(description="Collect the words for people.")
    parser.add_argument("command", choices=("update", "check"))
    update = parser.parse_args().command == "update"
    stale = {
        path: contents
        for path, contents in everything().items()
        if not path.exists() or path.read_bytes() != contents
    }
    if not update and stale:
        names = ", ".join(str(path.relative_to(ROOT)) for path in stale)
        sys.exit(f"Out of date: {names}. Mend it with:\n    make translations")
    for path, contents in stale.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(contents)
        print(f"wrote {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
