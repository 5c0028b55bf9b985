"""The service's VAPID key pair (RFC 8292): how it is written in the settings, and a new one."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

RAW_LENGTH = 32  # bytes of a raw P-256 private key


@dataclass(frozen=True)
class NewKey:
    """A fresh pair on one line each: ``private`` for SELFCARE_VAPID_PRIVATE_KEY, ``public`` as browsers are given it."""

    private: str
    public: str


def new_key() -> NewKey:
    """A new pair. Phones that subscribed under an earlier one have to be asked again."""
    key = ec.generate_private_key(ec.SECP256R1())
    raw = key.private_numbers().private_value.to_bytes(RAW_LENGTH, "big")
    return NewKey(private=_encode(raw), public=public_text(key))


def load(text: str) -> ec.EllipticCurvePrivateKey:
    """The private key of the settings: 32 bytes as base64url, or PEM (its line ends may be written ``\\n``).

    :raises ValueError: it is neither, or not on the curve P-256.
    """
    text = text.strip().replace("\\n", "\n")
    try:
        if "-----BEGIN" in text:
            key = load_pem_private_key(text.encode(), password=None)
        else:
            raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            if len(raw) != RAW_LENGTH:
                raise ValueError(f"{len(raw)} bytes")
            key = ec.derive_private_key(int.from_bytes(raw, "big"), ec.SECP256R1())
    except (ValueError, TypeError, binascii.Error, UnsupportedAlgorithm):
        raise ValueError("The VAPID key is no private key. Make one with: selfcare vapid new") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError("The VAPID key must be on the curve P-256. Make one with: selfcare vapid new")
    return key


def public_text(key: ec.EllipticCurvePrivateKey) -> str:
    """The public half as browsers take it (``applicationServerKey``): the uncompressed point, base64url."""
    return _encode(key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def pems(key: ec.EllipticCurvePrivateKey) -> tuple[bytes, bytes]:
    """Both halves as PEM. The public one is derived, so the two cannot be strangers to each other."""
    return (
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    )


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
