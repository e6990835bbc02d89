"""What the history adds to a charger's card: the cost so far, the price now, the last session, this month."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Connection

from dashboard import formats
from dashboard.charger.view import ChargerView
from dashboard.history import price_now, sessions, tariff, totals, words
from dashboard.history.session_values import mwh
from dashboard.history.sessions import BookedSession
from dashboard.history.totals import ChargeSum, Choice, Month
from dashboard.parts import Number, Part, Section
from dashboard.web.access import Role
from zaptec.sessions import CompletedSession
from zaptec.situation import Situation, SituationName

WITHOUT_SESSION = (SituationName.DISCONNECTED, SituationName.NO_ACCESS, SituationName.NO_DATA)


@dataclass(frozen=True)
class Lately:
    """The last session and this month of one charger, for history/lately.html."""

    last: BookedSession
    last_when: str
    month: ChargeSum
    month_name: str
    energy_not_known: str
    currency: str | None


def part(connection: Connection, view: ChargerView, situation: Situation, role: Role) -> Part:
    currency = tariff.currency(connection)
    return Part(
        numbers=_cost_so_far(connection, view, situation, currency),
        sections=_price_now(connection, view, currency) + _lately(connection, view, currency),
    )


def _cost_so_far(
    connection: Connection, view: ChargerView, situation: Situation, currency: str | None
) -> tuple[Number, ...]:
    """What the running session has cost; nothing while there is none, or its price may have changed."""
    prices = tariff.tariff(connection, formats.zone())
    energy_kwh = view.snapshot.state.session_energy_kwh if view.snapshot.state else None
    if not energy_kwh or currency is None or situation.name in WITHOUT_SESSION:
        return ()
    contract = prices.contracts.contract_at(view.now)
    if contract is None or contract.goes_by_the_time:
        return ()
    cost = prices.cost_micro(view.now, mwh(Decimal(str(energy_kwh))))
    if cost is None:
        return ()
    value, _space, unit = formats.money(cost, currency).partition("\N{NO-BREAK SPACE}")
    return (Number(words.cost_so_far(), value, unit),)


def _price_now(connection: Connection, view: ChargerView, currency: str | None) -> tuple[Section, ...]:
    """What a kWh costs now and in the hours to come, where that changes with the time."""
    told = price_now.price_now(tariff.tariff(connection, formats.zone()).contracts, view.now, currency)
    return (Section("history/price_now.html", told),) if told else ()


def _lately(connection: Connection, view: ChargerView, currency: str | None) -> tuple[Section, ...]:
    last = sessions.latest(connection, view.charger.id, _told_id(view))
    if last is None:
        return ()
    month = Month.of(formats.local(view.now).date())
    days = totals.by_day(connection, Choice(month.first, month.last, (view.charger.id,)))
    lately = Lately(
        last=last,
        last_when=words.until(last, view.now),
        month=totals.total(days.values()),
        month_name=formats.month(month.first),
        energy_not_known=words.energy_not_known(),
        currency=currency,
    )
    return (Section("history/lately.html", lately),)


def _told_id(view: ChargerView) -> str | None:
    """The id of the session that the charger calls its last; None where it cannot be read."""
    text = view.snapshot.state.last_session_text if view.snapshot.state else None
    try:
        return CompletedSession.from_observation(text or "", view.charger.id).id
    except ValueError:
        return None
