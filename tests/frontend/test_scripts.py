"""What our scripts add to pages that work without them."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

RULER = (
    '<form class="sc-form">{{ ruler("confidence", "How confident are you?", None, "not at all", "very", dont_know=True) }}'
    '{{ reasons("confidence", "why", "help") }}{{ submit("Continue") }}</form>'
)


def choose(page, words):
    page.get_by_role("radio", name=words, exact=True).check()


def test_reasons_open_after_an_answer_and_keep_what_was_written(stand, phone, visit):
    stand.put("/try", RULER)
    page = visit(phone, "/try")
    why, more = page.locator("#why"), page.locator("label[for=help]")
    expect(why).to_be_hidden()
    choose(page, "6")
    expect(page.locator("label[for=why]")).to_have_text("Why 6 and not a lower number?")
    expect(more).to_have_text("What would help it get to 8?")
    why.fill("The path is flat")
    choose(page, "9")
    expect(more).to_have_text("What would help it get to 10?")
    page.locator("#confidence-11").check()
    expect(more).to_have_text("What helps you to be so sure?")
    page.locator("#confidence").check()
    expect(page.locator("label[for=why]")).to_have_text("What makes it 0 today?")
    choose(page, "I do not know")
    expect(why).to_be_hidden()
    choose(page, "3")
    expect(why).to_have_value("The path is flat")


def test_without_script_the_reasons_stand_open(stand, open_context, visit):
    stand.put("/try", RULER)
    page = visit(open_context(java_script_enabled=False), "/try")
    expect(page.locator("#why")).to_be_visible()
    expect(page.locator("#help")).to_be_visible()


def test_a_ruler_answers_to_arrow_keys(stand, desktop, visit):
    stand.put("/try", RULER)
    page = visit(desktop, "/try")
    page.locator("#confidence-4").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.locator("input[name=confidence]:checked").input_value() == "5"


def test_the_counter_counts_as_the_server_does(stand, phone, visit):
    stand.put("/try", '{{ textarea("note", "Note", limit=10) }}')
    page = visit(phone, "/try")
    said = page.locator("#note-info")
    expect(said).to_have_text("You have 10 characters left")
    page.locator("#note").fill("12345😀")
    assert len("12345😀") == 6
    expect(said).to_have_text("You have 4 characters left")
    page.locator("#note").fill("123456789012")
    expect(said).to_have_text("You have 2 characters too many")
    expect(said).to_have_class(re.compile("is-over"))


def test_where_there_is_room_the_counter_speaks_up_near_the_end(stand, phone, visit):
    stand.put("/try", '{{ textarea("note", "Note", limit=2000) }}')
    page = visit(phone, "/try")
    said = page.locator("#note-info")
    expect(said).to_have_text("")
    page.locator("#note").fill("x" * 1499)
    expect(said).to_have_text("")
    page.locator("#note").fill("x" * 1500)
    expect(said).to_have_text("You have 500 characters left")


def test_an_idea_starts_the_sentence_and_keeps_what_is_there(stand, phone, visit):
    stand.put(
        "/try",
        '<form>{{ textarea("t3", "Add a third thing") }}{{ picks("pick", "t3", ["Food", "Feeling low"]) }}</form>',
    )
    page = visit(phone, "/try")
    page.get_by_role("button", name="Food").click()
    expect(page.locator("#t3")).to_be_focused()
    page.keyboard.type("what can I eat?")
    page.get_by_role("button", name="Feeling low").click()
    expect(page.locator("#t3")).to_have_value("Food: what can I eat?\nFeeling low: ")
    assert stand.sent == []


def test_a_form_is_sent_once_however_often_it_is_tapped(stand, phone, visit):
    stand.put("/try", '<form method="post" action="/save">{{ csrf_field() }}{{ submit("Save") }}</form>')
    page = visit(phone, "/try")
    # The answer comes late, so the page is still there for the second and third tap.
    page.evaluate("""() => {
        const form = document.forms[0];
        window.taps = 0;
        form.addEventListener("submit", (event) => { if (!event.defaultPrevented) { window.taps += 1; } });
        document.addEventListener("submit", (event) => {
            if (event.defaultPrevented) window.kept = (window.kept ?? 0) + 1;
            event.preventDefault();
        });
    }""")
    for _ in range(3):
        page.get_by_role("button", name="Save").click()
    assert page.evaluate("window.kept") == 2
    expect(page.locator("form")).to_have_attribute("aria-busy", "true")


def test_the_summary_of_errors_takes_the_focus_and_leads_to_the_field(stand, phone, visit):
    stand.put(
        "/try",
        '{{ ruler("confidence", "How confident are you?", None, "not at all", "very", form.errors.confidence) }}',
        form=SimpleNamespace(values={}, errors={"confidence": "Select how confident you are, from 0 to 10"}),
    )
    page = visit(phone, "/try")
    expect(page.locator(".nhsuk-error-summary")).to_be_focused()
    assert page.title() == "Error: Try – Selfcare"
    page.get_by_role("link", name="Select how confident you are").click()
    expect(page.locator("#confidence")).to_be_focused()
    expect(page.locator("legend")).to_be_in_viewport()
    # The summary is no stop for the Tab key from then on.
    expect(page.locator(".nhsuk-error-summary")).not_to_have_attribute("tabindex", "-1")


def test_a_password_can_be_shown(stand, phone, visit):
    stand.put("/try", '<form>{{ password("password", "Password") }}</form>')
    page = visit(phone, "/try")
    page.locator("#password").fill("correct horse")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#password")).to_have_attribute("type", "text")
    expect(page.get_by_role("button", name="Hide password")).to_have_text("Hide")
    expect(page.get_by_text("Your password is visible")).to_be_attached()
    # It is never sent, nor left on the screen, as plain text.
    page.evaluate("document.addEventListener('submit', (event) => event.preventDefault())")
    page.locator("#password").press("Enter")
    expect(page.locator("#password")).to_have_attribute("type", "password")
    expect(page.get_by_role("button", name="Show password")).to_have_text("Show")
    expect(page.get_by_text("Your password is hidden")).to_be_attached()
    expect(page.locator("#password")).to_have_value("correct horse")


def test_without_script_no_button_promises_to_show_a_password(stand, open_context, visit):
    stand.put("/try", '<form>{{ password("password", "Password") }}</form>')
    page = visit(open_context(java_script_enabled=False), "/try")
    expect(page.locator("button", has_text="Show")).to_be_hidden()


def test_a_choice_shows_its_part_and_hiding_loses_nothing(stand, phone, visit):
    stand.put(
        "/try",
        '<form><input type="checkbox" id="mail" name="mail" data-shows="address"><label for="mail">By mail</label>'
        '<div id="address">{{ text_input("to", "Where to") }}</div></form>',
    )
    page = visit(phone, "/try")
    expect(page.locator("#address")).to_be_hidden()
    page.locator("#mail").check()
    page.locator("#to").fill("Hornsey Lane 1")
    page.locator("#mail").uncheck()
    expect(page.locator("#address")).to_be_hidden()
    expect(page.locator("#to")).to_have_value("Hornsey Lane 1")


DRAFT = (
    '<form data-autosave="/draft" method="post">{{ csrf_field() }}{{ textarea("text", "Topic") }}'
    '<p data-autosave-status role="status" data-saving="Saving" data-saved="Saved at {time}" data-failed="Not saved yet"'
    ' data-emptied="Nothing is saved now"'
    ' data-signed-out="You are signed out"></p></form>'
)


def test_a_draft_saves_itself(stand, phone, visit):
    stand.put("/try", DRAFT)
    stand.answer("/draft", (200, "{}"))
    page = visit(phone, "/try")
    page.locator("#text").fill("My knee wakes me up")
    expect(page.get_by_role("status")).to_have_text(re.compile(r"Saved at \d+:\d\d"))
    [(method, url, body, headers)] = stand.sent
    assert (method, json.loads(body)) == ("PUT", {"text": "My knee wakes me up"})
    assert headers["x-csrf-token"]
    assert "for=" not in url


def test_an_emptied_draft_is_taken_back_and_comes_again_with_its_words(stand, phone, visit):
    """Once, the last words before it was emptied stayed on a list that the team read."""
    stand.put("/try", DRAFT)
    stand.answer("/draft", (200, "{}"), (204, ""), (200, "{}"))
    page = visit(phone, "/try")
    for words, told in (
        ("My marriage", "Saved at"),
        (" \n", "Nothing is saved now"),
        ("My knee", "Saved at"),
    ):
        page.locator("#text").fill(words)
        expect(page.get_by_role("status")).to_have_text(re.compile(told))
    page.locator("#text").fill("")
    page.locator("#text").fill("My knee")  # as it stands there: nothing to send
    page.wait_for_timeout(1700)
    assert [method for method, *_ in stand.sent] == ["PUT", "DELETE", "PUT"]
    assert stand.sent[1][2] in (None, "")


def test_an_emptied_draft_whose_saving_got_no_answer_is_taken_back_too(stand, phone, visit, faults):
    faults.allow("ERR_INTERNET_DISCONNECTED|404")
    stand.put("/try", DRAFT)
    stand.answer("/draft", (404, "{}"))  # it never arrived: there is nothing to take back
    page = visit(phone, "/try")
    stand.offline = True
    page.locator("#text").fill("My marriage")
    expect(page.get_by_role("status")).to_have_text("Not saved yet")
    stand.offline = False
    page.locator("#text").fill("")
    expect(page.get_by_role("status")).to_have_text("Nothing is saved now")
    assert [method for method, *_ in stand.sent] == ["PUT", "DELETE"]


def test_a_draft_never_begun_has_nothing_to_take_back(stand, phone, visit):
    stand.put("/try", DRAFT)
    page = visit(phone, "/try")
    page.locator("#text").fill("My knee")
    page.locator("#text").fill("")
    page.wait_for_timeout(1700)
    assert stand.sent == []


def test_a_form_that_was_sent_and_emptied_does_not_save_what_it_began_with(stand, phone, visit):
    """Once, the words that a prompt began took the place of what was written, while the page was being left."""
    begun = DRAFT.replace('textarea("text", "Topic")', 'textarea("text", "Topic", value="I would like to ")')
    stand.put("/try", begun)
    stand.answer("/draft", (200, "{}"))
    page = visit(phone, "/try")
    page.locator("#text").fill("I would like to dance")
    expect(page.get_by_role("status")).to_have_text(re.compile("Saved at"))
    page.evaluate(
        """() => {
            document.querySelector("form").reset();
            Object.defineProperty(document, "visibilityState", { get: () => "hidden" });
            document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    page.wait_for_timeout(300)
    assert [json.loads(body) for _method, _url, body, _headers in stand.sent] == [
        {"text": "I would like to dance"}
    ]


def test_a_draft_without_signal_is_tried_again(stand, phone, visit, faults):
    faults.allow("ERR_INTERNET_DISCONNECTED")
    stand.put("/try", DRAFT)
    stand.answer("/draft", (200, "{}"))
    page = visit(phone, "/try")
    stand.offline = True
    page.locator("#text").fill("My knee")
    expect(page.get_by_role("status")).to_have_text("Not saved yet")
    stand.offline = False
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.get_by_role("status")).to_have_text(re.compile("Saved at"))
    assert len(stand.sent) == 2


