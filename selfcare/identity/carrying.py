"""What staff typed when their session had ended is carried to the other side of the sign-in, and loses not a word.

A staff session ends after 30 minutes without a click, in the middle of a long note. The form then arrives from nobody. It is answered
with a sign-in whose page holds the form, sealed and bound to the person whose session it was: only after the *same* person signs in
does it come back, to be looked at and sent by them (docs/decisions/0034). Patients' phones have their own way (``static/js/phone``).
"""

from __future__ import annotations

import json
import zlib
from base64 import urlsafe_b64encode
from hashlib import sha256
from types import SimpleNamespace
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from flask import Response, current_app, make_response, render_template, request

from selfcare.edge.forms import ONLY_SHOW
from selfcare.edge.roles import roles_of
from selfcare.errors import DomainError
from selfcare.identity import sessions
from selfcare.identity.schemas import LONGEST_CARRIED
from selfcare.people.models import Person

OF_STAFF = frozenset({"clinician"})
KEPT_FOR = 12 * 60 * 60  # seconds: as long as a staff session may last
LEFT_BEHIND = frozenset({"csrf_token", ONLY_SHOW})


def page(error: DomainError) -> Response | None:
    """The sign-in that carries this form; None where there is nothing to carry: no form of staff's, or nobody's session."""
    allowed = roles_of(current_app, request.endpoint or "") or ()
    if request.method != "POST" or not OF_STAFF & set(allowed) or not request.form:
        return None
    if request.files:  # a file is in no field: "nothing is lost" would not be true
        return None
    whose = sessions.was_signed_in()
    if whose is None:
        return None
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in LEFT_BEHIND]
    has_page = request.url_rule is not None and "GET" in (request.url_rule.methods or ())
    path = request.full_path.rstrip("?")
    sealed = _seal({"person": str(whose.id), "path": path, "fields": fields, "has_page": has_page})
    if len(sealed) > LONGEST_CARRIED:
        return None
    form = SimpleNamespace(values={"carried": sealed}, errors={})
    return make_response(render_template("identity/sign_in.html", form=form), error.status)


def come_back(person: Person, sealed: str | None) -> Response | None:
    """After the sign-in: the way to the form as it was, or the one button that it was; None if nothing came along, or another
    person's."""
    carried = _open(sealed)
    if carried is None or carried["person"] != str(person.id):
        return None
    return make_response(render_template("identity/carried.html", carried=carried, only_show=ONLY_SHOW))


def _key() -> Fernet:
    # A key of its own, so that nothing sealed here is taken for anything else, and the other way round.
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return Fernet(urlsafe_b64encode(sha256(b"selfcare carried form\0" + secret).digest()))


def _seal(what: dict[str, Any]) -> str:
    return _key().encrypt(zlib.compress(json.dumps(what).encode())).decode()


def _open(sealed: str | None) -> dict[str, Any] | None:
    if not sealed:
        return None
    try:
        found: dict[str, Any] = json.loads(zlib.decompress(_key().decrypt(sealed.encode(), ttl=KEPT_FOR)))
    except (InvalidToken, ValueError, zlib.error):
        return None
    return found
