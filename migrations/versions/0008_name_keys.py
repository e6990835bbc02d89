"""Names compared without what cannot be seen: the keys of the names that are there, made anew."""

import sqlalchemy as sa
from alembic import op

from dashboard.household.names import name_key

revision = "0008"
down_revision = "0005"

member = sa.table("member", sa.column("id", sa.Integer), sa.column("name", sa.Text), sa.column("name_key", sa.Text))


def upgrade() -> None:
    connection = op.get_bind()
    people = connection.execute(sa.select(member).order_by(member.c.id)).all()
    taken = {person.name_key for person in people}
    for person in people:
        key = name_key(person.name)
        if key and key not in taken:  # else two names looked the same: the other one keeps it
            taken.add(key)
            connection.execute(member.update().where(member.c.id == person.id).values(name_key=key))
