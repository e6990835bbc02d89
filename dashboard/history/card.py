"""What the history adds to a charger's card: the cost so far, the last session, this month."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Connection

from dashboard import formats
from dashboard.charger.view import ChargerView
from dashboard.history import entries, tariff, totals
from dashboard.history.entries import Entry
from dashboard.history.facts import mwh
from dashboard.history.totals import Choice, Month, Sum
from dashboard.parts import Number, Part, Section
from dashboard.texts import _
from dashboard.web.access import Role
from zaptec.situation import Situation, SituationName

WITHOUT_SESSION = (SituationName.DISCONNECTED, SituationName.NO_ACCESS, SituationName.NO_DATA)


@dataclass(frozen=True)
class Lately:
    """The last session and this month of one charger, for fragments/history_card.html."""

    last: Entry | None
    last_when: str
    month: Sum
    month_name: str
    currency: str | None


def part(connection: Connection, looked: ChargerView, found: Situation, role: Role) -> Part:
    currency = tariff.currency(connection)
    return Part(
        numbers=_cost_so_far(connection, looked, found, currency), sections=_lately(connection, looked, currency)
    )


def _cost_so_far(
    connection: Connection, looked: ChargerView, found: Situation, currency: str | None
) -> tuple[Number, ...]:
    """What the running session has cost, at the price of this moment; nothing while no price is known."""
    prices = tariff.tariff(connection, formats.zone())
    price = prices.price_at(looked.now)
    if price is None or currency is None:
        return ()
    value, unit = formats.NOTHING, ""
    energy_kwh = looked.known.state.session_energy_kwh if looked.known.state else None
    if energy_kwh is not None and found.name not in WITHOUT_SESSION:
        cost = prices.cost_micro(looked.now, mwh(Decimal(str(energy_kwh))))
        value, _space, unit = formats.money(cost, currency).partition("\N{NO-BREAK SPACE}")
    return (Number(_("Cost so far"), value, unit),)


def _lately(connection: Connection, looked: ChargerView, currency: str | None) -> tuple[Section, ...]:
    last = entries.latest(connection, looked.listed.id)
    if last is None:
        return ()
    month = Month.of(formats.local(looked.now).date())
    days = totals.by_day(connection, Choice(month.first, month.last, (looked.listed.id,)))
    lately = Lately(
        last=last,
        last_when=formats.moment_near(last.end_at, looked.now),
        month=totals.total(days.values()),
        month_name=formats.month(month.first),
        currency=currency,
    )
    return (Section("fragments/history_card.html", lately),)
