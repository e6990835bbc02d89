"""What a statement holds, each figure from the very lines that stand in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from dashboard import formats
from dashboard.charger import chargers
from dashboard.history import mean_price, price_words, sessions, tariff, totals, usual, whose_words, words
from dashboard.history.page import Scope
from dashboard.history.sessions import BookedSession
from dashboard.history.tables import charge_session, charge_share
from dashboard.history.tariff import Tariffs
from dashboard.history.totals import ChargeSum, Choice
from dashboard.services import current_services
from dashboard.tariff.contract import MICRO


@dataclass(frozen=True)
class StatementLine:
    """One session of a statement; `start` and `end` are a day and a time, for a column each.

    Attributes:
        meter: what the meter stood at when it began and when it ended; empty where nobody knows.
    """

    session: BookedSession
    start: tuple[str, str]
    end: tuple[str, str]
    charger: str
    person: str
    meter: str
    flags: str


@dataclass(frozen=True)
class ChargerFacts:
    """One charger as an employer wants it told; what is empty or None is not known.

    Attributes:
        serial_no: private; empty but for owners.
        meter_first_mwh, meter_last_mwh: at the beginning of the first session of the statement, and at the end of
            the last.
    """

    name: str
    address: str
    serial_no: str
    meter_first_mwh: int | None
    meter_last_mwh: int | None


@dataclass(frozen=True)
class Statement:
    """The sessions of some days, with what they are summed up to.

    Attributes:
        name: whose they are; empty where they are everybody's.
        price: what a kWh has cost, in words; empty where none was priced.
    """

    name: str
    chargers: list[ChargerFacts]
    price: str
    lines: list[StatementLine]
    total: ChargeSum
    per_charger: list[tuple[str, ChargeSum]]
    per_person: list[tuple[str, ChargeSum]]
    at_mean_price: list[str]

    @property
    def tells_meter(self) -> bool:
        return any(line.meter for line in self.lines)

    @property
    def tells_person(self) -> bool:
        return not self.name and any(line.person for line in self.lines)

    @property
    def has_uncertain_times(self) -> bool:
        return any(not line.session.has_reliable_clock for line in self.lines)


def read(
    connection: Connection, seen: Scope, choice: Choice, person_id: int | None, *, is_owner: bool
) -> Statement:
    """The statement of some days: of everybody, or of one person."""
    names = whose_words.people(connection)
    listed = sessions.of_period(connection, choice, person_id=person_id, with_uncounted=False, oldest_first=True)
    total = totals.total(_sum(session) for session in listed)
    is_told_apart = usual.is_told_apart(connection)
    lines = [_line(session, seen, names if is_told_apart else {}) for session in listed]
    everybody = "" if is_told_apart else next(iter(names.values()))
    by_person = ((line.person or whose_words.nobody(), line) for line in lines if is_told_apart)
    return Statement(
        name=everybody if person_id is None else names[person_id],
        chargers=_chargers(connection, seen, listed, is_owner=is_owner),
        price=_price(connection, choice, listed, total),
        lines=lines,
        total=total,
        per_charger=_added_up((line.charger, line) for line in lines),
        per_person=_added_up(by_person),
        at_mean_price=mean_price.of_month(connection, choice, person_id),
    )


def _sum(session: BookedSession) -> ChargeSum:
    open_mwh = session.share_mwh if session.share_cost_micro is None else 0
    return ChargeSum(session.share_mwh, session.share_cost_micro, open_mwh, session.share_parts)


def _added_up(lines: Iterable[tuple[str, StatementLine]]) -> list[tuple[str, ChargeSum]]:
    """The lines summed up by what is named with each."""
    sums: dict[str, ChargeSum] = {}
    for name, line in lines:
        sums[name] = sums.get(name, ChargeSum()) + _sum(line.session)
    return sorted(sums.items())


def _line(session: BookedSession, seen: Scope, names: dict[int, str]) -> StatementLine:
    with formats.in_zone_of(session.charger_id):
        start, end = _day_and_time(session.start_at), _day_and_time(session.end_at)
    ends = (session.meter_first_mwh, session.meter_last_mwh)
    return StatementLine(
        session=session,
        start=start,
        end=end,
        charger=seen.names.get(session.charger_id, ""),
        person=whose_words.person(session.person_id, session.person_name, names) if names else "",
        meter=" – ".join(formats.kwh(end, 3) for end in ends) if session.meter_mwh is not None else "",
        flags=", ".join(words.flags(session)),
    )


def _day_and_time(moment: datetime) -> tuple[str, str]:
    here = formats.local(moment)
    return here.date().isoformat(), formats.clock_of(here)


def _chargers(
    connection: Connection, seen: Scope, listed: Sequence[BookedSession], *, is_owner: bool
) -> list[ChargerFacts]:
    """The chargers with a session on the statement, in the household's order."""
    addresses = chargers.addresses(connection)
    facts = []
    for charger in chargers.all_chargers(connection, current_services().settings.charger_ids):
        its_own = [session for session in listed if session.charger_id == charger.id]
        if its_own and charger.id in seen.chosen:
            metered = [session for session in its_own if session.meter_mwh is not None]
            facts.append(
                ChargerFacts(
                    name=charger.name,
                    address=addresses.get(charger.as_listed.installation_id or "", ""),
                    serial_no=(charger.as_listed.serial_no or "") if is_owner else "",
                    meter_first_mwh=metered[0].meter_first_mwh if metered else None,
                    meter_last_mwh=metered[-1].meter_last_mwh if metered else None,
                )
            )
    return facts


def _price(connection: Connection, choice: Choice, listed: Sequence[BookedSession], total: ChargeSum) -> str:
    """What a kWh has cost: each price where they are few, else what it was on average."""
    currency, priced_mwh = tariff.currency(connection), total.energy_mwh - total.open_mwh
    if total.cost_micro is None or not priced_mwh:
        return ""
    prices = _prices(connection, choice, {session.id for session in listed})
    if len(prices) <= price_words.FEW_PRICES:
        return price_words.prices([formats.price(micro, currency) for micro in prices])
    average = total.cost_micro * MICRO // priced_mwh
    return price_words.average_price(formats.price(round(average, -2), currency))


def _prices(connection: Connection, choice: Choice, ids: set[int]) -> list[int]:
    """The prices by which these sessions were booked, in the order in which they held; of many, the first."""
    tariffs, share, session = Tariffs(connection, current_services().zone), charge_share.c, charge_session.c
    query = (
        select(share.session_id, share.charger_id, share.begin_at, session.priced_in)
        .join(charge_session, session.id == share.session_id)
        .where(*choice.of(charge_share), share.cost_micro.is_not(None))
        .order_by(share.begin_at)
    )
    held: dict[int, None] = {}
    for row in connection.execute(query):
        price = tariffs.of(row.charger_id, row.priced_in).price_at(row.begin_at) if row.session_id in ids else None
        if price is not None:
            held[price.micro_per_kwh] = None
        if len(held) > price_words.FEW_PRICES:  # by the hour there are thousands
            break
    return list(held)
