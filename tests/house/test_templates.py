"""Templates: every name they write out is given, every word goes through gettext, what people wrote stays text."""

from __future__ import annotations

import datetime as dt
import re
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import jinja2
import pytest
from flask import Flask, render_template_string
from jinja2 import nodes
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import RequestRedirect

from tests.strict import Strict

pytestmark = pytest.mark.any_database  # templates as they stand

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
PAGES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))

GETTEXT = {"_", "gettext", "ngettext", "pgettext", "npgettext"}
SPOKEN = {"alt", "title", "aria-label", "aria-description", "placeholder", "label"}
# A sentence or a button's word, unlike a class, a path or a drawing.
ENGLISH = re.compile(r"^[A-Z][a-z]+(?:[ ,.?!:;’'-]|$)|\b[a-z]{2,} [a-z]{2,} [a-z]{2,}\b")
# Pieces of a tag that a macro puts together: a class, an attribute.
MARKUP = re.compile(r'\b(?:nhsuk|sc)-[\w-]+|\b[\w-]+="[^"]*"')
HOSTILE = "\"'><img src=x onerror=alert(1)>{{ 7 * 7 }}"


def environment(app: Flask) -> jinja2.Environment:
    """The application's own environment, in which an absent name fails as soon as it is written out."""
    return app.jinja_env.overlay(undefined=Strict, cache_size=0)


@pytest.mark.parametrize("page", PAGES)
def test_every_template_compiles(app, page):
    environment(app).get_template(page)


def test_a_name_that_nobody_gave_is_caught(app):
    env = environment(app)
    with app.test_request_context():
        assert env.from_string("{% if goal.barriers %}x{% endif %}ok").render(goal={}) == "ok"
        for slip in (
            "{{ goal.statment }}",
            "{{ goal.a.b.c }}",
            "{% for day in goal.dys %}{% endfor %}",
            "{{ nobody | length }}",
        ):
            with pytest.raises(jinja2.UndefinedError):
                env.from_string(slip).render(goal={"statement": "Walk"})


def test_the_kits_macros_render_although_names_are_strict(app):
    env = environment(app)
    with app.test_request_context():
        text = env.from_string(
            '{% from "nhsuk/components/error-summary/macro.jinja" import errorSummary %}'
            '{{ errorSummary({"titleText": "There is a problem", "errorList": [{"text": "Say when", "href": "#when"}]}) }}'
        ).render()
    assert 'href="#when"' in text


