"""Caseload hand-over: which care relationship follows which, who began it, and when the patient was told"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from selfcare.database import UTCDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("care_relationships", schema=None) as batch_op:
        batch_op.add_column(sa.Column("follows_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("begun_by", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("told_at", UTCDateTime(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_care_relationships_follows_id"), ["follows_id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_care_relationships_follows_id_care_relationships"),
            *("care_relationships", ["follows_id"], ["id"]),
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_care_relationships_begun_by_people"), "people", ["begun_by"], ["id"]
        )


def downgrade() -> None:
    # SQLite makes the table anew, and does not let go of rows that others point at.
    op.execute("UPDATE care_relationships SET follows_id = NULL")
    with op.batch_alter_table("care_relationships", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_care_relationships_begun_by_people"), type_="foreignkey")
        batch_op.drop_constraint(
            batch_op.f("fk_care_relationships_follows_id_care_relationships"), type_="foreignkey"
        )
        batch_op.drop_constraint(batch_op.f("uq_care_relationships_follows_id"), type_="unique")
        batch_op.drop_column("told_at")
        batch_op.drop_column("begun_by")
        batch_op.drop_column("follows_id")
