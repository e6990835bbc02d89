"""Aims: what a car is to have by a time, and when it charges for that."""

import sqlalchemy as sa
from alembic import op

from dashboard.database import UtcTime

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.create_table(
        "aim",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("charger_id", sa.String(64), sa.ForeignKey("charger.id", ondelete="CASCADE"), nullable=False),
        sa.Column("set_at", UtcTime, nullable=False),
        sa.Column("ready_by", UtcTime, nullable=False),
        sa.Column("energy_wh", sa.Integer),
        sa.Column("duration_s", sa.Integer),
        sa.Column("is_cheapest", sa.Boolean, nullable=False),
        sa.Column("member_id", sa.Integer),
        sa.Column("member_name", sa.Text),
        sa.Column("seed", sa.Integer, nullable=False),
        sa.Column("has_car", sa.Boolean, nullable=False),
        sa.Column("base_wh", sa.Integer),
        sa.Column("done_wh", sa.Integer, nullable=False),
        sa.Column("charged_s", sa.Integer, nullable=False),
        sa.Column("counted_at", UtcTime),
        sa.Column("blocks", sa.Text, nullable=False),
        sa.Column("latest_start", UtcTime, nullable=False),
        sa.Column("missing_s", sa.Integer, nullable=False),
        sa.Column("cost_micro", sa.BigInteger),
        sa.Column("currency", sa.String(3)),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("power_w", sa.Integer, nullable=False),
        sa.Column("power_sessions", sa.Integer, nullable=False),
        sa.Column("news", sa.String(16)),
        sa.Column("planned_at", UtcTime, nullable=False),
        sa.Column("is_open", sa.Boolean, nullable=False),
        sa.Column("opened_at", UtcTime),
        sa.Column("starts", sa.Integer, nullable=False),
        sa.Column("next_at", UtcTime),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("ended_at", UtcTime),
        sa.Column("outcome", sa.String(16)),
    )
    is_live = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_aim_live", "aim", ["charger_id"], unique=True, sqlite_where=is_live, postgresql_where=is_live
    )
