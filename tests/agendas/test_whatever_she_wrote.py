"""Whatever Ayşe wrote arrives as she wrote it, and first: on the page, in print, in the PDF and as text for the record.

`make test` tries some lists; 1,250 lists of eight texts each, 10,000 texts, are the model's run (`make test-model`).
Line ends alone are drawn as line ends, whichever they were: HTML knows only one.
"""

from __future__ import annotations

import io
import random
import re
import unicodedata
import uuid
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any

import pypdf
import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page

from selfcare.agendas.models import AgendaItem
from selfcare.extensions import db
from tests.agendas import scenes
from tests.agendas.test_pdf import elements
from tests.agendas.test_print import on_paper

TOPICS, QUESTIONS = 3, 5
OURS = 250  # words, DESIGN.md and method.md


def script(*ranges: tuple[int, int]) -> str:
    """Every letter of one script."""
    codes = (code for first, last in ranges for code in range(first, last + 1))
    return "".join(chr(code) for code in codes if unicodedata.category(chr(code)) not in ("Cn", "Cc", "Cs"))


ENGLISH = "My knee wakes me up at night and is it the arthritis or my weight".split()
SCRIPTS = [
    "abcdefghijklmnopqrstuvwxyzığüşöçİĞÜŞÖÇñáéíóúł",
    script((0x0621, 0x064A), (0x0660, 0x0669)),  # Arabic, from right to left
    script((0x05D0, 0x05EA)),  # Hebrew
    script((0x0985, 0x09B9), (0x09BE, 0x09CD)),  # Bengali, with marks that stand before their letter
    script((0x4E00, 0x4FFF)),  # Chinese, twice as wide
    script((0x1F600, 0x1F64F), (0x1F3FB, 0x1F3FF)),  # emoji
    script((0x00A1, 0x2FFF)),  # whatever there is
]
HARD = [
    *("👩🏽‍⚕️", "👨‍👩‍👧‍👦", "🇹🇷", "e\u0301", "ﬁ", "\u202ertl\u202c", "\u200f(", "\u00ad", "\ufeff"),
    *(
        "<b>",
        "</textarea>",
        "</blockquote>",
        "<script>",
        "&amp;",
        "&#13;",
        "{{ 7 * 7 }}",
        "%(name)s",
        "]]>",
        "'\"\\",
    ),
    *("=1+1", "1. ", "- ", "javascript:", "url(file:///etc/passwd)", "W" * 40, "x" * 200),
    *("\n", "\n\n", "\t", "  ", "\r\n", "\r", "\u2028", "\u00a0"),
]


def a_list(seed: int) -> list[str]:
    """Eight texts, always the same of a seed: in one script or several, short or long, with hard things among them."""
    by = random.Random(seed)
    longest = by.choice([40, 120, 300, 300, 800, 2000])
    return [_a_text(by, by.choice([longest, by.randint(1, longest)])) for _each in range(TOPICS + QUESTIONS)]


def _a_text(by: random.Random, long: int) -> str:
    scripts = by.sample(SCRIPTS, by.randint(1, 2))
    text = ""
    while len(text) < long:
        kind = by.random()
        if kind < 0.6:
            text += by.choice(ENGLISH)
        elif kind < 0.9:
            text += "".join(by.choices(by.choice(scripts), k=by.randint(1, 12)))
        else:
            text += by.choice(HARD)
        text += by.choice(["", " ", " ", " "])
    text = text[:long]
    return text if text.strip() else "?"


THE_LONGEST = [
    "x" * 2000,
    "My knee hurts. " * 133,
    "膝" * 2000,
    "😀" * 2000,
    "ركبتي تؤلمني " * 150,
    "a\n" * 1000,
    "W" * 2000,
    "?!" * 1000,
]


class Reading(HTMLParser):
    """The page's article and its text for the record: quotations in their order, and what is ours."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.quotes: list[str] = []
        self.ours = ""
        self.before_goals = 0  # how many quotations stood before the first heading that is not the words'
        self.record = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where we are."""
        if tag in ("path", "rect", "line", "input", "meta", "link", "br", "img", "use", "circle"):
            return
        self.open.append("own" if dict(attrs).get("class") == "sc-own" else tag)
        if tag == "blockquote":
            self.quotes.append("")
        if ("id", "a3") in attrs:
            self.before_goals = len(self.quotes)

    def handle_endtag(self, tag: str) -> None:
        """Leave it again."""
        if self.open and tag in (self.open[-1], "span"):
            self.open.pop()

    def handle_data(self, data: str) -> None:
        """Words, whose depends on where."""
        if "textarea" in self.open:
            self.record += data
        elif "blockquote" in self.open:
            self.quotes[-1] += data
        elif "article" in self.open and not {"q", "own", "h1", "h3", "title", "desc"} & set(self.open):
            self.ours += f" {data}"


