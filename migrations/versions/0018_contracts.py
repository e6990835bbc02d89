"""A price of the list may be a contract; one that was there before is a contract of one price and nothing else."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.add_column("price", sa.Column("terms", sa.Text))
