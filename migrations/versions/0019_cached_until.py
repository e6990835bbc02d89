"""Until when Zaptec may repeat its last answer about a charger's state."""

import sqlalchemy as sa
from alembic import op

from dashboard.database import UtcTime

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.add_column("snapshot", sa.Column("cached_until", UtcTime))
