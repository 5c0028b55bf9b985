"""Earlier versions of state"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from selfcare.database import UTCDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "earlier_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("replaced_by", sa.Uuid(), nullable=False),
        sa.Column("replaced_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_earlier_versions_patient_id_patients")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earlier_versions")),
    )
    with op.batch_alter_table("earlier_versions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_earlier_versions_patient_id"), ["patient_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_earlier_versions_row_id"), ["row_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("earlier_versions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_earlier_versions_row_id"))
        batch_op.drop_index(batch_op.f("ix_earlier_versions_patient_id"))

    op.drop_table("earlier_versions")
