"""Push in Chromium: what stands in for its push service, which cannot be reached from here.

`subscribe` is given the address of ours, and what ours decrypts is handed to Chromium as its own service would. All else is
real: the permission, the encrypted message over HTTP, the worker, the notification and the tap on it.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from selfcare import clock
from selfcare.extensions import db
from selfcare.push import courier
from selfcare.reminders.dispatch import Dispatcher
from selfcare.reminders.models import Occurrence
from tests.journeys.conftest import Live
from tests.plugins.lock_screen import LockScreen
from tests.plugins.push_service import VAPID, Phone, PushService

_STUB = """
(() => {
  const given = %s;
  const held = () => localStorage.getItem("test-subscribed") ? subscription : null;
  const subscription = {
    endpoint: given.endpoint,
    options: {},
    toJSON: () => given,
    unsubscribe: async () => { localStorage.removeItem("test-subscribed"); return true; },
  };
  PushManager.prototype.getSubscription = async () => held();
  PushManager.prototype.subscribe = async (options) => {
    if (!options.userVisibleOnly || !options.applicationServerKey) throw new Error("not as browsers want it");
    localStorage.setItem("test-subscribed", "1");
    return subscription;
  };
})();
"""


@pytest.fixture
def reached(live: Live, push_service: PushService) -> Any:
    """The live application, set up to send to the local push service."""
    before = live.app.config["SETTINGS"]
    live.app.config["SETTINGS"] = before.model_copy(
        update={"vapid_private_key": VAPID.private, "push_allowed_origins": push_service.origin}
    )
    yield live
    courier.stop_all(live.app)
    live.app.config["SETTINGS"] = before


def stand_in(context: BrowserContext, phone: Phone) -> None:
    """Let this browser subscribe at the local push service, as this phone."""
    context.add_init_script(_STUB % json.dumps(phone.to_json()))


def come_due(live: Live) -> None:
    """Everybody's next reminder is due now, and a worker sends it."""
    with live.scene():
        for row in db.session.query(Occurrence).filter_by(state="waiting").order_by(Occurrence.due_at.desc()):
            first = row
        # Today's, also when these tests run in the evening, after its hour: then the next one is tomorrow's.
        first.due_at = first.next_at = now = clock.now()
        first.local_date = clock.local(now, first.time_zone).date()
    with live.app.app_context(), db.scope():
        dispatcher = Dispatcher()
        dispatcher.tick(patience=10)
        dispatcher.close()


def deliver(page: Page, data: bytes) -> None:
    """Hand Chromium's service worker the message, as its own push service would."""
    session = page.context.new_cdp_session(page)
    seen: list[dict[str, Any]] = []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda event: seen.extend(event["registrations"]))
    session.send("ServiceWorker.enable")
    for _ in range(50):
        if seen:
            break
        page.wait_for_timeout(100)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    origin = page.evaluate("location.origin")
    session.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": origin, "registrationId": seen[0]["registrationId"], "data": data.decode()},
    )


def on_screen(page: Page, screen: LockScreen, title: str, count: int = 1) -> list[dict[str, Any]]:
    """What the browser says it shows, once so many with this title stand on the screen."""
    if screen.environment:
        screen.wait_for(title, count)
    # Asked before it has our receipt, Chromium takes a notification for closed, and drops it.
    page.wait_for_timeout(200)
    script = (
        "navigator.serviceWorker.ready.then((r) => r.getNotifications()).then((all) => all.map((n) =>"
        " ({title: n.title, body: n.body, tag: n.tag, lang: n.lang, dir: n.dir})))"
    )
    shown: list[dict[str, Any]] = []
    for _ in range(50):
        shown = page.evaluate(script)
        if shown:
            break
        page.wait_for_timeout(100)
    return shown
