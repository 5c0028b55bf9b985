"""Carers: their invitations, the instant at which a last day is over, who ended it; and what somebody looked at"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from selfcare.database import UTCDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

LINK = "uq_carer_links_patient_id_carer_id"
RUNNING = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "carer_invitations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("known_as", sa.Text(), nullable=True),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("may_write", sa.Boolean(), nullable=False),
        sa.Column("also_sees", sa.JSON(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("used_at", UTCDateTime(), nullable=True),
        sa.Column("declined_at", UTCDateTime(), nullable=True),
        sa.Column("revoked_at", UTCDateTime(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("staged_name", sa.Text(), nullable=True),
        sa.Column("staged_email", sa.Text(), nullable=True),
        sa.Column("staged_hash", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_carer_invitations_patient_id_patients")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carer_invitations")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_carer_invitations_token_hash")),
    )
    with op.batch_alter_table("carer_invitations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_carer_invitations_patient_id"), ["patient_id"], unique=False)

    _end_doubles()
    with op.batch_alter_table("carer_links", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ends_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("ended_by", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("told_at", UTCDateTime(), nullable=True))
        # Defaults of the server's, so that the code of before goes on writing during a roll-out.
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(
            sa.Column("updated_at", UTCDateTime(), nullable=False, server_default="2026-01-01 00:00:00+00:00")
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_carer_links_ended_by_people"), "people", ["ended_by"], ["id"]
        )
        batch_op.create_index(
            LINK, ["patient_id", "carer_id"], unique=True, sqlite_where=RUNNING, postgresql_where=RUNNING
        )
    _say_when_days_end()

    with op.batch_alter_table("record_views", schema=None) as batch_op:
        batch_op.add_column(sa.Column("what", sa.Text(), nullable=False, server_default="record"))
        batch_op.drop_constraint("pk_record_views", type_="primary")
        batch_op.create_primary_key("pk_record_views", ["patient_id", "viewer_id", "day", "what"])


def downgrade() -> None:
    views = sa.table("record_views", *map(sa.column, ("patient_id", "viewer_id", "day", "what")))
    other = views.alias()
    same = sa.and_(*(views.c[name] == other.c[name] for name in ("patient_id", "viewer_id", "day")))
    # One row a day stays of each person: which kind of page it was is what goes.
    op.execute(sa.delete(views).where(sa.exists().where(same, other.c.what < views.c.what)))
    with op.batch_alter_table("record_views", schema=None) as batch_op:
        batch_op.drop_constraint("pk_record_views", type_="primary")
        batch_op.create_primary_key("pk_record_views", ["patient_id", "viewer_id", "day"])
        batch_op.drop_column("what")

    with op.batch_alter_table("carer_links", schema=None) as batch_op:
        batch_op.drop_index(LINK)
        batch_op.drop_constraint(batch_op.f("fk_carer_links_ended_by_people"), type_="foreignkey")
        for name in ("updated_at", "version", "told_at", "ended_by", "ends_at"):
            batch_op.drop_column(name)

    with op.batch_alter_table("carer_invitations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_carer_invitations_patient_id"))
    op.drop_table("carer_invitations")


def _end_doubles() -> None:
    """Of several links that run between two people the latest stays: the others would stand in the way of the index."""
    links = sa.table(
        "carer_links", *map(sa.column, ("id", "patient_id", "carer_id")), _at("started_at"), _at("ended_at")
    )
    rows = (
        op.get_bind()
        .execute(sa.select(links).where(links.c.ended_at.is_(None)).order_by(links.c.started_at))
        .all()
    )
    latest = {(row.patient_id, row.carer_id): row.id for row in rows}
    for row in rows:
        if latest[row.patient_id, row.carer_id] != row.id:
            op.execute(sa.update(links).where(links.c.id == row.id).values(ended_at=dt.datetime.now(dt.UTC)))


def _say_when_days_end() -> None:
    """The instant of each last day where the patient is; and nobody is told again of a carer they have had for long."""
    links = sa.table(
        "carer_links",
        *map(sa.column, ("id", "patient_id")),
        sa.column("ends_on", sa.Date()),
        *map(_at, ("started_at", "ends_at", "told_at", "updated_at")),
    )
    people = sa.table("people", *map(sa.column, ("id", "time_zone")))
    op.execute(sa.update(links).values(told_at=links.c.started_at, updated_at=links.c.started_at))
    rows = op.get_bind().execute(
        sa.select(links.c.id, links.c.ends_on, people.c.time_zone)
        .join(people, people.c.id == links.c.patient_id)
        .where(links.c.ends_on.is_not(None))
    )
    for row in rows.all():
        midnight = dt.datetime.combine(row.ends_on + dt.timedelta(days=1), dt.time(), ZoneInfo(row.time_zone))
        op.execute(sa.update(links).where(links.c.id == row.id).values(ends_at=midnight))


def _at(name: str) -> sa.ColumnClause[dt.datetime]:
    return sa.column(name, UTCDateTime())
