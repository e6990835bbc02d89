"""What the history adds to a charger's card: the cost so far, the price now, the last session, this month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Connection

from dashboard import formats
from dashboard.charger.view import ChargerView
from dashboard.history import charge_power, price_now, sessions, source_trouble, tariff_now, totals, words
from dashboard.history.cost_so_far import PowerSpan, cost_so_far
from dashboard.history.session_values import mwh
from dashboard.history.sessions import BookedSession
from dashboard.history.totals import ChargeSum, Choice, Month
from dashboard.parts import Alert, Number, Part, Section
from dashboard.plan import aims
from dashboard.tariff.contracts import Contracts
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


def part(
    connection: Connection, view: ChargerView, situation: Situation, role: Role, spans: Sequence[PowerSpan]
) -> Part:
    """The history's part of the card.

    Args:
        spans: how strongly the car has been charged so far.
    """
    kept = tariff_now.tariff_now(connection, formats.zone(), view.now, charge_power.flowed_from(spans))
    return Part(
        alerts=_alerts(connection, kept.contracts, view) if role is Role.OWNER else (),
        numbers=_cost_so_far(kept.contracts, view, situation, kept.currency, spans),
        sections=(
            *_price_now(connection, kept.contracts, view, kept.currency),
            *_lately(connection, view, kept.currency),
        ),
    )


def _alerts(connection: Connection, contracts: Contracts, view: ChargerView) -> tuple[Alert, ...]:
    """What only an owner can mend."""
    trouble = source_trouble.lasting(connection, contracts, view.now)
    return (Alert(trouble, is_quiet=True, link="more"),) if trouble else ()


def _cost_so_far(
    contracts: Contracts,
    view: ChargerView,
    situation: Situation,
    currency: str | None,
    spans: Sequence[PowerSpan],
) -> tuple[Number, ...]:
    """What the running session has cost; nothing while it has taken nothing to speak of, or nobody knows."""
    energy_kwh = (view.snapshot.state.session_energy_kwh if view.snapshot.state else None) or 0.0
    is_shown = float(formats.number(energy_kwh)) > 0  # as the card itself leaves the energy out
    if not is_shown or currency is None or situation.name in WITHOUT_SESSION:
        return ()
    cost = cost_so_far(contracts, mwh(Decimal(str(energy_kwh))), spans, view.now)
    if cost is None:
        return ()
    value, _space, unit = formats.money(cost.micro, currency).partition("\N{NO-BREAK SPACE}")
    return (Number(words.cost_so_far(is_about=cost.is_about), value, unit),)


def _price_now(
    connection: Connection, contracts: Contracts, view: ChargerView, currency: str | None
) -> tuple[Section, ...]:
    """What a kWh costs now and in the hours to come, where that changes with the time."""
    aim = aims.counting(connection, view.charger.id, view.now)
    told = price_now.price_now(contracts, view.now, currency, aim)
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
