"""The screen on which notifications stand, and the finger that taps them.

On Linux a browser hands its notifications to the desktop over D-Bus (org.freedesktop.Notifications) and hears from it what
was pressed. ``lock_screen`` is such a desktop, with a message bus of its own, so that a tap goes the whole way: through
the browser's own code to the worker's ``notificationclick``, with the right to open a page that only a real tap gives.
"""

from __future__ import annotations

import itertools
import socket
import sys
import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from jeepney import (
    DBusAddress,
    HeaderFields,
    Message,
    MessageFlag,
    MessageType,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.low_level import Parser

NAME = "org.freedesktop.Notifications"
BUS = "org.freedesktop.DBus"
OWNER = ":1.0"
SIGNALS = DBusAddress("/org/freedesktop/Notifications", bus_name=None, interface=NAME)
WAIT_SECONDS = 10.0


@dataclass
class Shown:
    """A notification on the screen. ``buttons``: what stands on it, and the name the browser gave each."""

    id: int
    title: str
    buttons: dict[str, str]
    browser: _Browser


@dataclass
class _Browser:
    """One connection of a browser to the bus."""

    wire: socket.socket
    name: str
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def send(self, message: Message, sender: str) -> None:
        message.header.fields[HeaderFields.sender] = sender
        message.header.fields[HeaderFields.destination] = self.name
        with self.lock:
            self.wire.sendall(message.serialise(next(self.numbers)))


class LockScreen:
    """The bus, and on it the one service that shows notifications."""

    def __init__(self) -> None:
        self.shown: list[Shown] = []
        self.environment: dict[str, str] = {}
        self._changed = threading.Condition()
        self._numbers = itertools.count(1)
        if sys.platform != "linux":
            return
        address = f"selfcare-{uuid.uuid4().hex}"
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind("\0" + address)  # a name in no folder: nothing to clean up
        self._door.listen()
        self._browsers: list[_Browser] = []
        self.environment = {"DBUS_SESSION_BUS_ADDRESS": f"unix:abstract={address}"}
        self._receiver = threading.Thread(target=self._receive, daemon=True)
        self._receiver.start()

    def close(self) -> None:
        if self.environment:
            self._door.shutdown(socket.SHUT_RDWR)  # ends the wait for browsers
            self._receiver.join()
            self._door.close()
            for browser in self._browsers:
                browser.wire.close()

    def wait_for(self, title: str, count: int = 1) -> Shown:
        """The newest notification with this title, once so many have come."""

        def found() -> list[Shown]:
            return [one for one in self.shown if one.title == title]

        with self._changed:
            came = self._changed.wait_for(lambda: len(found()) >= count, WAIT_SECONDS)
        assert came, f"not on the screen: {title!r}, only {self.shown}"
        return found()[-1]

    def press(self, shown: Shown, button: str | None = None) -> None:
        """Press a button of it; without a name tap it itself."""
        key = shown.buttons[button] if button else "default"
        signal = new_signal(SIGNALS, "ActionInvoked", "us", (shown.id, key))
        shown.browser.send(signal, OWNER)

    def _receive(self) -> None:
        while True:
            try:
                wire, _address = self._door.accept()
            except OSError:
                return
            browser = _Browser(wire, f":1.{next(self._numbers)}")
            self._browsers.append(browser)
            threading.Thread(target=self._serve, args=(browser,), daemon=True).start()

    def _serve(self, browser: _Browser) -> None:
        parser = Parser()
        try:
            parser.add_data(_let_in(browser.wire))
            while True:
                message = parser.get_next_message()
                if message is not None:
                    self._answer(browser, message)
                elif data := browser.wire.recv(65536):
                    parser.add_data(data)
                else:
                    return
        except OSError:
            return  # the browser has ended

    def _answer(self, browser: _Browser, message: Message) -> None:
        if message.header.message_type is not MessageType.method_call:
            return
        fields = message.header.fields
        who, what = fields.get(HeaderFields.destination), fields[HeaderFields.member]
        said = self._bus(browser, what, message.body) if who == BUS else None
        if who in (NAME, OWNER):
            said = self._desktop(browser, what, message.body)
        if message.header.flags & MessageFlag.no_reply_expected:
            return
        if said is None:
            reply = new_error(message, f"{BUS}.Error.ServiceUnknown", "s", ("not here",))
        else:
            reply = new_method_return(message, *said) if said[0] else new_method_return(message)
        browser.send(reply, BUS if who == BUS else OWNER)

    def _bus(
        self, browser: _Browser, what: str, given: tuple[Any, ...]
    ) -> tuple[str, tuple[Any, ...]] | None:
        ours = bool(given) and given[0] == NAME
        match what:
            case "Hello":
                return "s", (browser.name,)
            case "AddMatch" | "RemoveMatch":
                return "", ()
            case "RequestName":
                return "u", (1,)
            case "NameHasOwner":
                return "b", (ours,)
            case "GetNameOwner":
                return ("s", (OWNER,)) if ours else None
            case "StartServiceByName":
                return ("u", (2,)) if ours else None
            case "ListNames" | "ListActivatableNames":
                return "as", ([BUS, NAME],)
        return None

    def _desktop(
        self, browser: _Browser, what: str, given: tuple[Any, ...]
    ) -> tuple[str, tuple[Any, ...]] | None:
        match what:
            case "GetCapabilities":
                return "as", (["actions", "body", "persistence"],)
            case "GetServerInformation":
                return "ssss", ("lock screen of the tests", "selfcare", "1", "1.2")
            case "Notify":
                _app, replaces, _icon, title, _body, actions, _hints, _expires = given
                keys = dict(zip(actions[1::2], actions[::2], strict=True))
                shown = Shown(replaces or next(self._numbers), title, keys, browser)
                with self._changed:
                    self.shown.append(shown)
                    self._changed.notify_all()
                return "u", (shown.id,)
            case "CloseNotification":
                browser.send(new_signal(SIGNALS, "NotificationClosed", "uu", (given[0], 3)), OWNER)
                return "", ()
        return None


def _let_in(wire: socket.socket) -> bytes:
    """Whoever comes is let in (the D-Bus specification, "Authentication Protocol"); what follows after the greeting."""
    data = b""
    while True:
        while b"\r\n" not in data:
            more = wire.recv(4096)
            if not more:
                raise OSError("hung up")
            data += more
        line, _end, data = data.partition(b"\r\n")
        command = line.lstrip(b"\0").split(b" ")[0]
        if command == b"BEGIN":
            return data
        wire.sendall(b"OK 5e1fca5e5e1fca5e5e1fca5e5e1fca5e\r\n" if command == b"AUTH" else b"ERROR\r\n")


@pytest.fixture
def lock_screen() -> Iterator[LockScreen]:
    """This test's own screen of notifications."""
    screen = LockScreen()
    yield screen
    screen.close()
