"""When whoever pressed saw that their press came to nothing."""

import sqlalchemy as sa
from alembic import op

from dashboard.database import UtcTime

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.add_column("command", sa.Column("seen_at", UtcTime))
