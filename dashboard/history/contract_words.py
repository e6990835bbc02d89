"""The sentences about contracts."""

from __future__ import annotations

from datetime import date, datetime

from dashboard import formats
from dashboard.history.cost_orders import CostsFixed
from dashboard.tariff.clock_range import clock_range
from dashboard.tariff.contract import ONE_DAY, ClockPrice, Contract, ContractKind, SpotTerms
from dashboard.tariff.contracts import PricedStretch
from dashboard.tariff.kwh_price import KwhPrice, clock_kwh_price
from dashboard.texts import _


def what(contract: Contract) -> str:
    """A contract in the list: its price, or how it goes."""
    if isinstance(contract.energy, SpotTerms):
        return _("by the hour, %s") % contract.energy.area
    if contract.kind is ContractKind.BY_THE_CLOCK or contract.grid.hours:
        return _("by the clock")
    price = clock_kwh_price(contract, contract.energy.base_micro, contract.grid.base_micro)
    return f"{formats.price(price.micro_per_kwh, contract.currency)}/kWh"


def in_list(contract: Contract) -> str:
    """The same where there is room: “by the clock, 0.85–1.45 kr/kWh”."""
    energy, told = contract.energy, what(contract)
    if not isinstance(energy, ClockPrice) or not contract.goes_by_the_time:
        return told
    lowest, highest = clock_range(contract, energy)
    prices = f"{formats.amount(lowest, contract.currency):f}–{formats.money(highest, contract.currency)}"
    return f"{told}, {prices}/kWh"


def amount(stretch: PricedStretch, currency: str | None) -> str:
    """What a kWh costs, as it is shown."""
    return formats.money(stretch.price.micro_per_kwh if stretch.price else None, currency)


def now(stretch: PricedStretch, currency: str | None) -> str:
    price = amount(stretch, currency)
    if stretch.price is None:
        return _("The price of this hour is not known yet.")
    if (stretch.end - stretch.begin).days:
        return _("Now %s per kWh.") % price
    return _("Now %(price)s per kWh, until %(until)s.") % {"price": price, "until": formats.clock(stretch.end)}


def price_at(at: datetime, price: KwhPrice | None, currency: str) -> str:
    """“Sat 28 November 2026, 18:00: 2.31 kr per kWh”."""
    when = f"{formats.calendar_day(formats.local(at).date())}, {formats.clock(at)}"
    if price is None:
        return _("%s: the price is not known") % when
    per_kwh = formats.price(round(price.micro_per_kwh, -2), currency)
    return _("%(when)s: %(price)s per kWh") % {"when": when, "price": per_kwh}


def day(day: date, today: date) -> str:
    names = {today: _("Today"), today + ONE_DAY: _("Tomorrow")}
    return names.get(day) or formats.calendar_day(day)


def stretch(name: str, stretch: PricedStretch, contract: Contract) -> str:
    """“Tomorrow 18:00–19:00: 2.31 kr, of which grid fee 0.62 kr”."""
    span = f"{name} {formats.clock(stretch.begin)}–{formats.clock(stretch.end)}"
    if stretch.price is None:
        return _("%s: not known yet") % span
    price = formats.money(stretch.price.micro_per_kwh, contract.currency)
    if not stretch.price.grid:
        return f"{span}: {price}"
    with_vat = stretch.price.grid * (1_000_000 + contract.vat_micro) // 1_000_000
    grid = formats.money(with_vat, contract.currency)
    return _("%(span)s: %(price)s, of which grid fee %(grid)s") % {"span": span, "price": price, "grid": grid}


def overlap(one: int, other: int) -> str:
    return _("Hours %(one)d and hours %(other)d overlap: where both hold, hours %(one)d count.") % {
        "one": one,
        "other": other,
    }


def saved(fixed: CostsFixed) -> str:
    if not fixed.is_all:
        return _("The contract is saved. Sessions without a cost are getting theirs; that takes some seconds.")
    if not fixed.changed:
        return _("The contract is saved. Sessions that have a cost keep it.")
    return _("The contract is saved; sessions that have got a cost by it: %d.") % fixed.changed


def switch_on(host: str) -> str:
    """Of a contract by the hour whose source is off."""
    return _("Its prices come once %s is switched on under More, What leaves the house.") % host


def day_taken(since: str) -> str:
    return _("There is a price or a contract %s already. Change that one.") % since
