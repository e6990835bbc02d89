"""A share keeps why its kWh cost what they did; of what was booked before, nobody wrote that down."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.add_column("charge_share", sa.Column("price", sa.Text))
