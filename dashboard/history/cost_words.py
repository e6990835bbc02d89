"""The sentences about what made a cost."""

from __future__ import annotations

from datetime import timedelta

from dashboard import formats
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


def why_notes(*, has_bound: bool, are_parts_kept: bool) -> list[str]:
    notes = []
    if has_bound:
        notes.append(
            _("± because the price changes more often than the charger tells its energy, which is spread evenly.")
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
