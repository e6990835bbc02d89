"""The sentences of the price list and of what it makes of costs."""

from __future__ import annotations

from datetime import date

from dashboard import formats
from dashboard.history.cost_orders import CostOrder, CostsFixed
from dashboard.history.tariff import FROM_THE_FIRST
from dashboard.texts import _, ngettext

# fmt: off
CURRENCIES = (
    "EUR", "NOK", "SEK", "DKK", "GBP", "CHF", "USD", "PLN", "CZK", "HUF", "RON", "BGN", "ISK", "AUD", "NZD", "CAD",
    "JPY", "SGD", "ILS", "ZAR", "TRY", "UAH", "INR", "BRL", "MXN",
)
# fmt: on


def price_unreadable() -> str:
    return _("Please enter the price as a number, such as 0.32.")


def price_out_of_range() -> str:
    return _("A price is between 0 and 1000000 per kWh.")


def date_unreadable() -> str:
    return _("Please enter the day from which the price is valid, such as 2026-03-01.")


FEW_PRICES = 3  # can be told one by one


def prices(several: list[str]) -> str:
    """“0.30 €/kWh, then 0.32 €/kWh”"""
    return _(", then ").join(_("%s/kWh") % price for price in several)


def average_price(price: str) -> str:
    return _("%s/kWh on average") % price


def since(day: date) -> str:
    """From when a price is valid."""
    if day == FROM_THE_FIRST:
        return _("from the first session on")
    return _("from %s") % formats.calendar_day(day)


def day_has_price(day: date, price: str) -> str:
    if day == FROM_THE_FIRST:
        return _("There is a price from the first session on already: %s/kWh. Change that one.") % price
    return _("There is a price from %(day)s already: %(price)s/kWh. Change that one.") % {
        "day": formats.calendar_day(day),
        "price": price,
    }


def improbable(price: str, energy_kwh: int, cost: str) -> str:
    return _(
        "Is %(price)s per kWh right? A charge of %(energy)d kWh would cost %(cost)s. If it is, tick the box below; "
        "if not, correct the price."
    ) % {"price": price, "energy": energy_kwh, "cost": cost}


def yes_it_is(price: str) -> str:
    return _("Yes, %s per kWh is right") % price


def outdone() -> str:
    return _("does not count: the price added later for the same day does")


def please_choose() -> str:
    return _("Please choose")


def currency_missing() -> str:
    return _("Please choose the currency.")


def price_added(fixed: CostsFixed) -> str:
    if not fixed.is_all:
        return _("The price is added. Sessions without a cost are getting theirs; that takes some seconds.")
    if not fixed.changed:
        return _("The price is added. Sessions that have a cost keep it.")
    done = ngettext("%d session has got a cost", "%d sessions have got a cost", fixed.changed) % fixed.changed
    return _("The price is added; %s. Sessions that had one keep it.") % done


def price_changed() -> str:
    return _("The price is changed.")


def removed(*, is_contract: bool) -> str:
    return _("The contract is removed.") if is_contract else _("The price is removed.")


def price_gone() -> str:
    return _("That price is not on the list any more. Nothing was changed.")


def what_removal_means(price: str, valid_from: date, booked: int) -> list[str]:
    """What it means to remove a price, in sentences."""
    what = _("%(price)s, %(since)s.") % {"price": price, "since": since(valid_from)}
    kept = ngettext(
        "%d session was booked with it and keeps its cost.",
        "%d sessions were booked with it and keep their cost.",
        booked,
    )
    return [
        what,
        *([kept % booked] if booked else []),
        _("New sessions are booked by the prices that are left."),
    ]


def recalculate_year(year: int) -> str:
    return _("Recalculate %s") % year


def recalculate_price() -> str:
    return _("The price is changed. Recalculate what was booked with the old one?")


def recalculate_button(year: int | None, count: int) -> str:
    if year is not None:
        return recalculate_year(year)
    return ngettext("Recalculate %d session", "Recalculate %d sessions", count) % count


def comparing(done: int, sessions: int) -> str:
    return _("Comparing the costs: %(done)d of %(sessions)d sessions.") % {"done": done, "sessions": sessions}


def fixing(done: int, sessions: int) -> str:
    told = _("Costs are being worked out: %(done)d of %(sessions)d sessions.")
    return told % {"done": done, "sessions": sessions}


def under_way(order: CostOrder | None) -> str:
    """That costs change while one looks; empty where they do not."""
    return fixing(order.done, order.sessions) if order else ""


def costs_are_done() -> str:
    return _("The costs are worked out; Activity says how many were changed.")


def prices_changed_meanwhile() -> str:
    return _("The prices have changed since you looked. Here is the new difference; nothing was recalculated.")


def recalculated(count: int) -> str:
    return ngettext("The cost of %d session was changed.", "The cost of %d sessions was changed.", count) % count


def sessions_of(count: int) -> str:
    """What the number beside it counts."""
    return ngettext("session", "sessions", count)


def nothing_to_recalculate() -> str:
    return _("Nothing would change: every session costs what today’s prices give.")


def without_price(energy_mwh: int) -> str:
    return _("%s kWh of it have no price yet.") % formats.kwh(energy_mwh)
