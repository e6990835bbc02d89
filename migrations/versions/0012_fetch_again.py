"""Sessions whose meter's text could not be read are fetched again however old they are, not a year back only."""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

from dashboard.database import UtcTime

revision = "0012"
down_revision = "0011"

session = sa.table(
    "charge_session", sa.column("charger_id"), sa.column("end_at", UtcTime), sa.column("fingerprint", sa.String)
)
source = sa.table(
    "history_source",
    sa.column("charger_id"),
    sa.column("filled_to", UtcTime),
    sa.column("empty_months", sa.Integer),
    sa.column("is_filled", sa.Boolean),
)


def upgrade() -> None:
    """Take the first fill up again at the newest of them; what it finds unchanged stays as it is."""
    newest = sa.select(session.c.charger_id, sa.func.max(session.c.end_at, type_=UtcTime))
    newest = newest.where(session.c.fingerprint == "").group_by(session.c.charger_id)
    for charger_id, ended_at in op.get_bind().execute(newest).all():
        month = ended_at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        month_after = (month + timedelta(days=32)).replace(day=1)
        again = {"filled_to": month_after, "empty_months": 0, "is_filled": False}
        op.execute(source.update().where(source.c.charger_id == charger_id, source.c.is_filled).values(**again))
