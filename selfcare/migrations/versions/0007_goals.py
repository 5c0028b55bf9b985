"""Goals, plans, days, confidence, reviews, follow-ups"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from selfcare.database import UTCDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "goals",
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("importance", sa.Integer(), nullable=True),
        sa.Column("importance_reason", sa.Text(), nullable=True),
        sa.Column("lifecycle_status", sa.Text(), nullable=False),
        sa.Column("achievement_status", sa.Text(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_goals_patient_id_patients")),
        sa.ForeignKeyConstraint(["written_by"], ["people.id"], name=op.f("fk_goals_written_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goals")),
    )
    with op.batch_alter_table("goals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_goals_patient_id"), ["patient_id"], unique=False)

    op.create_table(
        "agreed_goals",
        sa.Column("goal_id", sa.Uuid(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Integer(), nullable=True),
        sa.Column("who_does_what", sa.Text(), nullable=True),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["goal_id"], ["goals.id"], name=op.f("fk_agreed_goals_goal_id_goals")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_agreed_goals_patient_id_patients")
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["people.id"], name=op.f("fk_agreed_goals_written_by_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreed_goals")),
    )
    with op.batch_alter_table("agreed_goals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agreed_goals_goal_id"), ["goal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agreed_goals_patient_id"), ["patient_id"], unique=False)

    op.create_table(
        "confidence_scores",
        sa.Column("goal_id", sa.Uuid(), nullable=True),
        sa.Column("topic", sa.Text(), nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("why_not_lower", sa.Text(), nullable=True),
        sa.Column("what_would_help", sa.Text(), nullable=True),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("monday", sa.Date(), nullable=True),
        sa.Column("corrects", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["corrects"],
            ["confidence_scores.id"],
            name=op.f("fk_confidence_scores_corrects_confidence_scores"),
        ),
        sa.ForeignKeyConstraint(["goal_id"], ["goals.id"], name=op.f("fk_confidence_scores_goal_id_goals")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_confidence_scores_patient_id_patients")
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["people.id"], name=op.f("fk_confidence_scores_written_by_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confidence_scores")),
    )
    with op.batch_alter_table("confidence_scores", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_confidence_scores_corrects"), ["corrects"], unique=False)
        batch_op.create_index("ix_confidence_scores_goal", ["goal_id", "recorded_at"], unique=False)
        batch_op.create_index("ix_confidence_scores_patient", ["patient_id", "recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_confidence_scores_patient_id"), ["patient_id"], unique=False)

    op.create_table(
        "follow_ups",
        sa.Column("goal_id", sa.Uuid(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["goal_id"], ["goals.id"], name=op.f("fk_follow_ups_goal_id_goals")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_follow_ups_patient_id_patients")
        ),
        sa.ForeignKeyConstraint(["written_by"], ["people.id"], name=op.f("fk_follow_ups_written_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_ups")),
    )
    with op.batch_alter_table("follow_ups", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_follow_ups_due_on"), ["due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_follow_ups_goal_id"), ["goal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_follow_ups_patient_id"), ["patient_id"], unique=False)

    op.create_table(
        "goal_days",
        sa.Column("goal_id", sa.Uuid(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("monday", sa.Date(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("amount", sa.Double(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["goal_id"], ["goals.id"], name=op.f("fk_goal_days_goal_id_goals")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_goal_days_patient_id_patients")
        ),
        sa.ForeignKeyConstraint(["written_by"], ["people.id"], name=op.f("fk_goal_days_written_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal_days")),
        sa.UniqueConstraint("goal_id", "date", name=op.f("uq_goal_days_goal_id_date")),
    )
    with op.batch_alter_table("goal_days", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_goal_days_date"), ["date"], unique=False)
        batch_op.create_index(batch_op.f("ix_goal_days_patient_id"), ["patient_id"], unique=False)

    op.create_table(
        "weekly_plans",
        sa.Column("goal_id", sa.Uuid(), nullable=False),
        sa.Column("monday", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=True),
        sa.Column("how_much", sa.Text(), nullable=True),
        sa.Column("when_text", sa.Text(), nullable=True),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("confidence", sa.Integer(), nullable=True),
        sa.Column("confidence_words", sa.Text(), nullable=True),
        sa.Column("why_not_lower", sa.Text(), nullable=True),
        sa.Column("what_would_help", sa.Text(), nullable=True),
        sa.Column("barriers", sa.Text(), nullable=True),
        sa.Column("plan_for_barriers", sa.Text(), nullable=True),
        sa.Column("problem_step", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["goal_id"], ["goals.id"], name=op.f("fk_weekly_plans_goal_id_goals")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_weekly_plans_patient_id_patients")
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["people.id"], name=op.f("fk_weekly_plans_written_by_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weekly_plans")),
        sa.UniqueConstraint("goal_id", "monday", name=op.f("uq_weekly_plans_goal_id_monday")),
    )
    with op.batch_alter_table("weekly_plans", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_weekly_plans_monday"), ["monday"], unique=False)
        batch_op.create_index(batch_op.f("ix_weekly_plans_patient_id"), ["patient_id"], unique=False)

    op.create_table(
        "weekly_reviews",
        sa.Column("goal_id", sa.Uuid(), nullable=False),
        sa.Column("monday", sa.Date(), nullable=False),
        sa.Column("went_well", sa.Text(), nullable=True),
        sa.Column("got_in_the_way", sa.Text(), nullable=True),
        sa.Column("confidence", sa.Integer(), nullable=True),
        sa.Column("confidence_words", sa.Text(), nullable=True),
        sa.Column("why_not_lower", sa.Text(), nullable=True),
        sa.Column("next", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["goal_id"], ["goals.id"], name=op.f("fk_weekly_reviews_goal_id_goals")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_weekly_reviews_patient_id_patients")
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["people.id"], name=op.f("fk_weekly_reviews_written_by_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weekly_reviews")),
        sa.UniqueConstraint("goal_id", "monday", name=op.f("uq_weekly_reviews_goal_id_monday")),
    )
    with op.batch_alter_table("weekly_reviews", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_weekly_reviews_monday"), ["monday"], unique=False)
        batch_op.create_index(batch_op.f("ix_weekly_reviews_patient_id"), ["patient_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("weekly_reviews", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_weekly_reviews_patient_id"))
        batch_op.drop_index(batch_op.f("ix_weekly_reviews_monday"))

    op.drop_table("weekly_reviews")
    with op.batch_alter_table("weekly_plans", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_weekly_plans_patient_id"))
        batch_op.drop_index(batch_op.f("ix_weekly_plans_monday"))

    op.drop_table("weekly_plans")
    with op.batch_alter_table("goal_days", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_goal_days_patient_id"))
        batch_op.drop_index(batch_op.f("ix_goal_days_date"))

    op.drop_table("goal_days")
    with op.batch_alter_table("follow_ups", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_follow_ups_patient_id"))
        batch_op.drop_index(batch_op.f("ix_follow_ups_goal_id"))
        batch_op.drop_index(batch_op.f("ix_follow_ups_due_on"))

    op.drop_table("follow_ups")
    with op.batch_alter_table("confidence_scores", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_confidence_scores_patient_id"))
        batch_op.drop_index("ix_confidence_scores_patient")
        batch_op.drop_index("ix_confidence_scores_goal")
        batch_op.drop_index(batch_op.f("ix_confidence_scores_corrects"))

    op.drop_table("confidence_scores")
    with op.batch_alter_table("agreed_goals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agreed_goals_patient_id"))
        batch_op.drop_index(batch_op.f("ix_agreed_goals_goal_id"))

    op.drop_table("agreed_goals")
    with op.batch_alter_table("goals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_goals_patient_id"))

    op.drop_table("goals")
