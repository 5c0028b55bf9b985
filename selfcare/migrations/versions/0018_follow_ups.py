"""Follow-ups that happen: answers, who does them, notes for the team, and the topic that a goal came from"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from selfcare.database import UTCDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("agendas", schema=None) as batch_op:
        batch_op.add_column(sa.Column("left_out", sa.JSON(), nullable=True))

    with op.batch_alter_table("agreed_goals", schema=None) as batch_op:
        batch_op.add_column(sa.Column("agenda_item_id", sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f("ix_agreed_goals_agenda_item_id"), ["agenda_item_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_agreed_goals_agenda_item_id_agenda_items"),
            *("agenda_items", ["agenda_item_id"], ["id"]),
        )

    with op.batch_alter_table("follow_ups", schema=None) as batch_op:
        batch_op.add_column(sa.Column("assigned_to", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("settled_on", sa.Date(), nullable=True))
        batch_op.create_index(batch_op.f("ix_follow_ups_assigned_to"), ["assigned_to"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_follow_ups_assigned_to_people"), "people", ["assigned_to"], ["id"]
        )

    op.create_table(
        "follow_up_answers",
        sa.Column("follow_up_id", sa.Uuid(), nullable=False),
        sa.Column("goal_id", sa.Uuid(), nullable=True),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("plan", sa.Text(), nullable=True),
        sa.Column("went", sa.Text(), nullable=True),
        sa.Column("in_the_way", sa.Text(), nullable=True),
        sa.Column("confidence", sa.Integer(), nullable=True),
        sa.Column("way", sa.Text(), nullable=True),
        sa.Column("step", sa.Text(), nullable=True),
        sa.Column("idea", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_ups.id"], name=op.f("fk_follow_up_answers_follow_up_id_follow_ups")
        ),
        sa.ForeignKeyConstraint(["goal_id"], ["goals.id"], name=op.f("fk_follow_up_answers_goal_id_goals")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_follow_up_answers_patient_id_patients")
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["people.id"], name=op.f("fk_follow_up_answers_written_by_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up_answers")),
    )
    with op.batch_alter_table("follow_up_answers", schema=None) as batch_op:
        batch_op.create_index("ix_follow_up_answers_follow_up", ["follow_up_id", "received_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_follow_up_answers_goal_id"), ["goal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_follow_up_answers_patient_id"), ["patient_id"], unique=False)

    op.create_table(
        "team_notes",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_team_notes_patient_id_patients")
        ),
        sa.ForeignKeyConstraint(["written_by"], ["people.id"], name=op.f("fk_team_notes_written_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_notes")),
        sa.UniqueConstraint("subject_id", name=op.f("uq_team_notes_subject_id")),
    )
    with op.batch_alter_table("team_notes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_notes_patient_id"), ["patient_id"], unique=False)


def downgrade() -> None:
    op.drop_table("team_notes")
    op.drop_table("follow_up_answers")

    with op.batch_alter_table("follow_ups", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_follow_ups_assigned_to_people"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_follow_ups_assigned_to"))
        batch_op.drop_column("settled_on")
        batch_op.drop_column("assigned_to")

    with op.batch_alter_table("agreed_goals", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_agreed_goals_agenda_item_id_agenda_items"), type_="foreignkey"
        )
        batch_op.drop_index(batch_op.f("ix_agreed_goals_agenda_item_id"))
        batch_op.drop_column("agenda_item_id")

    # Not in a batch: that would make the table anew, and SQLite does not let go of one that others point at.
    op.drop_column("agendas", "left_out")
