"""Leases in rows of their own, apart from what is large; the state compressed; the account's pause."""

import sqlalchemy as sa
from alembic import op

from dashboard.database import CompressedText, UtcTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    lease = op.create_table(
        "lease",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("until", UtcTime),
        sa.Column("holder", sa.String(32)),
    )
    op.bulk_insert(lease, [{"name": "requests"}])  # the queue of requests to Zaptec
    _compress_states()
    with op.batch_alter_table("account") as account:
        account.drop_column("list_lease_until")
        account.drop_column("slot_at")
        account.add_column(sa.Column("paused_until", UtcTime))
    with op.batch_alter_table("history_book") as book:
        book.drop_column("lease_until")
        book.drop_column("lease_by")


def _compress_states() -> None:
    plain = sa.table("snapshot", sa.column("charger_id", sa.String), sa.column("state", sa.Text))
    kept = op.get_bind().execute(sa.select(plain).where(plain.c.state.is_not(None))).all()
    with op.batch_alter_table("snapshot") as snapshot:
        snapshot.drop_column("lease_until")
        snapshot.drop_column("lease_by")
        snapshot.drop_column("failing_since")
        snapshot.drop_column("state")
    op.add_column("snapshot", sa.Column("state", CompressedText))
    compressed = sa.table("snapshot", sa.column("charger_id"), sa.column("state", CompressedText))
    for row in kept:
        op.execute(compressed.update().where(compressed.c.charger_id == row.charger_id).values(state=row.state))
