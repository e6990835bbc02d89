"""Costs of many sessions are fixed in small steps; how far that is outlives a restart."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.create_table(
        "cost_order",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("year", sa.Integer),
        sa.Column("price_id", sa.Integer),
        sa.Column("state", sa.Integer, nullable=False),
        sa.Column("after_id", sa.Integer, nullable=False, server_default="0"),
        sa.Column("sessions", sa.Integer, nullable=False),
        sa.Column("done", sa.Integer, nullable=False, server_default="0"),
        sa.Column("changed", sa.Integer, nullable=False, server_default="0"),
        sa.Column("member_id", sa.Integer),
        sa.Column("member_name", sa.Text),
        sqlite_autoincrement=True,
    )
