"""Shapes of push subscriptions."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from marshmallow import fields

from selfcare.edge.schemas import Instant, Line, Schema
from selfcare.push.endpoint_guard import MAX_LENGTH


class KeysSchema(Schema):
    """A browser's public key (65 bytes) and its secret (16 bytes), base64url."""

    p256dh = Line(required=True, longest=128, empty=_l("Send the key p256dh"))
    auth = Line(required=True, longest=64, empty=_l("Send the key auth"))


class SubscriptionSchema(Schema):
    """What ``PushSubscription.toJSON()`` gives."""

    endpoint = Line(required=True, longest=MAX_LENGTH, empty=_l("Send the endpoint"))
    expiration_time = fields.Float(data_key="expirationTime", allow_none=True, load_only=True)
    keys = fields.Nested(KeysSchema, required=True, load_only=True)


class SubscriptionAnswerSchema(Schema):
    """A phone as its owner sees it. ``renew``: its push service had ended this address, so the browser should make a new one."""

    id = fields.UUID(dump_only=True)
    endpoint = fields.String(dump_only=True)
    label = fields.String(dump_only=True)
    received_at = Instant(dump_only=True)
    updated_at = Instant(dump_only=True)
    last_delivered_at = Instant(dump_only=True)
    failed_at = Instant(dump_only=True)
    pruned_at = Instant(dump_only=True)
    active = fields.Boolean(dump_only=True)
    renew = fields.Boolean(dump_only=True)


class SubscriptionListSchema(Schema):
    """A person's phones, the newest first."""

    items = fields.List(fields.Nested(SubscriptionAnswerSchema))
    next_cursor = fields.String(allow_none=True)


class KeySchema(Schema):
    """``key``: what a browser is given as ``applicationServerKey``."""

    key = fields.String()


class TestSchema(Schema):
    """Nothing is needed to send a test."""

    __test__ = False  # pytest: no test class


class TestAnswerSchema(Schema):
    """The test is on its way; ``GET`` the subscription to see whether its push service took it."""

    __test__ = False

    id = fields.UUID()
    state = fields.String()
