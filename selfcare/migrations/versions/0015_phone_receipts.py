"""Receipts: what a phone sends takes effect once"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from selfcare.database import UTCDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "phone_receipts",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_phone_receipts_person_id_people")
        ),
        sa.PrimaryKeyConstraint("person_id", "key", name=op.f("pk_phone_receipts")),
    )
    with op.batch_alter_table("phone_receipts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_phone_receipts_at"), ["at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("phone_receipts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_phone_receipts_at"))

    op.drop_table("phone_receipts")
