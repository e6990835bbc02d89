"""The sentences of the history, for people who know nothing of interfaces and databases."""

from __future__ import annotations

from datetime import datetime, timedelta

from dashboard import formats, reasons
from dashboard.history.fetching import Progress
from dashboard.history.sessions import Entry
from dashboard.history.totals import GUEST
from dashboard.texts import _, ngettext

MINUS = "\N{MINUS SIGN}"
# fmt: off
CURRENCIES = (
    "EUR", "NOK", "SEK", "DKK", "GBP", "CHF", "USD", "PLN", "CZK", "HUF", "RON", "BGN", "ISK", "AUD", "NZD", "CAD",
    "JPY", "SGD", "ILS", "ZAR", "TRY", "UAH", "INR", "BRL", "MXN",
)
# fmt: on


def progress(now: Progress, at: datetime) -> str:
    """How the collecting stands, or nothing where there is nothing to say."""
    if now.failure:
        reason = reasons.reason(now.failure)
        again = formats.moment_near(now.again_at, at)
        return _("%(reason)s, so newer sessions may be missing here. It is tried again at %(time)s.") % {
            "reason": reason,
            "time": again,
        }
    if now.is_filled:
        return ""
    if now.filled_to is None:
        return _("The history is being fetched from Zaptec.")
    month = formats.month(now.filled_to.date())
    return _("The history is being fetched from Zaptec, newest first. It reaches back to %s so far.") % month


def collected(now: Progress, at: datetime) -> str:
    return _("Fetched from Zaptec: %s.") % formats.moment_near(now.collected_at, at) if now.collected_at else ""


def person(id: int | None, name: str | None, names: dict[int, str]) -> str:
    """Whose charge it was; empty where nobody has said."""
    if id is None:
        return ""
    return _("A guest") if id == GUEST else names.get(id, name or "")


def nobody() -> str:
    return _("Nobody has said")


def how_long(time: timedelta) -> str:
    """“13 h 8 min”"""
    minutes = round(time.total_seconds() / 60)
    hours, minutes = divmod(minutes, 60)
    days, rest = divmod(hours, 24)
    if days:
        return f"{days} d {rest} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def sessions(count: int) -> str:
    return ngettext("%d session", "%d sessions", count) % count


def flags(entry: Entry) -> list[str]:
    """What is odd about a session, shortest form, for lists."""
    found = []
    if entry.is_voided:
        found.append(_("void"))
    if entry.is_aborted:
        found.append(_("aborted"))
    if not entry.is_counted and entry.replaced_by and not (entry.is_voided or entry.is_aborted):
        found.append(_("corrected"))
    if not entry.has_reliable_clock:
        found.append(_("times uncertain"))
    if entry.is_offline:
        found.append(_("recorded offline"))
    return found


def flag_sentences(entry: Entry) -> list[str]:
    """The same as sentences, for the session's own page."""
    found = []
    if entry.is_voided:
        found.append(_("Zaptec has declared this session void. It does not count in any total."))
    if entry.is_aborted:
        found.append(_("This session was broken off before it began. It does not count in any total."))
    if not entry.is_counted and entry.replaced_by and not (entry.is_voided or entry.is_aborted):
        found.append(_("Zaptec has corrected this session by a later record. Only that one counts."))
    if not entry.has_reliable_clock:
        found.append(_("The charger’s clock was not sure, so the times are a guess."))
    if entry.is_offline:
        found.append(_("Recorded while the charger was offline, and sent later."))
    if entry.stopped_by_rfid:
        found.append(_("Ended with a card or key fob."))
    if entry.source == "observation":
        found.append(_("This is what the charger itself said; Zaptec’s own record follows."))
    return found


def formula(entry: Entry) -> str:
    """149.119 − 140.121 = 8.998 kWh"""
    last, first = formats.kwh(entry.meter_last_mwh, 3), formats.kwh(entry.meter_first_mwh, 3)
    return f"{last} {MINUS} {first} = {formats.kwh(entry.meter_mwh, 3)} kWh".replace("= -", f"= {MINUS}")


def meter_agrees() -> str:
    return _("The meter’s end minus its beginning is the session’s energy.")


def meter_differs(entry: Entry) -> str:
    difference = formats.kwh(abs((entry.meter_mwh or 0) - entry.energy_mwh), 3)
    energy = formats.kwh(entry.energy_mwh, 3)
    return _("The session says %(energy)s kWh, which is %(difference)s kWh away from that.") % {
        "energy": energy,
        "difference": difference,
    }


def no_meter() -> str:
    return _("This session came without readings of the meter, so there is nothing to check it against.")


def readings_agree(energy_mwh: int) -> str:
    return _("The readings in between add up to %s kWh: the session’s energy.") % formats.kwh(energy_mwh, 3)


def readings_differ(energy_mwh: int) -> str:
    return _("The readings in between add up to %s kWh, which is not the session’s energy.") % formats.kwh(
        energy_mwh, 3
    )


def before_agrees(meter_mwh: int) -> str:
    return _("The session before ended at %s kWh, where this one begins.") % formats.kwh(meter_mwh, 3)


def before_differs(meter_mwh: int, difference_mwh: int) -> str:
    return _("The session before ended at %(meter)s kWh: the meter counted %(difference)s kWh in between.") % _gap(
        meter_mwh, difference_mwh
    )


def before_unknown() -> str:
    return _("The session before has no reading of the meter to compare with.")


def after_agrees(meter_mwh: int) -> str:
    return _("The session after begins at %s kWh, where this one ends.") % formats.kwh(meter_mwh, 3)


def after_differs(meter_mwh: int, difference_mwh: int) -> str:
    return _("The session after begins at %(meter)s kWh: the meter counted %(difference)s kWh in between.") % _gap(
        meter_mwh, difference_mwh
    )


def after_unknown() -> str:
    return _("The session after has no reading of the meter to compare with.")


def _gap(meter_mwh: int, difference_mwh: int) -> dict[str, str]:
    return {"meter": formats.kwh(meter_mwh, 3), "difference": formats.kwh(difference_mwh, 3).replace("-", MINUS)}


def signature(entry: Entry) -> str:
    if entry.is_signed:
        return _("The readings are signed; the signature is not checked here.")
    return _("This charger does not sign its readings: good for a household, not for selling electricity.")


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


def currency_missing() -> str:
    return _("Please choose the currency.")


def price_added(priced: int) -> str:
    if not priced:
        return _("The price is added. Sessions that have a cost keep it.")
    done = ngettext("%d session has got a cost", "%d sessions have got a cost", priced) % priced
    return _("The price is added; %s. Sessions that had one keep it.") % done


def price_removed() -> str:
    return _("The price is removed. Sessions that have a cost keep it; Recalculate shows what would change.")


def range_unreadable() -> str:
    return _(
        "Please enter a month, such as 2026-03, or two days, the first not after the last, such as 2026-01-01 and "
        "2026-03-31."
    )


def prices_changed_meanwhile() -> str:
    return _("The prices have changed since you looked. Here is the new difference; nothing was changed.")


def recalculated(count: int) -> str:
    return ngettext("The cost of %d session was changed.", "The cost of %d sessions was changed.", count) % count


def nothing_to_recalculate() -> str:
    return _("Nothing would change: every session has the cost that today’s price list gives.")


def whose(name: str) -> str:
    return _("Noted: %s.") % name if name else _("Noted: nobody has said whose charge this was.")


def unknown_person() -> str:
    return _("Nobody of that name is in the household any more. Nothing was changed.")


def without_price(energy_mwh: int) -> str:
    return _("%s kWh of it have no price yet.") % formats.kwh(energy_mwh)
