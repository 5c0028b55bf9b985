"""The library by API: what it gives, and how it is narrowed."""

from __future__ import annotations

from typing import Any

import pytest


def ids(caller: Any, query: str = "") -> set[str]:
    answer = caller.get(f"/api/v1/videos{query}")
    assert answer.status_code == 200, answer.json
    return {item["id"] for item in answer.json["items"]}


def test_a_video_comes_with_its_captions_transcript_and_who_stands_for_it(ayse: Any) -> None:
    answer = ayse.get("/api/v1/videos?q=walk").json
    assert answer["next_cursor"] is None
    (video,) = answer["items"]
    assert video["title"] == "A short walk after a meal"
    assert video["conditions"] == ["type_2_diabetes"]
    assert (video["language"], video["seconds"], video["minutes"]) == ("en", 38, 1)
    assert [track["language"] for track in video["captions"]] == ["en"]
    assert video["transcript"][1] == "After a meal, the sugar in your blood goes up. That is normal."
    assert video["try_as_goal"] == "Walk 10 minutes after 1 meal, on 3 days this week."
    assert (video["owner"], video["licence"], video["reviewed_by"]) == ("Selfcare", "MIT", "")
    assert video["review_date"] == "2027-03-01"


def test_what_the_library_points_at_is_there_and_can_be_searched_in(ayse: Any) -> None:
    for video in ayse.get("/api/v1/videos").json["items"]:
        for url in (video["src"], video["poster"], *(track["url"] for track in video["captions"])):
            with ayse.get(url) as whole:
                assert whole.status_code == 200, url
        with ayse.get(video["src"], headers={"Range": "bytes=1000-1999"}) as part:
            assert part.status_code == 206, "without ranges nobody can move the slider"
            assert len(part.data) == 1000
            assert part.headers["Content-Type"] == "video/mp4"
        with ayse.get(video["captions"][0]["url"]) as captions:
            assert captions.headers["Content-Type"].startswith("text/vtt")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"small-steps", "pacing", "walk-after-a-meal", "ready-for-your-visit"}),
        ("?condition=msk_pain", {"small-steps", "pacing", "ready-for-your-visit"}),
        ("?condition=type_2_diabetes", {"small-steps", "walk-after-a-meal", "ready-for-your-visit"}),
        ("?condition=copd", {"small-steps", "ready-for-your-visit"}),
        ("?language=es", {"small-steps"}),
        ("?language=tr", set()),
        ("?q=REST+between", {"pacing"}),
        ("?q=unicorn", set()),
        ("?condition=msk_pain&language=es", {"small-steps"}),
    ],
)
def test_it_is_narrowed_by_condition_language_and_words(ayse: Any, query: str, found: set[str]) -> None:
    assert ids(ayse, query) == found


def test_it_comes_in_pages(ayse: Any) -> None:
    seen, cursor = [], ""
    for _page in range(4):
        page = ayse.get(f"/api/v1/videos?limit=1{cursor}").json
        seen += [item["id"] for item in page["items"]]
        cursor = f"&cursor={page['next_cursor']}"
    assert page["next_cursor"] is None
    assert len(set(seen)) == 4


@pytest.mark.parametrize("query", ["?limit=0", "?limit=201", "?cursor=nothing", f"?q={'a' * 101}", "?q=%00"])
def test_questions_that_make_no_sense_are_refused(ayse: Any, query: str) -> None:
    assert ayse.get(f"/api/v1/videos{query}").status_code == 422


def test_in_production_nothing_unapproved_is_shown(
    ayse: Any, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = app.config["SETTINGS"].model_copy(update={"env": "production"})
    monkeypatch.setitem(app.config, "SETTINGS", live)
    assert ids(ayse) == set()
    assert ayse.put("/api/v1/videos/pacing/progress", {"seconds": 1}).status_code == 404
