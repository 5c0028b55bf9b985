"""The VAPID key as operators write it."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from selfcare.push import keys


def test_a_new_key_is_one_line_and_gives_the_same_pair_again() -> None:
    new = keys.new_key()
    assert len(new.private) == 43
    assert "\n" not in new.private
    assert keys.public_text(keys.load(new.private)) == new.public
    assert len(base64.urlsafe_b64decode(new.public + "==")) == 65


def test_pem_with_real_or_written_line_ends_is_the_same_key() -> None:
    new = keys.new_key()
    pem = keys.pems(keys.load(new.private))[0].decode()
    assert keys.public_text(keys.load(pem)) == new.public
    assert keys.public_text(keys.load(pem.replace("\n", "\\n"))) == new.public


@pytest.mark.parametrize("text", ["", "x", "A" * 43 + "B", "-----BEGIN PRIVATE KEY-----\nnothing", "é" * 43])
def test_what_is_no_key_says_which_command_makes_one(text: str) -> None:
    with pytest.raises(ValueError, match="selfcare vapid new"):
        keys.load(text)


def test_a_key_on_another_curve_is_refused() -> None:
    other = ec.generate_private_key(ec.SECP384R1())
    pem = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    with pytest.raises(ValueError, match="P-256"):
        keys.load(pem)
