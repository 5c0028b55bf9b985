"""Phones: the key of what they keep, and locked sessions"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from selfcare.database import UTCDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "phone_keys",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("private_key", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_phone_keys_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_phone_keys")),
    )
    with op.batch_alter_table("login_sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("locked_at", UTCDateTime(), nullable=True))


def downgrade() -> None:
    # A session that was locked must not open again because the column that said so is gone.
    op.execute("DELETE FROM login_sessions WHERE locked_at IS NOT NULL")
    with op.batch_alter_table("login_sessions", schema=None) as batch_op:
        batch_op.drop_column("locked_at")

    op.drop_table("phone_keys")
