"""How far each video was watched"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from selfcare.database import UTCDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "video_progress",
        sa.Column("video_id", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("completed", sa.Boolean(), nullable=False),
        sa.Column("first_watched_at", UTCDateTime(), nullable=False),
        sa.Column("last_watched_at", UTCDateTime(), nullable=False),
        sa.Column("completed_at", UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_video_progress_patient_id_patients")
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["people.id"], name=op.f("fk_video_progress_written_by_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_video_progress")),
        sa.UniqueConstraint("patient_id", "video_id", name=op.f("uq_video_progress_patient_id_video_id")),
    )
    with op.batch_alter_table("video_progress", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_video_progress_patient_id"), ["patient_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("video_progress", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_video_progress_patient_id"))

    op.drop_table("video_progress")
