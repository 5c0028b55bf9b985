"""Questionnaires: texts, readers, answers, acknowledgements of the crisis card"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from selfcare.database import UTCDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def _of_a_patient(table: str) -> list[sa.Column[object] | sa.Constraint]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f(f"fk_{table}_patient_id_patients")
        ),
        sa.ForeignKeyConstraint(["written_by"], ["people.id"], name=op.f(f"fk_{table}_written_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def upgrade() -> None:
    op.create_table(
        "questionnaire_texts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("questionnaire", sa.Text(), nullable=False),
        sa.Column("stem", sa.Text(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.Text(), nullable=False),
        sa.Column("imported_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire_texts")),
    )
    op.create_table(
        "questionnaire_readers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("questionnaire", sa.Text(), nullable=False),
        sa.Column("clinician_id", sa.Uuid(), nullable=False),
        sa.Column("within_days", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("set_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinician_id"], ["people.id"], name=op.f("fk_questionnaire_readers_clinician_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["set_by"], ["people.id"], name=op.f("fk_questionnaire_readers_set_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_questionnaire_readers_team_id_teams")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire_readers")),
    )
    running = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_questionnaire_readers_team_id_questionnaire",
        "questionnaire_readers",
        ["team_id", "questionnaire"],
        unique=True,
        sqlite_where=running,
        postgresql_where=running,
    )
    op.create_table(
        "questionnaire_responses",
        sa.Column("questionnaire", sa.Text(), nullable=False),
        sa.Column("text_id", sa.Uuid(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("crisis_answer", sa.Text(), nullable=True),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("corrects", sa.Uuid(), nullable=True),
        sa.Column("body_hash", sa.Text(), nullable=False),
        *_of_a_patient("questionnaire_responses"),
        sa.ForeignKeyConstraint(
            ["corrects"],
            ["questionnaire_responses.id"],
            name=op.f("fk_questionnaire_responses_corrects_questionnaire_responses"),
        ),
        sa.ForeignKeyConstraint(
            ["text_id"],
            ["questionnaire_texts.id"],
            name=op.f("fk_questionnaire_responses_text_id_questionnaire_texts"),
        ),
    )
    for columns in (["patient_id"], ["corrects"]):
        op.create_index(op.f(f"ix_questionnaire_responses_{columns[0]}"), "questionnaire_responses", columns)
    op.create_index(
        "ix_questionnaire_responses_when",
        "questionnaire_responses",
        ["patient_id", "questionnaire", "recorded_at"],
    )
    op.create_table(
        "crisis_acknowledgements",
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        *_of_a_patient("crisis_acknowledgements"),
        sa.ForeignKeyConstraint(
            ["response_id"], ["questionnaire_responses.id"], name="fk_crisis_acknowledgements_response"
        ),
    )
    for columns in (["patient_id"], ["response_id"]):
        op.create_index(op.f(f"ix_crisis_acknowledgements_{columns[0]}"), "crisis_acknowledgements", columns)


def downgrade() -> None:
    for table in (
        "crisis_acknowledgements",
        "questionnaire_responses",
        "questionnaire_readers",
        "questionnaire_texts",
    ):
        op.drop_table(table)
