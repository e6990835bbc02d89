"""Sessions and their cost."""

import sqlalchemy as sa
from alembic import op

from dashboard.database import UtcTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "charge_session",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("zaptec_id", sa.String(64), nullable=False),
        sa.Column("charger_id", sa.String(64), nullable=False),
        sa.Column("start_at", UtcTime, nullable=False),
        sa.Column("end_at", UtcTime, nullable=False),
        sa.Column("energy_mwh", sa.BigInteger, nullable=False),
        sa.Column("flowing_s", sa.Integer, nullable=False),
        sa.Column("last_day", sa.Date, nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("is_offline", sa.Boolean, nullable=False),
        sa.Column("has_reliable_clock", sa.Boolean, nullable=False),
        sa.Column("is_signed", sa.Boolean, nullable=False),
        sa.Column("is_voided", sa.Boolean, nullable=False),
        sa.Column("is_aborted", sa.Boolean, nullable=False),
        sa.Column("stopped_by_rfid", sa.Boolean, nullable=False),
        sa.Column("replaced_by", sa.String(64)),
        sa.Column("is_counted", sa.Boolean, nullable=False),
        sa.Column("meter_first_mwh", sa.BigInteger),
        sa.Column("meter_last_mwh", sa.BigInteger),
        sa.Column("authorised_by", sa.Text),
        sa.Column("token_name", sa.Text),
        sa.Column("priced_in", sa.Integer),
        sa.Column("person_id", sa.Integer),
        sa.Column("person_name", sa.Text),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("booked_at", UtcTime, nullable=False),
        sa.UniqueConstraint("zaptec_id", name="uq_charge_session_zaptec_id"),
    )
    op.create_index("ix_charge_session_replaced_by", "charge_session", ["replaced_by"])
    op.create_index("ix_charge_session_charger_id_start_at", "charge_session", ["charger_id", "start_at"])
    op.create_index("ix_charge_session_last_day", "charge_session", ["last_day"])
    op.create_index("ix_charge_session_zone", "charge_session", ["zone"])
    op.create_table(
        "charge_interval",
        _of_session(),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("energy_mwh", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "charge_share",
        _of_session(),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("charger_id", sa.String(64), nullable=False),
        sa.Column("begin_at", UtcTime, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("energy_mwh", sa.BigInteger, nullable=False),
        sa.Column("cost_micro", sa.BigInteger),
    )
    op.create_index("ix_charge_share_day_charger_id", "charge_share", ["day", "charger_id"])
    op.create_table("charge_paper", _of_session(), sa.Column("ocmf", sa.Text, nullable=False))
    op.create_table(
        "price",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("micro_per_kwh", sa.BigInteger, nullable=False),
        sa.Column("added_in", sa.Integer, nullable=False),
        sa.Column("removed_in", sa.Integer),
        sa.Column("added_at", UtcTime, nullable=False),
        sa.Column("added_by", sa.Text),
        sqlite_autoincrement=True,
    )
    book = op.create_table(
        "history_book",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("currency", sa.String(3)),
        sa.Column("prices_state", sa.Integer, nullable=False, server_default="0"),
        sa.Column("lease_until", UtcTime),
        sa.Column("lease_by", sa.String(32)),
    )
    op.bulk_insert(book, [{"id": 1}])
    op.create_table(
        "history_source",
        sa.Column("charger_id", sa.String(64), primary_key=True),
        sa.Column("endpoint", sa.String(16), nullable=False, server_default="sessions"),
        sa.Column("filled_to", UtcTime),
        sa.Column("empty_months", sa.Integer, nullable=False, server_default="0"),
        sa.Column("is_filled", sa.Boolean, nullable=False, server_default=sa.text("false")),
        sa.Column("due_at", UtcTime, nullable=False),
        sa.Column("collected_at", UtcTime),
        sa.Column("long_look_at", UtcTime),
        sa.Column("failure", sa.String(32)),
        sa.Column("again_at", UtcTime),
    )


def _of_session() -> sa.Column:
    session_id = sa.ForeignKey("charge_session.id", ondelete="CASCADE")
    return sa.Column("session_id", sa.Integer, session_id, primary_key=True)
