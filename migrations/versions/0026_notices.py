"""Who wants to hear what, by which way, and whether it arrived."""

import sqlalchemy as sa
from alembic import op

from dashboard.database import UtcTime

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    _choices()
    op.create_table(
        "notice_way",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id", ondelete="CASCADE"), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("sealed", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("host", sa.String(128), nullable=False),
        sa.Column("base_url", sa.Text, nullable=False),
        sa.Column("device_id", sa.Integer, sa.ForeignKey("device.id", ondelete="CASCADE")),
        sa.Column("added_at", UtcTime, nullable=False),
        sa.Column("retired_at", UtcTime),
        sa.UniqueConstraint("member_id", "kind", "fingerprint"),
        sqlite_autoincrement=True,
    )
    _told()
    op.create_table(
        "notice_watch",
        sa.Column("subject", sa.String(128), primary_key=True),
        sa.Column("condition", sa.String(24), primary_key=True),
        sa.Column("since", UtcTime, nullable=False),
        sa.Column("told_at", UtcTime),
    )


def _choices() -> None:
    op.create_table(
        "notice_choice",
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("is_wanted", sa.Boolean, nullable=False),
    )
    op.create_table(
        "notice_hours",
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("tell_at", sa.Integer),
        sa.Column("quiet_from", sa.Integer),
        sa.Column("quiet_to", sa.Integer),
    )


def _told() -> None:
    op.create_table(
        "notice_event",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.String(160), nullable=False, unique=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("charger_id", sa.String(64)),
        sa.Column("member_id", sa.Integer),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("decided_at", UtcTime),
    )
    op.create_index("ix_notice_event_decided_at", "notice_event", ["decided_at"])
    op.create_table(
        "notice_told",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("event_id", sa.Integer, sa.ForeignKey("notice_event.id", ondelete="CASCADE")),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id", ondelete="CASCADE"), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("tag", sa.String(32), nullable=False, unique=True),
        sa.Column("asked_at", UtcTime, nullable=False),
        sa.Column("is_held_back", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("more_id", sa.Integer),
        sa.Column("how_many", sa.Integer),
        sa.Column("is_in_place_of_another", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("passed_on_at", UtcTime),
        sa.Column("line_id", sa.Integer),
        sa.Column("opened_at", UtcTime),
        sa.UniqueConstraint("event_id", "member_id"),
    )
    op.create_index("ix_notice_told_member_id_asked_at", "notice_told", ["member_id", "asked_at"])
    op.create_table(
        "notice_delivery",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("notice_id", sa.Integer, sa.ForeignKey("notice_told.id", ondelete="CASCADE"), nullable=False),
        sa.Column("way_id", sa.Integer, sa.ForeignKey("notice_way.id", ondelete="SET NULL")),
        sa.Column("way_kind", sa.String(16), nullable=False),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("try_at", UtcTime),
        sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
        sa.Column("is_sending", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("handed_over_at", UtcTime),
        sa.Column("ended_at", UtcTime),
        sa.Column("reason", sa.String(32)),
        sa.UniqueConstraint("notice_id", "way_id"),
    )
    op.create_index("ix_notice_delivery_try_at", "notice_delivery", ["try_at"])