@pytest.mark.parametrize(
    ("answers", "session", "said", "asked"),
    [
        ([(401, "{}")], (401, "{}"), "You are signed out", ["PUT"]),
        ([(403, "{}")], (401, "{}"), "You are signed out", ["PUT", "GET"]),
        ([(403, "{}"), (200, "{}")], (200, '{"csrf_token": "new one"}'), "Saved at", ["PUT", "GET", "PUT"]),
    ],
    ids=["signed out", "another tab signed out", "another tab signed in again"],
)
def test_a_session_that_ended_loses_nothing(stand, phone, visit, faults, answers, session, said, asked):
    faults.allow("40[13]")
    stand.put("/try", DRAFT)
    stand.answer("/draft", *answers)
    stand.answer("/api/v1/session", session)
    page = visit(phone, "/try")
    page.locator("#text").fill("My knee")
    expect(page.get_by_role("status")).to_have_text(re.compile(said))
    expect(page.locator("#text")).to_have_value("My knee")
    assert [method for method, *_ in stand.sent] == asked
    if asked[-1] == "PUT" and len(asked) > 1:
        assert stand.sent[-1][3]["x-csrf-token"] == "new one"


def test_words_are_never_sent_in_the_name_of_who_signed_in_since(stand, phone, visit, faults):
    faults.allow("40[1345]")
    ayse = SimpleNamespace(id="p1", name="Ayşe Kaya", known_as="Ayşe", roles={"patient"})
    stand.put("/try", DRAFT, current_person=ayse)
    stand.answer("/draft", (403, "{}"))
    stand.answer("/api/v1/session", (200, '{"csrf_token": "of Peter", "user": {"id": "p2"}}'))
    page = visit(phone, "/try")
    page.locator("#text").fill("My knee")
    expect(page.get_by_role("status").filter(visible=True)).to_have_text("You are signed out")
    assert [method for method, url, *_ in stand.sent if url.endswith("/draft")] == ["PUT"]


