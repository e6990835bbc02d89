"""Chargers, their snapshots, commands, and the account's standing."""

import sqlalchemy as sa
from alembic import op

from dashboard.database import UtcTime

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "installation",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("name", sa.Text, nullable=False, server_default=""),
        sa.Column("time_zone", sa.String(64)),
    )
    op.create_table(
        "charger",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("household_name", sa.Text),
        sa.Column("position", sa.Integer),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("is_listed", sa.Boolean, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False, server_default="0"),
    )
    op.create_table(
        "snapshot",
        sa.Column("charger_id", sa.String(64), sa.ForeignKey("charger.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("state", sa.Text),
        sa.Column("fetched_at", UtcTime),
        sa.Column("is_lively", sa.Boolean, nullable=False, server_default=sa.text("false")),
        sa.Column("failure", sa.String(32)),
        sa.Column("failing_since", UtcTime),
        sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
        sa.Column("ask_again_at", UtcTime),
        sa.Column("lease_until", UtcTime),
        sa.Column("lease_by", sa.String(32)),
    )
    op.create_table(
        "command",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("charger_id", sa.String(64), sa.ForeignKey("charger.id", ondelete="CASCADE"), nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("origin", sa.String(16), nullable=False),
        sa.Column("member_id", sa.Integer),
        sa.Column("member_name", sa.Text),
        sa.Column("asked_at", UtcTime, nullable=False),
        sa.Column("baseline", sa.Text),
        sa.Column("worker_until", UtcTime),
        sa.Column("sent_at", UtcTime),
        sa.Column("accepted_at", UtcTime),
        sa.Column("look_at", UtcTime),
        sa.Column("ended_at", UtcTime),
        sa.Column("outcome", sa.String(16)),
        sa.Column("reason", sa.String(40)),
        sa.Column("remedy", sa.String(40)),
        sa.Column("proof", sa.String(40)),
        sa.Column("flow", sa.String(16)),
        sa.Column("revision", sa.Integer, nullable=False, server_default="0"),
    )
    not_ended = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_command_under_way",
        "command",
        ["charger_id"],
        unique=True,
        sqlite_where=not_ended,
        postgresql_where=not_ended,
    )
    op.create_index("ix_command_charger_id_id", "command", ["charger_id", "id"])
    account = op.create_table(
        "account",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("rejected_key", sa.String(64)),
        sa.Column("rejected_at", UtcTime),
        sa.Column("listed_at", UtcTime),
        sa.Column("list_failure", sa.String(32)),
        sa.Column("list_again_at", UtcTime),
        sa.Column("list_lease_until", UtcTime),
        sa.Column("slot_at", sa.Float, nullable=False, server_default="0"),
        sa.Column("skew_s", sa.Float),
    )
    op.bulk_insert(account, [{"id": 1}])
    op.create_table(
        "request_count",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("kind", sa.String(40), primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
    )
