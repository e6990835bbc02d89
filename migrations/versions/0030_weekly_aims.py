"""Ready by a time every week: rows of the weekly plan, from which an aim is made for each car that comes."""

import sqlalchemy as sa
from alembic import op
from dashboard.database import UtcTime

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    op.create_table(
        "weekly_aim",
        sa.Column("charger_id", sa.String(64), sa.ForeignKey("charger.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("is_on", sa.Boolean, nullable=False),
        sa.Column("rows", sa.Text, nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("member_id", sa.Integer),
        sa.Column("member_name", sa.Text),
        sa.Column("skipped", UtcTime),
        sa.Column("made_for", UtcTime),
        sa.Column("looked_at", UtcTime, nullable=False),
        sa.Column("next_at", UtcTime),
        sa.Column("is_awaited", sa.Boolean, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
    )
    op.add_column("aim", sa.Column("is_weekly", sa.Boolean, nullable=False, server_default=sa.false()))
