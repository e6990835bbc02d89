"""The sentences of the price list and of what it makes of costs."""

from __future__ import annotations

from dashboard import formats
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


def day_has_price(day: str, price: str) -> str:
    return _(
        "There is a price from %(day)s already: %(price)s/kWh. To have another hold from that day, remove it first."
    ) % {"day": day, "price": price}


def outdone() -> str:
    return _("does not count: the price added later for the same day does")


def please_choose() -> str:
    return _("Please choose")


def currency_missing() -> str:
    return _("Please choose the currency.")


def price_added(priced: int) -> str:
    if not priced:
        return _("The price is added. Sessions that have a cost keep it.")
    done = ngettext("%d session has got a cost", "%d sessions have got a cost", priced) % priced
    return _("The price is added; %s. Sessions that had one keep it.") % done


def price_removed() -> str:
    return _("The price is removed. Sessions that have a cost keep it; Recalculate shows what would change.")


def prices_changed_meanwhile() -> str:
    return _("The prices have changed since you looked. Here is the new difference; nothing was changed.")


def recalculated(count: int) -> str:
    return ngettext("The cost of %d session was changed.", "The cost of %d sessions was changed.", count) % count


def nothing_to_recalculate() -> str:
    return _("Nothing would change: every session has the cost that today’s price list gives.")


def without_price(energy_mwh: int) -> str:
    return _("%s kWh of it have no price yet.") % formats.kwh(energy_mwh)
