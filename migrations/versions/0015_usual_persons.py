"""Who usually charges with a card or at a charger."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "usual_person",
        sa.Column("charger_id", sa.String(64), primary_key=True),
        sa.Column("authorised_by", sa.String(200), primary_key=True),
        sa.Column("token_name", sa.String(200), primary_key=True),
        sa.Column("person_id", sa.Integer, nullable=False),
    )
    op.add_column(
        "charge_session", sa.Column("is_person_usual", sa.Boolean, nullable=False, server_default=sa.false())
    )
