"""Trackers and diary entries"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from selfcare.database import UTCDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "diary_entries",
        sa.Column("experienced_at", UTCDateTime(), nullable=False),
        sa.Column("experienced_offset", sa.Integer(), nullable=False),
        sa.Column("experienced_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("corrects", sa.Uuid(), nullable=True),
        sa.Column("original_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("body_hash", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["corrects"], ["diary_entries.id"], name=op.f("fk_diary_entries_corrects_diary_entries")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_diary_entries_patient_id_patients")
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["people.id"], name=op.f("fk_diary_entries_written_by_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diary_entries")),
    )
    with op.batch_alter_table("diary_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_diary_entries_corrects"), ["corrects"], unique=False)
        batch_op.create_index(batch_op.f("ix_diary_entries_original_id"), ["original_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_diary_entries_patient_id"), ["patient_id"], unique=False)
        batch_op.create_index("ix_diary_entries_when", ["patient_id", "experienced_at"], unique=False)

    op.create_table(
        "tracker_choices",
        sa.Column("measures", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_tracker_choices_patient_id_patients")
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["people.id"], name=op.f("fk_tracker_choices_written_by_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tracker_choices")),
    )
    with op.batch_alter_table("tracker_choices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tracker_choices_patient_id"), ["patient_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("tracker_choices", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tracker_choices_patient_id"))

    op.drop_table("tracker_choices")
    with op.batch_alter_table("diary_entries", schema=None) as batch_op:
        batch_op.drop_index("ix_diary_entries_when")
        batch_op.drop_index(batch_op.f("ix_diary_entries_patient_id"))
        batch_op.drop_index(batch_op.f("ix_diary_entries_original_id"))
        batch_op.drop_index(batch_op.f("ix_diary_entries_corrects"))

    op.drop_table("diary_entries")
