"""What a session took on a day is kept as a sum: by the hour shares are many, and each page adds up a year of them."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"

SUMS = ("energy_mwh", "cost_micro", *(f"{part}_micro" for part in ("energy", "mark_up", "grid", "tax", "vat", "support")))


def upgrade() -> None:
    op.create_table(
        "charge_day",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("session_id", sa.Integer, sa.ForeignKey("charge_session.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("charger_id", sa.String(64), nullable=False),
        sa.Column("energy_mwh", sa.BigInteger, nullable=False),
        sa.Column("open_mwh", sa.BigInteger, nullable=False),
        *(sa.Column(name, sa.BigInteger) for name in SUMS[1:]),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_charge_day_session_id", "charge_day", ["session_id"])
    sums = ", ".join(f"SUM({name})" for name in SUMS)
    op.execute(
        f"INSERT INTO charge_day (day, session_id, charger_id, open_mwh, {', '.join(SUMS)}) "
        "SELECT day, session_id, MIN(charger_id), SUM(CASE WHEN cost_micro IS NULL THEN energy_mwh ELSE 0 END), "
        f"{sums} FROM charge_share GROUP BY day, session_id"
    )
