"""The power of the charge that runs, a row for each change of it."""

import sqlalchemy as sa
from alembic import op

from dashboard.database import UtcTime

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "power_step",
        sa.Column("charger_id", sa.String(64), sa.ForeignKey("charger.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("at", UtcTime, primary_key=True),
        sa.Column("power_w", sa.Integer),
    )