def test_whoever_writes_for_somebody_stays_with_them(stand, phone, visit):
    stand.put(
        "/try",
        DRAFT,
        acting_for=SimpleNamespace(patient_id="a1", name="Ayşe Kaya", writes_anything=True),
    )
    stand.answer("/draft", (200, "{}"))
    page = visit(phone, "/try")
    expect(page.get_by_text("You are writing for Ayşe")).to_be_visible()
    expect(page.get_by_role("link", name="Diary")).to_have_attribute("href", "/diary?for=a1")
    page.locator("#text").fill("Her knee")
    expect(page.get_by_role("status")).to_have_text(re.compile("Saved at"))
    assert stand.sent[0][1].endswith("/draft?for=a1")


def test_the_text_for_the_record_is_copied_as_it_stands(stand, open_context, visit):
    stand.put(
        "/try",
        '<textarea id="record">Agreed: walk 15 minutes\nFollow-up: 22 October</textarea>'
        '<button type="button" data-copy="#record" data-copied="Copied" data-not-copied="Press Ctrl and C">Copy</button>',
    )
    asset_url = stand.app.jinja_env.globals["asset_url"]
    stand.pages["/try"] = stand.pages["/try"].replace(asset_url("patient.js"), asset_url("staff.js"))
    page = visit(open_context(permissions=["clipboard-read", "clipboard-write"]), "/try")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("status")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "Agreed: walk 15 minutes\nFollow-up: 22 October"
