"""A share keeps its cost by part, as whole numbers that add up to it: a year of them is summed for each page."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

PARTS = ("energy", "mark_up", "grid", "tax", "vat", "support")
MICRO = 1_000_000
AT_ONCE = 5_000


def upgrade() -> None:
    for part in PARTS:
        op.add_column("charge_share", sa.Column(f"{part}_micro", sa.BigInteger))
    _fill(op.get_bind())


def _fill(connection: sa.Connection) -> None:
    share = sa.table(
        "charge_share",
        *(sa.column(name) for name in ("session_id", "position", "energy_mwh", "cost_micro", "price")),
        *(sa.column(f"{part}_micro") for part in PARTS),
    )
    key = sa.tuple_(share.c.session_id, share.c.position)
    this = sa.and_(share.c.session_id == sa.bindparam("b_id"), share.c.position == sa.bindparam("b_position"))
    change = sa.update(share).where(this).values({f"{part}_micro": sa.bindparam(f"b_{part}") for part in PARTS})
    known = (share.c.price.is_not(None), share.c.cost_micro.is_not(None))
    query = sa.select(share).where(*known).order_by(share.c.session_id, share.c.position).limit(AT_ONCE)
    rows = connection.execute(query).all()
    while rows:
        connection.execute(change, [_values(row) for row in rows])
        last = sa.tuple_(sa.literal(rows[-1].session_id), sa.literal(rows[-1].position))
        rows = connection.execute(query.where(key > last)).all()


def _values(row: sa.Row[Any]) -> dict[str, int]:
    price = json.loads(row.price)
    micro = {part: _rounded(row.energy_mwh * price.get(part, 0), MICRO) for part in PARTS}
    largest = max(micro, key=lambda part: abs(micro[part]))
    micro[largest] += row.cost_micro - sum(micro.values())
    return {"b_id": row.session_id, "b_position": row.position} | {f"b_{part}": micro[part] for part in PARTS}


def _rounded(numerator: int, denominator: int) -> int:
    """Half to even."""
    whole, rest = divmod(numerator, denominator)
    return whole + (2 * rest > denominator or (2 * rest == denominator and whole % 2 == 1))
