"""Why a session cost what it did: the prices of its shares with their parts, as they were when it was booked."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from dashboard import formats
from dashboard.history import cost_words, tariff
from dashboard.history.sessions import BookedSession
from dashboard.history.shares import Interval, cut_readings
from dashboard.history.tables import charge_session, charge_share
from dashboard.history.tariff import Tariffs
from dashboard.services import current_services
from dashboard.tariff import price_text
from dashboard.tariff.bounds import bound_micro
from dashboard.tariff.contract import MICRO
from dashboard.tariff.kwh_price import KwhPrice


@dataclass(frozen=True)
class ShareReason:
    """One share; `parts` is empty where there is one only, or nobody kept them."""

    begin: str
    energy_mwh: int
    per_kwh: str
    parts: str
    cost_micro: int


@dataclass(frozen=True)
class CostReasons:
    """The shares of a session, and by how much its cost may be off: “± 0.08”, or nothing."""

    rows: list[ShareReason]
    bound: str
    notes: list[str]


def read(connection: Connection, session: BookedSession, intervals: Sequence[Interval]) -> CostReasons | None:
    """None where the session has no cost, or none yet."""
    table, currency = charge_share.c, tariff.currency(connection)
    query = select(table.begin_at, table.energy_mwh, table.cost_micro, table.price)
    shares = connection.execute(query.where(table.session_id == session.id).order_by(table.position)).all()
    if not shares or currency is None or any(share.cost_micro is None for share in shares):
        return None
    prices = [price_text.from_text(share.price) if share.price else None for share in shares]
    micro = _bound(session, intervals, [share.begin_at for share in shares], prices)
    if not intervals and prices[0] is not None:
        micro = _bound_of_stay(connection, session, prices[0])
    bound = cost_words.bound(micro, currency)
    return CostReasons(
        rows=[_row(share, price, currency) for share, price in zip(shares, prices, strict=True)],
        bound=bound,
        notes=cost_words.why_notes(bool(bound), has_readings=bool(intervals), are_parts_kept=None not in prices),
    )


def _row(share: Any, price: KwhPrice | None, currency: str) -> ShareReason:
    local = formats.local(share.begin_at)
    # Of what was booked before prices were kept, the price is what was paid.
    micro = price.micro_per_kwh if price else round(share.cost_micro * MICRO / share.energy_mwh)
    return ShareReason(
        begin=f"{formats.short_day(local)}, {formats.clock(share.begin_at)}",
        energy_mwh=share.energy_mwh,
        per_kwh=cost_words.per_kwh(micro, currency),
        parts=cost_words.parts(price, currency) if price else "",
        cost_micro=share.cost_micro,
    )


def _bound(
    session: BookedSession,
    intervals: Sequence[Interval],
    begins: Sequence[datetime],
    prices: Sequence[KwhPrice | None],
) -> int:
    """By how much the cost may be off, in millionths: nobody knows when inside a reading its energy flowed.

    The prices that were kept tell it, so that what is learnt or changed later does not move it.
    """
    known = [price for price in prices if price is not None]
    if len(known) < len(prices):
        return 0

    def changes(begin: datetime, end: datetime) -> list[datetime]:
        return [at for at in begins if begin < at < end]

    def price_at(moment: datetime) -> KwhPrice:
        return known[max(bisect_right(begins, moment) - 1, 0)]

    readings = cut_readings(session.start_at, session.energy_mwh, intervals, formats.zone(), changes)
    priced = ([(share.energy_mwh, price_at(share.begin)) for share in reading] for reading in readings)
    return sum(map(bound_micro, priced))


def _bound_of_stay(connection: Connection, session: BookedSession, booked: KwhPrice) -> int:
    """The same where nothing tells when in the whole stay the energy flowed: it is booked at its end's price."""
    state = connection.execute(select(charge_session.c.priced_in).where(charge_session.c.id == session.id)).scalar()
    contracts = Tariffs(connection, current_services().zone).of(session.charger_id, state).contracts
    held = [stretch.price for stretch in contracts.between(session.start_at, session.end_at)]
    return bound_micro([(session.energy_mwh, booked), *((0, price) for price in held if price is not None)])
