"""Learn, as a person reads it: their own conditions first, carry on where they stopped, no script needed."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest


def words(answer: Any) -> str:
    """The page's text as somebody reads it."""
    assert answer.status_code == 200, answer.status_code
    page = re.sub(r"(?s)<(head|script|style).*?</\1>", "", answer.get_data(as_text=True))
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def main(answer: Any) -> str:
    """The page's HTML."""
    return str(answer.get_data(as_text=True))


def headings(answer: Any) -> list[str]:
    return [html.unescape(h) for h in re.findall(r'<h2 class="sc-h2[^>]*>(.*?)</h2>', main(answer))]


def test_ayse_sees_her_own_conditions_first_then_what_is_for_everyone(ayse: Any) -> None:
    page = ayse.get("/learn")
    assert headings(page) == ["For type 2 diabetes", "For joint, back or muscle pain", "For everyone"]
    assert main(page).count('class="sc-video"') == 4


def test_peter_is_not_shown_other_peoples_conditions_unless_he_asks(peter: Any) -> None:
    assert headings(peter.get("/learn")) == ["For everyone"]
    assert headings(peter.get("/learn?condition=all")) == [
        "For type 2 diabetes",
        "For joint, back or muscle pain",
        "For everyone",
    ]


@pytest.mark.parametrize(
    ("query", "shelves"),
    [
        ("?condition=msk_pain", ["For joint, back or muscle pain", "For everyone"]),
        ("?language=es", ["For everyone"]),
        ("?length=1", ["For type 2 diabetes", "For joint, back or muscle pain", "For everyone"]),
        (
            "?condition=<b>&language=xx&length=soon",
            ["For type 2 diabetes", "For joint, back or muscle pain", "For everyone"],
        ),
    ],
)
def test_links_narrow_the_library(ayse: Any, query: str, shelves: list[str]) -> None:
    assert headings(ayse.get(f"/learn{query}")) == shelves


def test_nothing_in_turkish_yet_says_so_and_leads_to_english(ayse: Any) -> None:
    page = ayse.get("/learn?language=tr&condition=msk_pain")
    assert "Nothing in Turkish yet" in words(page)
    (way,) = re.findall(r'<a [^>]*href="([^"]*)"[^>]*>See English with captions', main(page))
    assert headings(ayse.get(html.unescape(way))) == ["For joint, back or muscle pain", "For everyone"]


def test_a_card_says_started_then_watched(ayse: Any) -> None:
    ayse.put("/api/v1/videos/pacing/progress", {"seconds": 20})
    assert "Started" in words(ayse.get("/learn"))
    ayse.put("/api/v1/videos/pacing/progress", {"seconds": 42, "completed": True})
    page = words(ayse.get("/learn"))
    assert "Watched" in page
    assert "Started" not in page


def test_the_player_has_captions_a_transcript_and_a_goal_to_try(ayse: Any) -> None:
    page = ayse.get("/learn/videos/small-steps")
    text, source = words(page), main(page)
    assert re.search(r"<video controls[^>]* preload=\"metadata\"", source)
    assert "autoplay" not in source
    assert re.findall(r'<track kind="captions" srclang="(\w+)"', source) == ["en", "es"]
    assert source.count(" default>") == 1
    assert "Now plan this week only. What will you do? How much? When? How often?" in text
    assert re.search(r'href="/goals/new\?idea=small-steps"', source)
    assert "Not yet clinically approved" in text
    assert "Español (not yet checked)" in text
    assert "1 March 2027" in text


def test_the_film_starts_where_she_stopped(ayse: Any) -> None:
    assert "#t=" not in main(ayse.get("/learn/videos/pacing"))
    ayse.put("/api/v1/videos/pacing/progress", {"seconds": 20})
    page = ayse.get("/learn/videos/pacing")
    assert "pacing.mp4?v=1.0#t=20" in main(page)
    assert "Carry on from 0:20" in words(page)
    ayse.put("/api/v1/videos/pacing/progress", {"seconds": 42, "completed": True})
    assert "#t=" not in main(ayse.get("/learn/videos/pacing")), "after the end it starts again"


def test_without_a_script_one_button_says_i_have_watched_this(ayse: Any) -> None:
    page = main(ayse.get("/learn/videos/pacing"))
    (action,) = re.findall(r'<form method="post" action="([^"]+)"', page)
    (token,) = set(re.findall(r'name="csrf_token" value="([^"]+)"', page))
    after = ayse.send(action, csrf_token=token)
    assert "You have watched this" in words(after)
    assert "I have watched this" not in words(after)
    items = {item["id"]: item["progress"] for item in ayse.get("/api/v1/videos").json["items"]}
    assert items["pacing"]["completed"] is True


def test_elif_stays_with_her_mother(ayse: Any, carer: Any) -> None:
    page = carer.get(f"/learn?for={ayse.id}")
    assert headings(page)[0] == "For type 2 diabetes"
    links = re.findall(r'href="(/learn[^"]*)"', main(page))
    assert links
    assert all(f"for={ayse.id}" in link for link in links)
    watch = main(carer.get(f"/learn/videos/pacing?for={ayse.id}"))
    assert f"/api/v1/videos/pacing/progress?for={ayse.id}" in watch


@pytest.mark.parametrize(
    "path", ["/learn/videos/nothing", "/learn/videos/..%2fpacing", "/learn/videos/pacing.toml"]
)
def test_a_video_that_is_not_there(ayse: Any, path: str) -> None:
    assert ayse.get(path).status_code == 404


@pytest.mark.parametrize("who", ["grace", "ruth"])
def test_learn_is_for_patients_and_carers(who: str, world: Any, sign_in: Any) -> None:
    caller = sign_in(who)
    assert caller.get("/learn").status_code == 404
    assert caller.get("/learn/videos/pacing").status_code == 404
    assert caller.send("/learn/videos/pacing/watched").status_code in (403, 404)
