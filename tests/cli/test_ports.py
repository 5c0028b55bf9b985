"""A port that somebody else has is named before any work is done in vain."""

from __future__ import annotations

import socket

import click
import pytest

from selfcare.cli import serving


def test_a_port_in_use_is_named_with_what_to_do():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(click.ClickException) as said:
            serving.require_free("127.0.0.1", port)
    assert said.value.message.startswith(f"Port {port} cannot be used")
    assert said.value.message.endswith(f"PORT={port + 1}")


def test_a_free_port_is_left_free():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    serving.require_free("127.0.0.1", port)
    serving.require_free("127.0.0.1", port)
