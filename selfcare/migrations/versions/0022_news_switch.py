"""Whether the system tells of something new by itself"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The default of the database serves code of before, which knows no such column, while a new version is rolled out.
    with op.batch_alter_table("quiet_hours", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tells_news", sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade() -> None:
    with op.batch_alter_table("quiet_hours", schema=None) as batch_op:
        batch_op.drop_column("tells_news")
