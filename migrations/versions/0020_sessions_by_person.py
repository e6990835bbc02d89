"""Sessions that are not assigned, found quickly among years of others."""

from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_index(
        "ix_charge_session_charger_id_person_id", "charge_session", ["charger_id", "person_id"]
    )
