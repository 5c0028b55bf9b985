"""Results, and their release"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from selfcare.database import UTCDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "results",
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("sent", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("corrects", sa.Uuid(), nullable=True),
        sa.Column("original_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("taken_back", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("body_hash", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["corrects"], ["results.id"], name=op.f("fk_results_corrects_results")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_results_patient_id_patients")),
        sa.ForeignKeyConstraint(["written_by"], ["people.id"], name=op.f("fk_results_written_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_results")),
        sa.UniqueConstraint("corrects", name=op.f("uq_results_corrects")),
    )
    with op.batch_alter_table("results", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_results_patient_id"), ["patient_id"], unique=False)
        batch_op.create_index("ix_results_when", ["patient_id", "taken_on"], unique=False)

    op.create_table(
        "result_releases",
        sa.Column("result_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("released_by", sa.Uuid(), nullable=False),
        sa.Column("released_at", UTCDateTime(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["result_id"], ["results.id"], name=op.f("fk_result_releases_result_id_results")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_result_releases_patient_id_patients")
        ),
        sa.ForeignKeyConstraint(
            ["released_by"], ["people.id"], name=op.f("fk_result_releases_released_by_people")
        ),
        sa.PrimaryKeyConstraint("result_id", name=op.f("pk_result_releases")),
    )
    with op.batch_alter_table("result_releases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_result_releases_patient_id"), ["patient_id"], unique=False)


def downgrade() -> None:
    op.drop_table("result_releases")
    op.drop_table("results")
