"""``/api/v1/push/key`` and ``/api/v1/push-subscriptions``."""

from __future__ import annotations

import uuid
from typing import Any

from flask import request
from flask_babel import gettext as _

from selfcare.edge import etag
from selfcare.edge.api import ApiBlueprint
from selfcare.edge.roles import roles
from selfcare.errors import NotFound
from selfcare.people.acting import acting
from selfcare.push import configured, service
from selfcare.push.models import PushSubscription
from selfcare.push.schemas import (
    KeySchema,
    SubscriptionAnswerSchema,
    SubscriptionListSchema,
    SubscriptionSchema,
    TestAnswerSchema,
    TestSchema,
)

blp = ApiBlueprint("push_api", __name__, description="Phones that take reminders")


@blp.route("/push/key", methods=["GET"])
@roles("anyone")
@blp.response(200, KeySchema)
@blp.alt_response(404, description="Push is not set up here")
def get_key() -> dict[str, str]:
    """The public key that a browser subscribes with.

    :raises NotFound: push is not set up here.
    """
    push = configured.here()
    if push is None:
        raise NotFound(_("Reminders on phones are not switched on here"))
    return {"key": push.public_key}


@blp.route("/push-subscriptions", methods=["GET"])
@roles("patient", "carer")
@blp.response(200, SubscriptionListSchema)
def get_subscriptions() -> dict[str, Any]:
    """The phones that take this person's reminders."""
    return {"items": service.phones(acting()), "next_cursor": None}


@blp.route("/push-subscriptions/<uuid:subscription_id>", methods=["GET"])
@roles("patient", "carer")
@blp.response(200, SubscriptionAnswerSchema)
def get_subscription(subscription_id: uuid.UUID) -> PushSubscription:
    """One phone: when it last took a message."""
    row = _found(service.find(acting(), subscription_id))
    etag.send(row)
    return row


@blp.route("/push-subscriptions/<uuid:subscription_id>", methods=["PUT"])
@roles("patient", "carer")
@blp.arguments(SubscriptionSchema)
@blp.response(200, SubscriptionAnswerSchema)
@blp.alt_response(201, schema=SubscriptionAnswerSchema)
def put_subscription(body: dict[str, Any], subscription_id: uuid.UUID) -> tuple[PushSubscription, int]:
    """Take reminders on this browser: the body is what ``PushSubscription.toJSON()`` gives."""
    record = acting()
    before = service.find(record, subscription_id, write=True)
    return etag.put(
        before,
        lambda: SubscriptionAnswerSchema().dump(before),
        lambda: service.subscribe(record, subscription_id, user_agent=request.user_agent.string, **body),
    )


@blp.route("/push-subscriptions/<uuid:subscription_id>", methods=["DELETE"])
@roles("patient", "carer")
@blp.response(204)
def delete_subscription(subscription_id: uuid.UUID) -> None:
    """No more reminders on this browser."""
    record = acting()
    row = _found(service.find(record, subscription_id, write=True))
    etag.check(row, SubscriptionAnswerSchema().dump(row), None)
    service.unsubscribe(record, row)


@blp.route("/push-subscriptions/<uuid:subscription_id>/test", methods=["POST"])
@roles("patient", "carer")
@blp.arguments(TestSchema)
@blp.response(202, TestAnswerSchema)
def post_test(body: dict[str, Any], subscription_id: uuid.UUID) -> dict[str, Any]:
    """Send a test to this browser now."""
    return {"id": service.send_test(acting(), subscription_id).id, "state": "sending"}


def _found(row: PushSubscription | None) -> PushSubscription:
    if row is None:
        raise NotFound
    return row
