"""Log out and remove from this phone: it says what happens, and works without a script. Staff log out with one tap."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.identity.test_sign_in_pages import shown


def test_more_offers_both_and_says_what_each_does(ayse: Any) -> None:
    page = shown(ayse.get("/more"))
    assert 'action="/lock"' in page
    assert "Come back with your password. Reminders stay on." in page
    assert "Log out and remove from this phone" in page
    assert 'href="/sign-out"' in page
    assert 'action="/sign-out"' not in page


def test_it_says_what_happens_before_it_does(ayse: Any) -> None:
    answer = ayse.get("/sign-out")
    page = shown(answer)
    assert answer.status_code == 200
    assert "Anything not yet sent stays locked on this phone and is sent when you sign in here again." in page
    unsent = re.search(r"<div data-unsent hidden([^>]*)>", page)
    assert unsent
    assert "1 thing" in unsent[1]
    assert "{n} things" in unsent[1]
    assert re.search(r'<form method="post" action="/sign-out" data-leave>', page)
    assert ayse.get("/api/v1/session").status_code == 200  # reading it logged nobody out


def test_the_button_logs_out_and_leaves_what_waits(ayse: Any) -> None:
    out = ayse._call("POST", "/sign-out", data={})
    assert out.status_code == 303
    assert out.headers["Clear-Site-Data"] == '"cache"'
    page = shown(ayse.get("/sign-in"))
    assert 'name="email"' in page
    assert '<meta name="person" content="">' in page


def test_staff_log_out_with_one_tap_and_are_told_nothing_of_phones(grace: Any) -> None:
    assert 'action="/sign-out"' in shown(grace.get("/panel"))
    page = shown(grace.get("/sign-out"))
    assert "Log out?" in page
    assert "data-unsent" not in page
    assert "Reminders" not in page
    assert 'action="/lock"' not in page


def test_nobody_is_led_to_sign_in(nobody: Any) -> None:
    assert nobody.get("/sign-out").headers["Location"] == "/sign-in?next=/sign-out"


@pytest.mark.parametrize("name", ["ayse", "elif"])
def test_a_page_says_whose_it_is(world: Any, sign_in: Any, name: str) -> None:
    caller = sign_in(name)
    for path in ("/", "/more", "/help", "/sign-out", "/no-such-page"):
        answer = caller.http.get(f"{path}?for={world.ayse}" if path in ("/", "/more") else path)
        assert f'<meta name="person" content="{caller.id}">' in shown(answer), path


def test_a_page_for_nobody_says_so(nobody: Any, world: Any) -> None:
    for path in ("/sign-in", "/help", "/forgotten-password", "/join", "/no-such-page"):
        assert '<meta name="person" content="">' in shown(nobody.get(path)), path


def test_a_nurses_page_is_no_phones(grace: Any) -> None:
    assert '<meta name="person" content="">' in shown(grace.get("/panel"))
