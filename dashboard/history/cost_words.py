"""The sentences about what made a cost."""

from __future__ import annotations

from datetime import timedelta

from dashboard import formats
from dashboard.history.totals import ChargeSum
from dashboard.tariff.kwh_price import KwhPrice, SpotUsed
from dashboard.texts import _, mark

HOUR = timedelta(hours=1)
# In the order of a bill; each but VAT without it.
PARTS = {
    "energy": mark("energy"),
    "mark_up": mark("mark-up"),
    "grid": mark("grid fee"),
    "tax": mark("tax"),
    "vat": mark("VAT"),
    "support": mark("support"),
}


# The same as rows of a table.
ROWS = {
    "energy": mark("Energy"),
    "mark_up": mark("Mark-up"),
    "grid": mark("Grid fee"),
    "tax": mark("Tax"),
    "vat": mark("VAT"),
    "support": mark("Support"),
}
SAVED = mark("At the month’s mean price it would have been %(mean)s: charging when it was cheap saved %(saved)s.")
COST_MORE = mark(
    "At the month’s mean price it would have been %(mean)s: charging when it was dear cost %(saved)s more."
)
YEAR_SAVED = mark(
    "At each month’s mean price it would have been %(mean)s: charging when it was cheap saved %(saved)s."
)
YEAR_COST_MORE = mark(
    "At each month’s mean price it would have been %(mean)s: charging when it was dear cost %(saved)s more."
)


def waiting_saved(saved_micro: int | None, cost_micro: int | None, currency: str | None) -> str:
    """What waiting for cheap hours came to in a session; empty where that is nothing, or not known."""
    if saved_micro is None or cost_micro is None or currency is None or not formats.amount(saved_micro, currency):
        return ""
    values = {
        "saved": formats.money(abs(saved_micro), currency),
        "at_once": formats.money(cost_micro + saved_micro, currency),
    }
    if saved_micro > 0:
        return (
            _("Waiting for cheap hours saved about %(saved)s: charged at once, it would have been %(at_once)s.")
            % values
        )
    return (
        _("Waiting for cheap hours cost about %(saved)s more: charged at once, it would have been %(at_once)s.")
        % values
    )


def waiting_saved_in(saved_micro: int, sessions: int, currency: str | None) -> str:
    """The same of several sessions."""
    if currency is None or not formats.amount(saved_micro, currency):
        return ""
    values = {"saved": formats.money(abs(saved_micro), currency), "count": sessions}
    if sessions == 1:
        if saved_micro > 0:
            return _("Waiting for cheap hours saved about %(saved)s in one session.") % values
        return _("Waiting for cheap hours cost about %(saved)s more in one session.") % values
    if saved_micro > 0:
        return _("Waiting for cheap hours saved about %(saved)s in %(count)s sessions.") % values
    return _("Waiting for cheap hours cost about %(saved)s more in %(count)s sessions.") % values


def rows_of(charged: ChargeSum) -> list[tuple[str, int]]:
    """What a cost is made of: each part that is not 0, as they stand on a bill; nothing where there is but one."""
    told = [(_(ROWS[part]), micro) for part, micro in charged.parts_micro.items()]
    if charged.untold_micro:
        told.append((_("Booked before its parts were kept"), charged.untold_micro))
    return told if len(told) > 1 else []


def at_mean_price(mean_micro: int, cost_micro: int, currency: str) -> str:
    """What the same energy would have cost at the month's mean price, and what that says."""
    saved = mean_micro - cost_micro
    if not formats.amount(saved, currency):
        return _("At the month’s mean price it would have been the same.")
    return _(SAVED if saved > 0 else COST_MORE) % _at_mean(mean_micro, saved, currency)


def at_mean_prices(mean_micro: int, cost_micro: int, currency: str) -> str:
    """The same of a year."""
    saved = mean_micro - cost_micro
    if not formats.amount(saved, currency):
        return _("At each month’s mean price it would have been the same.")
    return _(YEAR_SAVED if saved > 0 else YEAR_COST_MORE) % _at_mean(mean_micro, saved, currency)


def _at_mean(mean_micro: int, saved_micro: int, currency: str) -> dict[str, str]:
    return {"mean": formats.money(mean_micro, currency), "saved": formats.money(abs(saved_micro), currency)}


def what_mean_price(mean_micro: int | None, currency: str, *, are_all_known: bool) -> str:
    """Which mean that is; None: there is more than one, as when the contract changed within the month."""
    if mean_micro is None and are_all_known:
        return _("Each contract counts at the mean of all its hours in the month.")
    if mean_micro is None:
        return _("Each contract counts at the mean of its hours in the month, as far as their prices are known.")
    price = formats.price(round(mean_micro, -2), currency)
    if are_all_known:
        return _("The mean of all hours of the month is %s per kWh.") % price
    return _("The mean of the month’s hours, as far as their prices are known, is %s per kWh.") % price


def what_mean_prices(*, are_all_known: bool) -> str:
    """Which means those are."""
    if are_all_known:
        return _("Each month counts at the mean of all its hours.")
    return _("Each month counts at the mean of its hours, as far as their prices are known.")


def per_kwh(micro: int, currency: str) -> str:
    """With four digits behind the point at most."""
    return formats.price(round(micro, -2), currency)


def parts(price: KwhPrice, currency: str) -> str:
    """“energy 0.80 kr · grid fee 0.31 kr · VAT 0.28 kr”; empty where the price has one part and no more to tell."""
    told = [
        f"{_(name)} {per_kwh(micro, currency)}" for part, name in PARTS.items() if (micro := getattr(price, part))
    ]
    if price.spot is None:
        return " · ".join(told) if len(told) > 1 else ""
    return " · ".join([*told, _spot(price.spot, currency)])


def _spot(spot: SpotUsed, currency: str) -> str:
    values = {"price": per_kwh(spot.micro, currency), "area": spot.area, "source": spot.source}
    if spot.step == HOUR:
        return _("on the exchange %(price)s in the mean of the hour (%(area)s, %(source)s)") % values
    return _("on the exchange %(price)s (%(area)s, %(source)s)") % values


def bound(micro: int, currency: str) -> str:
    """“± 0.08”; empty where it is too little to be paid."""
    amount = formats.amount(micro, currency)
    return f"±\N{NO-BREAK SPACE}{amount:f}" if amount else ""


def why_notes(has_bound: bool, *, has_readings: bool, are_parts_kept: bool) -> list[str]:
    notes = []
    if has_bound and has_readings:
        notes.append(
            _("± because the price changes more often than the charger tells its energy, which is spread evenly.")
        )
    elif has_bound:
        notes.append(
            _("± because nothing tells when in this time the energy flowed; it costs what a kWh did at the end.")
        )
    if not are_parts_kept:
        notes.append(_("What makes up the price was not kept when this session was booked."))
    return notes


def price_now(micro: int | None, changed: tuple[str, int | None] | None, currency: str) -> str:
    """The price of this moment, and with `changed` from when it is another; None: not known."""
    values = {"now": formats.money(micro, currency)}
    if changed is not None:
        values |= {"at": changed[0], "then": formats.money(changed[1], currency)}
    if micro is None:
        if changed is None:
            return _("not known now")
        return _("not known now, %(then)s from %(at)s") % values
    if changed is None:
        return _("%(now)s now") % values
    if changed[1] is None:
        return _("%(now)s now, not known yet from %(at)s") % values
    return _("%(now)s now, %(then)s from %(at)s") % values
