"""Ayşe invites, somebody answers: the steps of an invitation as a browser takes them."""

from __future__ import annotations

import re
import uuid
from typing import Any

from tests.conftest import Caller
from tests.factories import PASSWORD

SECRET = "purple teapot on the roof"


class Browser(Caller):
    """A browser in which nobody is signed in yet: it takes the token of a form from the page, as browsers do."""

    def __init__(self, app: Any) -> None:
        super().__init__(app, None)

    def send(self, path: str, **form: Any) -> Any:
        here = page(self.get("/sign-in", follow_redirects=True))
        found = re.search(r'(?:csrf_token" value|csrf-token" content)="([^"]+)"', here)
        assert found, here
        self.headers["X-CSRF-Token"] = found.group(1)
        return super().send(path, **form)


def page(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def new_id() -> str:
    return str(uuid.uuid4())


def invite(patient: Any, **more: Any) -> tuple[uuid.UUID, str]:
    """The patient invites somebody: the id of the invitation and the code to hand over."""
    body = {"id": new_id(), "known_as": "Deniz", "relation": "friend", "may": "see"} | more
    answer = patient.send("/carers/new", **body)
    assert answer.status_code == 200, page(answer)
    found = re.search(r"([0-9a-z]{4}-){6}[0-9a-z]{4}", page(answer))
    assert found, page(answer)
    return uuid.UUID(body["id"]), found.group()


def open_link(caller: Any, code: str) -> Any:
    return caller.get(f"/helping/join/{code}", follow_redirects=True)


def account(caller: Any, code: str, name: str = "Deniz Arslan", email: str = "deniz@test.example") -> Any:
    """A new person opens the link and says who they are; nothing is agreed yet."""
    open_link(caller, code)
    return caller.send("/helping/account", name=name, email=email, password=SECRET)


def sign_in_to_accept(caller: Any, code: str, email: str) -> Any:
    open_link(caller, code)
    return caller.send("/helping/sign-in", email=email, password=PASSWORD)


def accept(caller: Any, answer: str = "yes") -> Any:
    return caller.send("/helping/accept", answer=answer)
