"""The pair of keys that pushes are signed with."""

import sqlalchemy as sa
from alembic import op

from dashboard.database import UtcTime

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.create_table(
        "push_key",
        sa.Column("secret_name", sa.String(32), primary_key=True),
        sa.Column("sealed", sa.Text, nullable=False),
        sa.Column("made_at", UtcTime, nullable=False),
    )
