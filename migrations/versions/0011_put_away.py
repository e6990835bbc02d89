"""Chargers that have left the account and that an owner has put away."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column(
        "charger", sa.Column("is_put_away", sa.Boolean, nullable=False, server_default=sa.text("false"))
    )
