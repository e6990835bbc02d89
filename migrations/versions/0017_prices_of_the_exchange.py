"""What leaves the house, and the exchange's prices."""

import sqlalchemy as sa
from alembic import op

from dashboard.database import UtcTime

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "door",
        sa.Column("host", sa.String(128), primary_key=True),
        sa.Column("is_open", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("switched_at", UtcTime),
        sa.Column("switched_by", sa.Text),
        sa.Column("answered_at", UtcTime),
        sa.Column("failure", sa.String(32)),
        sa.Column("failed_at", UtcTime),
        sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
        sa.Column("again_at", UtcTime),
    )
    op.create_table(
        "spot_price",
        sa.Column("source", sa.String(64), primary_key=True),
        sa.Column("area", sa.String(16), primary_key=True),
        sa.Column("currency", sa.String(3), primary_key=True),
        sa.Column("begin_at", UtcTime, primary_key=True),
        sa.Column("micro_per_kwh", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "spot_day",
        sa.Column("source", sa.String(64), primary_key=True),
        sa.Column("area", sa.String(16), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("is_complete", sa.Boolean, nullable=False),
        sa.Column("asked_at", UtcTime, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("again_at", UtcTime),
    )
