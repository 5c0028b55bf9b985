"""Before Ayşe shares she looks at the very page that Grace will open: section by section the same, and nothing read by Grace yet."""

from __future__ import annotations

import itertools
import re
import uuid
from html.parser import HTMLParser
from typing import Any

import pytest
import sqlalchemy as sa

from selfcare.agendas.models import Agenda, AgendaItem
from selfcare.audit import AuditEvent
from selfcare.extensions import db
from selfcare.people.access import SHAREABLE
from selfcare.people.models import CarerLink, Patient, Person, SharingChoice
from tests.agendas import scenes

SHARED_AT = re.compile(r"\s*Shared \w+ \d+ \w+, (?:[\d:]+[ap]m|midday|midnight)")
STRANGE = (
    "<b>bold</b> & {{ 7*7 }}\n\n  two spaces  ",
    "مرحبا، ركبتي تؤلمني",
    "👩🏽‍⚕️ knee 🦵\u200b, soft\u00adhyphen",
    "x" * 300,
)


class Sections(HTMLParser):
    """The text of each section of the sheet, in order; words in ``<blockquote>`` as they are."""

    VOID = frozenset({"br", "path", "rect", "circle", "input", "meta", "link", "line", "use", "polyline"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.words: list[str] = []
        self._in: str | None = None
        self._quoted = False
        start = html.index('<article class="sc-a4')
        self.feed(html[start : html.index("</article>", start)])
        self.texts = [" ".join(text.split()) for text in self.texts]

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag in ("section", "header", "footer"):
            self._in = tag
            self.texts.append("")
        if tag == "blockquote":
            self._quoted = True
            self.words.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "blockquote":
            self._quoted = False

    def handle_data(self, data: str) -> None:
        if self.texts and self._in != "footer":
            self.texts[-1] += data
        if self._quoted:
            self.words[-1] += data


def unshared(text: str) -> str:
    return SHARED_AT.sub("", text)


def preview(who: Any, for_whom: str = "") -> str:
    answer = who.get(f"/agenda/preview{for_whom}")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return str(answer.get_data(as_text=True))


def page(grace: Any, world: Any) -> str:
    answer = grace.get(f"/patients/{world.ayse}/agenda")
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


def set_shared(world: Any, parts: Any) -> None:
    db.session.execute(
        sa.update(SharingChoice).where(SharingChoice.patient_id == world.ayse).values(current=False)
    )
    scenes.share(db.session.get_one(Person, world.ayse), *parts)


def set_list(shared: bool) -> None:
    db.session.execute(
        sa.update(Agenda).values(shared_at=scenes.clock.now() if shared else None, opened_at=None)
    )


@pytest.fixture
def full(world: Any, story: Any) -> uuid.UUID:
    with story():
        booked = scenes.full_page(world)
        set_list(shared=False)
        return booked


@pytest.mark.slow
def test_whatever_she_shares_each_section_is_the_one_that_grace_opens(
    world: Any, ayse: Any, grace: Any, full: uuid.UUID, story: Any
) -> None:
    parts = [part.value for part in SHAREABLE]
    for how_many in range(len(parts) + 1):
        for chosen in itertools.combinations(parts, how_many):
            with story():
                set_shared(world, chosen)
                set_list(shared=False)
            before = Sections(preview(ayse))
            with story():
                set_list(shared=True)
            after, hers = Sections(preview(ayse)), Sections(page(grace, world))
            assert len(hers.texts) == 9, "who it is, seven parts and the foot"
            assert after.texts == hers.texts, chosen
            assert before.texts == [unshared(text) for text in hers.texts], chosen
            assert before.words == after.words == hers.words == list(scenes.WORDS)


@pytest.mark.parametrize("words", STRANGE, ids=["markup", "right to left", "emoji", "long"])
def test_strange_words_stand_the_same_on_both(
    world: Any, ayse: Any, grace: Any, full: uuid.UUID, story: Any, words: str
) -> None:
    with story():
        db.session.execute(sa.update(AgendaItem).values(text=words))
    before = Sections(preview(ayse))
    assert before.words == [words] * 3
    with story():
        set_list(shared=True)
    assert Sections(page(grace, world)).words == before.words


def test_a_list_without_a_visit_is_previewed_the_same(world: Any, ayse: Any, grace: Any, story: Any) -> None:
    with story():
        scenes.visit(world, days=-40)
        scenes.shared_list(world.ayse, None, world.hornsey, topics=2, questions=1, shared=False)
        scenes.goal(world.ayse, "Walk 15 minutes", scores=(4,))
    before = Sections(preview(ayse))
    with story():
        set_list(shared=True)
    assert before.texts == [unshared(text) for text in Sections(page(grace, world)).texts]


def test_her_look_is_not_graces_reading_and_the_trail_says_what_it_was(
    world: Any, ayse: Any, full: uuid.UUID, story: Any
) -> None:
    with story():
        set_list(shared=True)
    preview(ayse)
    with story():
        assert db.session.scalars(sa.select(Agenda.opened_at)).one() is None
        assert db.session.scalars(sa.select(Agenda.opened_by)).one() is None
        noted = set(db.session.scalars(sa.select(AuditEvent.action)))
    assert "agenda.previewed" in noted
    assert "agenda_summary.read" not in noted


def test_what_she_does_not_share_is_named_before_she_shares(
    world: Any, ayse: Any, full: uuid.UUID, story: Any
) -> None:
    with story():
        set_shared(world, ("goals", "notes"))
    html = preview(ayse)
    assert "Not shared: my diary, my questionnaire answers, videos I watched" in html
    assert "Typical" not in html
    assert html.index("Metformin") < html.index("Share with Grace")


def test_elif_sees_no_more_by_it_than_her_mother_lets_her(
    world: Any, ayse: Any, carer: Any, full: uuid.UUID, story: Any
) -> None:
    with story():
        scenes.entry(world.ayse, days_ago=1, mood=3)
    own = preview(ayse)
    assert "Metformin" in own
    assert "Mood" in own
    html = preview(carer, f"?for={world.ayse}")
    for words in ("Metformin", "Ibuprofen", "I keep sweets in my bag"):
        assert words not in html
    sheet = Sections(html)
    assert sheet.words == list(scenes.WORDS)
    shown = " ".join(sheet.texts)
    assert shown.count("The team sees this. It is not shown to you") == 1
    assert "Medicines and notes are not shown to you" in shown, "nor what changed in them"
    assert "Mood is not shown to you" in shown
    assert "Mood 0" not in shown
    assert "Not shared: my questionnaire answers" in html
    assert "The team sees more than is shown to you here" in html
    with story():
        link = db.session.scalars(sa.select(CarerLink)).one()
        link.also_sees = ["mood", "notes"]
    ticked = preview(carer, f"?for={world.ayse}")
    assert Sections(ticked).texts == Sections(preview(ayse)).texts
    assert "not shown to you" not in ticked


def test_what_elif_may_not_see_and_the_team_neither_is_called_not_shared(
    world: Any, carer: Any, full: uuid.UUID, story: Any
) -> None:
    with story():
        set_shared(world, ("goals",))
    html = preview(carer, f"?for={world.ayse}")
    assert "Not shared: my diary, my questionnaire answers, my medicines and notes, videos I watched" in html
    assert "not shown to you" not in html


def test_for_somebody_on_no_team_there_is_no_page_of_theirs_but_the_list(
    world: Any, ayse: Any, story: Any
) -> None:
    with story():
        booked = scenes.visit(world, days=2, team=None, clinician=None, with_whom="Dr Nowak")
        listed = scenes.shared_list(world.ayse, booked, world.hornsey, topics=1, shared=False, text="My eyes")
        db.session.get_one(Agenda, listed).team_id = None
    html = preview(ayse)
    assert "They do not use this app" in html
    assert "My eyes" in html
    assert "sc-a4" not in html
    assert "Share with" not in html


def test_it_asks_the_database_no_more_where_there_is_more(
    world: Any, ayse: Any, carer: Any, full: uuid.UUID, story: Any, statements: Any
) -> None:
    counts = []
    for number in (0, 20):
        with story():
            for each in range(number):
                scenes.goal(world.ayse, f"Goal {each}", scores=(3, 4))
                scenes.note(world.ayse, f"Note {each}", kind="note")
                scenes.entry(world.ayse, days_ago=each, pain=5, mood=4)
            db.session.get_one(Patient, world.ayse).conditions = ["asthma"]
        for who, path in ((ayse, ""), (carer, f"?for={world.ayse}")):
            preview(who, path)
            with statements() as seen:
                preview(who, path)
            counts.append(
                len([one for one in seen if "audit_events" not in one and "record_views" not in one])
            )
    assert counts[:2] == counts[2:]
    assert max(counts) <= 14, counts