def drawn(text: str) -> str:
    """A text as HTML and the DOM know it: every line end is one."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


@pytest.fixture
def sheet(browser: Browser) -> Iterator[Page]:
    """A page to print."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def arrives(world: Any, story: Any, ayse: Any, grace: Any, sheet: Page) -> Callable[[list[str]], None]:
    """``arrives(texts)``: she writes them, and they arrive on everything that her team reads."""
    with story():
        scenes.full_page(world)
        db.session.execute(sa.delete(AgendaItem))
    ids = [uuid.uuid4() for _each in range(TOPICS + QUESTIONS)]
    path = f"/patients/{world.ayse}/agenda"

    def check(written: list[str]) -> None:
        for place, (item, text) in enumerate(zip(ids, written, strict=True)):
            kind = "topic" if place < TOPICS else "question"
            answer = ayse.put(f"/api/v1/agenda-items/{item}", {"text": text, "kind": kind})
            assert answer.status_code in (200, 201), answer.get_data(as_text=True)
        assert ayse.post("/api/v1/agenda/share").status_code == 200
        by_program = grace.get(f"/api/v1/patients/{world.ayse}/agenda-summary").json["agenda"]["items"]
        assert [item["text"] for item in by_program] == written
        html = grace.get(path).get_data(as_text=True)
        on_the_page(html, written)
        on_a_sheet(sheet, html, written)
        in_the_pdf(grace.get(f"{path}.pdf").get_data(), written)

    return check


def on_the_page(html: str, written: list[str]) -> None:
    page = Reading()
    page.feed(html)
    assert page.quotes == written
    assert page.before_goals == len(written)
    words = len(page.ours.split())
    assert 40 < words <= OURS, page.ours
    at = 0
    for text in written:  # in her order, before everything that is not hers
        found = page.record.find(text, at)
        assert found >= 0, text
        at = found + len(text)
    assert page.record.find("\nGoals:\n") >= at


def on_a_sheet(sheet: Page, html: str, written: list[str]) -> None:
    sheet.emulate_media(media="print")
    sheet.set_content(on_paper(html))
    seen = sheet.evaluate(
        """() => [...document.querySelectorAll("blockquote")].map((each) => {
            const box = each.getBoundingClientRect();
            const part = document.querySelector("#a3").closest("section").getBoundingClientRect();
            return [each.textContent, box.height > 0 && (part.height === 0 || box.bottom <= part.top)];
        })"""
    )
    assert seen == [[drawn(text), True] for text in written]
    paper = sheet.pdf(prefer_css_page_size=True, print_background=True)
    pages = len(re.findall(rb"/Type\s*/Page\b(?!s)", paper))
    assert pages == 1 or sheet.locator(".sc-a4__more").is_visible()


def in_the_pdf(pdf: bytes, written: list[str]) -> None:
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    said = [
        words for kind, words in elements(reader.trailer["/Root"]["/StructTreeRoot"], "/ActualText") if words
    ]
    assert said == [re.sub("[\f\x85\u2028\u2029]", "\n", drawn(text)) for text in written]
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert len(reader.pages) == 1 or "More online:" in text


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("seed", range(4))
def test_some_lists(arrives: Any, seed: int) -> None:
    arrives(a_list(seed))


@pytest.mark.slow
@pytest.mark.browser
def test_the_longest_there_is(arrives: Any) -> None:
    arrives(THE_LONGEST)


@pytest.mark.browser
@pytest.mark.long
@pytest.mark.parametrize("part", range(10))
def test_ten_thousand_texts(arrives: Any, part: int) -> None:
    lists = [a_list(1000 * (part + 1) + number) for number in range(125)]
    assert sum(len(texts) for texts in lists) == 1000
    for texts in lists:
        arrives(texts)
