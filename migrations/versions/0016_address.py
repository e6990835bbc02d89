"""Where an installation is, for statements."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.add_column("installation", sa.Column("address", sa.Text))
