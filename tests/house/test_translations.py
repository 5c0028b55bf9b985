"""The collector finds every way in which the house names a string, and sees a translation that would break."""

from __future__ import annotations

import pytest
from babel.messages.catalog import Catalog

from tools import translations


@pytest.fixture
def house(monkeypatch, tmp_path):
    """A little house with one string of each kind, and Turkish begun."""
    (tmp_path / "selfcare" / "goals").mkdir(parents=True)
    (tmp_path / "templates" / "goals").mkdir(parents=True)
    (tmp_path / "node_modules" / "selfcare").mkdir(parents=True)
    (tmp_path / "selfcare" / "goals" / "views.py").write_text(
        "# Translators: said after a tap\n"
        "_('Done today')\n"
        "_l('Skip')\n"
        "ngettext('%(num)d day', '%(num)d days', 2)\n"
        "pgettext('verb', 'Plan')\n"
        "print('never shown')\n"
    )
    (tmp_path / "templates" / "goals" / "one.html").write_text(
        "<h1>{{ _('Your goal') }}</h1>{% trans %}\n  Set by\n  you{% endtrans %}{{ ngettext('a', 'b', n) }}"
    )
    (tmp_path / "node_modules" / "selfcare" / "other.py").write_text("_('not ours')\n")
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    monkeypatch.setattr(translations, "FOLDER", tmp_path / "translations")
    monkeypatch.setattr(translations, "TEMPLATE", tmp_path / "translations" / "messages.pot")
    turkish = tmp_path / "translations" / "tr" / "LC_MESSAGES" / "messages.po"
    turkish.parent.mkdir(parents=True)
    catalog = Catalog(locale="tr")
    catalog.add("Done today", "Bugün yapıldı")
    catalog.add("An old string", "Eski")
    turkish.write_text(translations.as_text(catalog))
    return turkish


def test_strings_from_code_and_pages_are_collected_and_nothing_else(house):
    found = {message.id for message in translations.collect() if message.id}
    assert found == {
        "Done today",
        "Skip",
        ("%(num)d day", "%(num)d days"),
        "Plan",
        "Your goal",
        "Set by you",
        ("a", "b"),
    }


def test_notes_reach_the_translators_and_line_numbers_do_not(house):
    text = translations.as_text(translations.collect())
    assert "#. said after a tap\n#: selfcare/goals/views.py\n" in text
    assert 'msgctxt "verb"' in text


def test_a_language_keeps_its_words_and_gets_the_new_strings(house):
    contents = translations.everything()[house].decode()
    assert 'msgid "Done today"\nmsgstr "Bugün yapıldı"' in contents
    assert 'msgid "Skip"\nmsgstr ""' in contents
    assert "An old string" not in contents


def test_collecting_twice_changes_nothing(house):
    assert translations.everything() == translations.everything()


def test_a_translation_that_loses_a_number_stops_everything(house):
    house.write_text(
        house.read_text()
        + '\n#, python-format\nmsgid "%(num)d day"\nmsgid_plural "%(num)d days"\nmsgstr[0] "%(sayi)d gün"\n'
    )
    with pytest.raises(SystemExit, match=r"tr/LC_MESSAGES/messages\.po"):
        translations.everything()
