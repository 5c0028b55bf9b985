"""A person's pair of keys: made once, handed to the phones on which they sign in."""

from __future__ import annotations

import uuid

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from sqlalchemy.dialects import postgresql, sqlite

from selfcare import audit, clock
from selfcare.extensions import db
from selfcare.people.models import Person
from selfcare.phones.models import PhoneKey


def key_of(person: Person) -> PhoneKey:
    """The person's own pair, for a phone of theirs; made at the first call. Two calls at once give the same pair."""
    found = db.session.get(PhoneKey, person.id) or _make(person.id)
    audit.record(person, "phone_key.handed_out", person)
    return found


def _make(person_id: uuid.UUID) -> PhoneKey:
    key = ec.generate_private_key(ec.SECP256R1())
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    row = {
        "person_id": person_id,
        "public_key": key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        "private_key": key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),
        "made_at": clock.now(),
    }
    # Another tab may have been quicker: its pair is the one that holds, since something may be sealed to it by now.
    db.session.execute(insert(PhoneKey).values(row).on_conflict_do_nothing())
    return db.session.get_one(PhoneKey, person_id, populate_existing=True)
