"""What waiting for cheap hours saved is fixed with a session's cost; of sessions booked before, nobody knows."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    op.add_column("charge_session", sa.Column("saved_micro", sa.BigInteger))
