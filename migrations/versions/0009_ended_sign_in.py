"""Why the sign-in at Zaptec is not tried: a rejection lasts, any other lasting refusal is tried once an hour."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("account", sa.Column("ended_code", sa.String(40)))
