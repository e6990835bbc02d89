"""Weekly plans, timers, and the changes that have to happen."""

import sqlalchemy as sa
from alembic import op

from dashboard.database import UtcTime

revision = "0003"
down_revision = "0002"


def _charger_id(**options: bool) -> sa.Column:
    key = sa.ForeignKey("charger.id", ondelete="CASCADE")
    return sa.Column("charger_id", sa.String(64), key, nullable=False, **options)


def upgrade() -> None:
    op.create_table(
        "weekly_plan",
        _charger_id(primary_key=True),
        sa.Column("is_on", sa.Boolean, nullable=False),
        sa.Column("windows", sa.Text, nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("cursor", UtcTime, nullable=False),
        sa.Column("next_at", UtcTime),
        sa.Column("is_open", sa.Boolean, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False, server_default="0"),
    )
    op.create_table(
        "timer",
        sa.Column("id", sa.Integer, primary_key=True),
        _charger_id(),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("set_at", UtcTime, nullable=False),
        sa.Column("starts_at", UtcTime, nullable=False),
        sa.Column("ends_at", UtcTime, nullable=False),
        sa.Column("member_id", sa.Integer),
        sa.Column("member_name", sa.Text),
        sa.Column("ended_at", UtcTime),
    )
    live = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_timer_live", "timer", ["charger_id", "kind"], unique=True, sqlite_where=live, postgresql_where=live
    )
    op.create_table(
        "plan_step",
        sa.Column("id", sa.Integer, primary_key=True),
        _charger_id(),
        sa.Column("timer_id", sa.Integer, sa.ForeignKey("timer.id", ondelete="CASCADE")),
        sa.Column("cause", sa.String(16), nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("origin", sa.String(16), nullable=False),
        sa.Column("member_id", sa.Integer),
        sa.Column("member_name", sa.Text),
        sa.Column("due_at", UtcTime, nullable=False),
        sa.Column("look_at", UtcTime),
        sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
        sa.Column("claimed_at", UtcTime),
        sa.Column("receipt_id", sa.Integer),
        sa.Column("ended_at", UtcTime),
        sa.Column("outcome", sa.String(16)),
        sa.Column("reason", sa.String(40)),
        sa.Column("remedy", sa.String(40)),
        sa.Column("is_trouble", sa.Boolean, nullable=False),
    )
    op.create_index("ix_plan_step_look_at", "plan_step", ["look_at"])
    op.create_index("ix_plan_step_charger_id_ended_at", "plan_step", ["charger_id", "ended_at"])
    op.create_table(
        "car_stay",
        _charger_id(primary_key=True),
        sa.Column("changed_at", UtcTime, nullable=False),
    )