class Words(HTMLParser):
    """Letters between tags, and in attributes that are read out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in ("script", "style")
        self.found += [
            value for name, value in attrs if name in SPOKEN and value and re.search(r"[A-Za-z]{2}", value)
        ]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        data = MARKUP.sub(" ", data)
        if not self.silent and re.search(r"[A-Za-z]{2}", data):
            self.found.append(data.strip())


def bare_words(env: jinja2.Environment, source: str) -> list[str]:
    """English that would reach a person without passing gettext."""
    page = "".join(text for _line, kind, text in env.lex(_without_trans(source)) if kind == "data")
    words = Words()
    words.feed(page)
    words.close()
    return words.found + list(_bare_constants(env.parse(source)))


def _without_trans(source: str) -> str:
    return re.sub(r"\{%-?\s*trans\b.*?endtrans\s*-?%\}", "", source, flags=re.DOTALL)


def _bare_constants(node: nodes.Node, translated: bool = False):
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in GETTEXT:
        translated = True
    if (
        isinstance(node, nodes.Const)
        and isinstance(node.value, str)
        and not translated
        and ENGLISH.search(node.value)
    ):
        yield node.value
    for child in node.iter_child_nodes():
        yield from _bare_constants(child, translated)


@pytest.mark.parametrize("page", PAGES)
def test_every_word_goes_through_gettext(app, page):
    assert bare_words(app.jinja_env, (TEMPLATES / page).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<p>Your goals</p>", ["Your goals"]),
        ('<nav aria-label="Main"></nav>', ["Main"]),
        ('{{ submit("Save") }}', ["Save"]),
        ('{{ empty(_("No goal yet"), "Set a goal", "/goals/new") }}', ["Set a goal"]),
        ('<p class="sc-p {{ kind }}">{{ _("Your goals") }}</p>{{ icon("tick") }}', []),
        ("{% trans %}Your goals{% endtrans %}<path d='M4 12l5 5'/>", []),
    ],
)
def test_the_scanner_tells_words_from_markup(app, source, words):
    assert bare_words(app.jinja_env, source) == words


# One call of every macro that is given what people wrote, or names that they chose.
WITH_THEIR_WORDS = """
{% from "components/forms.html" import text_input, number_input, textarea, select, radios, checkboxes, one_checkbox, picks, date_input %}
{% from "components/ruler.html" import ruler, plan, reasons %}
{% from "components/goal.html" import goal_card, done_or_skip %}
{% from "components/when.html" import coming_up %}
{% from "components/notes.html" import chip, banner, confirmation, details, ticks, note %}
{% from "components/safety.html" import nobody_checks, care_card %}
{% from "components/buttons.html" import submit, link_button, post_button %}
{% from "components/errors.html" import error_summary %}
{% from "components/empty.html" import empty %}
{% from "components/brand.html" import brand, sky %}
{% from "components/chart.html" import chart_card %}
{% from "components/segmented.html" import segmented %}
{{ text_input("a", x, x, x, x) }}{{ number_input("b", x, x, x, x, x) }}{{ textarea("c", x, x, x, x, limit=5) }}
{{ select("d", x, [(x, x)], x, x, x) }}{{ radios("e", x, [(x, x, x)], x, x, x) }}{{ checkboxes("f", x, [(x, x, x)], x, [x], x) }}
{{ one_checkbox("g", x, error=x, hint=x) }}{{ picks("h", "c", [x]) }}{{ date_input("i", x, value=x) }}
{% call ruler("j", x, x, x, x, x, step=x, legend_is_h1=True) %}{{ plan(x, x) }}{% endcall %}
{{ reasons("j", "k", "l", 6, x, x, x, x) }}
{% call goal_card("m", x, "/", [], x) %}{{ done_or_skip(None, x, "/", "/", "/") }}{{ done_or_skip("done", x, "/", "/", "/") }}{% endcall %}
{{ coming_up(day, x, x) }}{{ chip(x) }}{{ banner(x) }}{{ confirmation(x, x) }}{{ ticks([x]) }}
{% call details(x) %}{{ x }}{% endcall %}{% call note("eye") %}{{ x }}{% endcall %}{% call care_card("urgent", x) %}{{ x }}{% endcall %}
{{ nobody_checks(x, settings, practice=x) }}{{ submit(x, about=x) }}{{ link_button(x, "/", about=x) }}
{{ post_button("/", x, {"n": x}, about=x) }}{{ error_summary(form) }}{{ empty(x, x, "/", x) }}{{ brand(x, "/") }}{{ sky(x, x) }}
{{ chart_card(chart, x, x, x, x, x, {"caption": x, "day": x, "value": x, "rows": [(x, x)]}, x, [x]) }}
{{ segmented(x, [{"text": x, "href": "/", "current": True}]) }}
"""


def test_what_people_write_stays_text_in_every_macro(app, world):
    chart = {
        "id": "pain", "title": HOSTILE, "description": HOSTILE, "width": 280, "height": 100, "y_min": 0, "y_max": 10,
        "y_ticks": [{"y": 0, "label": HOSTILE}], "x_ticks": [{"x": 0, "label": HOSTILE}],
        "lines": [[(5, 40), (15, 50)]], "dots": [{"x": 5, "y": 40, "flag": True}], "latest": None, "band": None,
    }  # fmt: skip
    with app.test_request_context():
        page = render_template_string(
            WITH_THEIR_WORDS,
            x=HOSTILE,
            form=SimpleNamespace(errors={"a": HOSTILE}),
            chart=chart,
            day=dt.date(2026, 10, 8),
        )
    tags = Tags()
    tags.feed(page)
    assert "img" not in tags.names
    assert not [name for name in tags.attributes if name.startswith("on") or name == "src"]
    assert "{{ 7 * 7 }}" in page
    assert page.count("&lt;img src=x") > 80


class Tags(HTMLParser):
    """The tags and attributes that a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _value in attrs}


def test_a_textarea_gives_back_what_was_typed_to_the_letter(app):
    class Area(HTMLParser):
        text = ""

        def handle_data(self, data: str) -> None:
            if self.lasttag == "textarea":
                self.text += data

    for typed in ("  two\nlines ", "\nbegins with an empty line", "a & b < c"):
        with app.test_request_context():
            page = render_template_string(
                '{% from "components/forms.html" import textarea %}{{ textarea("a", "A", value=v) }}', v=typed
            )
        area = Area()
        area.feed(page.split("</textarea>")[0])
        # A browser drops one line end right after the tag.
        assert area.text.removeprefix("\n") == typed.removeprefix("\n") or area.text == "\n" + typed


LITERAL = re.compile(r"""(?:href|action)="(/[a-z./-]*)["{]|"(/[a-z-]*)" ~ carry|\("[a-z]+", "(/[a-z]*)",""")


def test_every_path_in_the_layouts_leads_somewhere(app):
    layouts = [*(TEMPLATES / "base").glob("*.html"), TEMPLATES / "components" / "tabs.html"]
    paths = {
        next(filter(None, found))
        for page in layouts
        for found in LITERAL.findall(page.read_text(encoding="utf-8"))
    }
    assert {"/", "/diary", "/goals", "/learn", "/more", "/help", "/panel", "/admin", "/sign-out"} <= paths
    routes = app.url_map.bind("localhost")
    lost = []
    for path in sorted(paths):
        try:
            routes.match(path)
        except (MethodNotAllowed, RequestRedirect):
            continue
        except HTTPException:
            lost.append(path)
    assert lost == []
