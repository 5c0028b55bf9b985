"""Our fields are written out by hand because the kit's macros cost up to 12 ms each; the markup must stay the kit's.

Both are rendered and compared tag by tag. Classes and attributes of our own (``sc-…``, ``data-…``) do not count.
"""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from flask import render_template_string

pytestmark = pytest.mark.any_database  # macros alone

# Class names that only say how large the kit writes something; ours come from our own layer.
SIZES = ("nhsuk-label--", "nhsuk-fieldset__legend--")


class Outline(HTMLParser):
    """Tags, attributes and words, in order, without what is ours alone."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = []
        for name, value in sorted(attrs):
            if name == "class":
                classes = [c for c in (value or "").split() if not c.startswith(("sc-", *SIZES))]
                if classes:
                    kept.append(f"class={' '.join(sorted(classes))}")
            elif name == "aria-describedby":
                kept.append(f"{name}={' '.join(sorted((value or '').split()))}")
            elif not name.startswith("data-"):
                kept.append(name if value is None else f"{name}={value}")
        self.lines.append(f"<{tag}> {' '.join(kept)}".rstrip())

    def handle_endtag(self, tag: str) -> None:
        self.lines.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.lines.append(" ".join(data.split()))


def outline(app, source: str) -> list[str]:
    """What a browser would make of it."""
    with app.test_request_context():
        html = render_template_string(source)
    found = Outline()
    found.feed(html)
    return found.lines


def kit(name: str, macro: str, parameters: str) -> str:
    """A page with one macro of the kit."""
    return f'{{% from "nhsuk/components/{name}/macro.jinja" import {macro} %}}{{{{ {macro}({parameters}) }}}}'


def ours(name: str, call: str) -> str:
    """A page with one macro of ours."""
    return f'{{% from "components/{name}.html" import {call.split("(")[0]} %}}{{{{ {call} }}}}'


SAME = {
    "text": (
        kit(
            "input",
            "input",
            '{"name": "a", "label": "Name", "hint": "As on a letter", "value": "Ayşe", "errorMessage": "Say it",'
            ' "spellcheck": false, "autocomplete": "name", "width": 10}',
        ),
        ours("forms", 'text_input("a", "Name", "As on a letter", "Ayşe", "Say it", autocomplete="name", width=10)'),
    ),
    "number with its unit": (
        kit(
            "input",
            "input",
            '{"name": "a", "label": {"html": "Blood sugar<span class=\'nhsuk-u-visually-hidden\'>, mmol/L</span>"},'
            ' "value": "7.2", "spellcheck": false, "inputmode": "decimal", "width": 5, "suffix": "mmol/L"}',
        ),
        ours("forms", 'number_input("a", "Blood sugar", "mmol/L", value="7.2")'),
    ),
    "the only question of a page": (
        kit("input", "input", '{"name": "a", "spellcheck": false, "label": {"text": "Name", "isPageHeading": true}}'),
        ours("forms", 'text_input("a", "Name", h1=True)'),
    ),
    "textarea": (
        kit(
            "textarea",
            "textarea",
            '{"name": "a", "label": "Note", "hint": "Anything", "value": "x", "rows": 3, "errorMessage": "Say it"}',
        ),
        ours("forms", 'textarea("a", "Note", "Anything", "x", "Say it")'),
    ),
    "select": (
        kit(
            "select",
            "select",
            '{"name": "a", "label": "Language", "items": [{"value": "en", "text": "English"},'
            ' {"value": "tr", "text": "Türkçe", "selected": true}]}',
        ),
        ours("forms", 'select("a", "Language", [("en", "English"), ("tr", "Türkçe")], value="tr")'),
    ),
    "radios": (
        kit(
            "radios",
            "radios",
            '{"name": "a", "fieldset": {"legend": {"text": "When?"}}, "hint": "By the clock", "errorMessage": "Say when",'
            ' "items": [{"value": "am", "text": "Morning", "checked": true}, {"value": "pm", "text": "Evening",'
            ' "hint": "After 6pm"}]}',
        ),
        ours(
            "forms",
            'radios("a", "When?", [("am", "Morning"), ("pm", "Evening", "After 6pm")], "By the clock", "am", "Say when")',
        ),
    ),
    "checkboxes": (
        kit(
            "checkboxes",
            "checkboxes",
            '{"name": "a", "fieldset": {"legend": {"text": "Days"}}, "items": [{"value": "mon", "text": "Monday",'
            ' "checked": true}, {"value": "tue", "text": "Tuesday"}]}',
        ),
        ours("forms", 'checkboxes("a", "Days", [("mon", "Monday"), ("tue", "Tuesday")], values=["mon"])'),
    ),
    "ruler": (
        kit(
            "radios",
            "radios",
            '{"name": "a", "fieldset": {"legend": {"text": "Pain"}}, "hint": {"html": "<span><span><b>0</b> none</span>'
            '<span><b>10</b> worst</span></span>"}, "items": [{"value": 0, "html": "0<span'
            " class='nhsuk-u-visually-hidden'>, none</span>\"}, "
            + ", ".join(f'{{"value": {n}, "text": "{n}", "checked": {str(n == 4).lower()}}}' for n in range(1, 10))
            + ', {"value": 10, "html": "10<span class=\'nhsuk-u-visually-hidden\'>, worst</span>"}'
            + ', {"value": "skip", "text": "Skip"}]}',
        ),
        ours("ruler", 'ruler("a", "Pain", 4, "none", "worst", skip=True)'),
    ),
    "password": (
        kit("password-input", "passwordInput", '{"name": "a", "label": "Password", "errorMessage": "Say it"}'),
        ours("forms", 'password("a", "Password", error="Say it")'),
    ),
    "button": (
        kit("button", "button", '{"text": "Save", "name": "go", "value": "on"}'),
        ours("buttons", 'submit("Save", name="go", value="on")'),
    ),
    "link that looks like a button": (
        kit("button", "button", '{"text": "Get ready", "href": "/agenda", "variant": "secondary-solid"}'),
        ours("buttons", 'link_button("Get ready", "/agenda", kind="outline")'),
    ),
    "summary of errors": (
        kit(
            "error-summary",
            "errorSummary",
            '{"titleText": "There is a problem", "errorList": [{"text": "Say when", "href": "#when"}]}',
        ),
        ours("errors", 'error_summary({"errors": {"when": "Say when"}})'),
    ),
    "way back": (kit("back-link", "backLink", '{"href": "/diary", "text": "Back"}'), ours("back", 'back("/diary")')),
    "details": (
        '{% from "nhsuk/components/details/macro.jinja" import details %}{{ details({"summary": "More", "text": "Words"}) }}',
        '{% from "components/notes.html" import details %}{% call details("More") %}Words{% endcall %}',
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", SAME)
def test_ours_is_the_kits(app, what):
    theirs, mine = SAME[what]
    expected, got = outline(app, theirs), outline(app, mine)
    assert got == expected


def test_zero_on_a_ruler_is_an_answer(app):
    lines = outline(app, ours("ruler", 'ruler("a", "Pain", 0, "none", "worst")'))
    assert [line for line in lines if "checked" in line] == [
        "<input> checked class=nhsuk-radios__input id=a name=a type=radio value=0"
    ]


def test_nothing_is_chosen_beforehand(app):
    for value in ("None", "''", "nobody"):
        lines = outline(app, ours("ruler", f'ruler("a", "Pain", {value}, "none", "worst", dont_know=True)'))
        assert not [line for line in lines if "checked" in line]


def test_the_care_card_has_the_kits_parts(app):
    # Without the kit's role="text", which ARIA does not define.
    theirs = outline(
        app,
        kit(
            "card",
            "card",
            '{"variant": "urgent", "heading": "Call if", "descriptionHtml": "<p>it hurts</p>"}',
        ),
    )
    mine = outline(
        app,
        '{% from "components/safety.html" import care_card %}'
        '{% call care_card("urgent", "Call if") %}<p>it hurts</p>{% endcall %}',
    )
    assert {line for line in mine if "class=" in line} <= {line for line in theirs if "class=" in line}
    assert "Urgent advice:" in mine
    assert "Urgent advice:" in theirs
