"""Agendas and their items"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from selfcare.database import UTCDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agendas",
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("shared_at", UTCDateTime(), nullable=True),
        sa.Column("shared_by", sa.Uuid(), nullable=True),
        sa.Column("opened_at", UTCDateTime(), nullable=True),
        sa.Column("opened_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["opened_by"], ["people.id"], name=op.f("fk_agendas_opened_by_people")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_agendas_patient_id_patients")),
        sa.ForeignKeyConstraint(["shared_by"], ["people.id"], name=op.f("fk_agendas_shared_by_people")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_agendas_team_id_teams")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_agendas_visit_id_visits")),
        sa.ForeignKeyConstraint(["written_by"], ["people.id"], name=op.f("fk_agendas_written_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agendas")),
    )
    with op.batch_alter_table("agendas", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agendas_patient_id"), ["patient_id"], unique=False)
        batch_op.create_index("ix_agendas_patient_team", ["patient_id", "team_id"], unique=False)
        batch_op.create_index(
            "uq_agendas_visit_id",
            ["visit_id"],
            unique=True,
            sqlite_where=sa.text("visit_id IS NOT NULL"),
            postgresql_where=sa.text("visit_id IS NOT NULL"),
        )

    op.create_table(
        "agenda_items",
        sa.Column("agenda_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("most_important", sa.Boolean(), nullable=False),
        sa.Column("raised_by", sa.Uuid(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=True),
        sa.Column("removed_at", UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agenda_id"], ["agendas.id"], name=op.f("fk_agenda_items_agenda_id_agendas")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_agenda_items_patient_id_patients")
        ),
        sa.ForeignKeyConstraint(["raised_by"], ["people.id"], name=op.f("fk_agenda_items_raised_by_people")),
        sa.ForeignKeyConstraint(
            ["written_by"], ["people.id"], name=op.f("fk_agenda_items_written_by_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_items")),
    )
    with op.batch_alter_table("agenda_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agenda_items_agenda_id"), ["agenda_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agenda_items_patient_id"), ["patient_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("agenda_items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agenda_items_patient_id"))
        batch_op.drop_index(batch_op.f("ix_agenda_items_agenda_id"))

    op.drop_table("agenda_items")
    with op.batch_alter_table("agendas", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_agendas_visit_id",
            sqlite_where=sa.text("visit_id IS NOT NULL"),
            postgresql_where=sa.text("visit_id IS NOT NULL"),
        )
        batch_op.drop_index("ix_agendas_patient_team")
        batch_op.drop_index(batch_op.f("ix_agendas_patient_id"))

    op.drop_table("agendas")
