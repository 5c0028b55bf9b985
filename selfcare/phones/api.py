"""``/api/v1/phone``: the key and the facts that a phone keeps."""

from __future__ import annotations

from typing import Any

from flask_login import current_user

from selfcare.edge.api import ApiBlueprint
from selfcare.edge.roles import roles
from selfcare.identity import sessions
from selfcare.people.acting import acting, current_person
from selfcare.phones import facts, keys
from selfcare.phones.schemas import FactsSchema, NothingSchema, PhoneKeySchema, facts_body, key_body

blp = ApiBlueprint("phones_api", __name__, description="What a phone keeps, to write without signal")


@blp.route("/phone/key", methods=["POST"])
@roles("patient", "carer")
@blp.arguments(NothingSchema)
@blp.response(200, PhoneKeySchema)
def post_key(body: dict[str, Any]) -> dict[str, Any]:
    """The signed-in person's own pair, the same at every call. A POST: it is never in an address, a cache or a prefetch."""
    return key_body(keys.key_of(current_person()), sessions.ends_at(current_user))


@blp.route("/phone/facts", methods=["GET"])
@roles("patient", "carer")
@blp.response(200, FactsSchema)
def get_facts() -> dict[str, Any]:
    """What forms need without signal; only the patient's own."""
    return facts_body(facts.facts_of(acting()))
