"""What is said of an aim: what it waits for, when it is ready, why its hours are others than before."""

from __future__ import annotations

from datetime import datetime, time

from dashboard import formats
from dashboard.plan import words
from dashboard.plan.aim import Aim, AimReason
from dashboard.plan.aim_progress import Power
from dashboard.plan.planner import Block
from dashboard.tariff.sources.answer import DELIVERY_ZONE
from dashboard.texts import _, mark

OVERDUE_FROM = time(15, 0)
NEWS = {
    "prices": mark("Prices for tomorrow have come: now %(hours)s"),
    "car": mark("The car has come: now %(hours)s"),
    "ahead": mark("It charges faster than expected: now %(hours)s"),
    "behind": mark("It charges more slowly than expected: now %(hours)s"),
}
# Why it does not wait, before “Charges …”.
AT_ONCE = {
    AimReason.NO_PRICES: mark("No prices are known, so it does not wait."),
    AimReason.NO_TIME: mark("There is no time left to wait."),
    AimReason.CLOCK: mark("This dashboard’s clock may be wrong, so it does not wait."),
    AimReason.BY_HAND: mark("Resumed by hand, so it does not wait."),
}


def next_line(aim: Aim, now: datetime, *, is_charging: bool, has_car: bool) -> str:
    """What happens next, and by when the car is ready; `is_charging`: it is let charge now."""
    if aim.is_suspended:
        return suspended(aim, now)
    sentences = (
        "" if has_car else _("No car is plugged in yet."),
        _(AT_ONCE[aim.reason]) if aim.reason in AT_ONCE else "",
        _late(aim, now) if aim.is_late else _in_time(aim, now, is_charging=is_charging),
        _missing_prices(now) if aim.reason is AimReason.SOME_PRICES else "",
        _latest(aim, now) if aim.is_cheapest and not is_charging and not aim.is_late else "",
    )
    return " ".join(sentence for sentence in sentences if sentence)


def _in_time(aim: Aim, now: datetime, *, is_charging: bool) -> str:
    facts = {
        "hours": hours(aim.blocks),
        "time": formats.clock(aim.ready_by),
        "what": wanted(aim),
        "cost": cost(aim),
    }
    if aim.reason not in (AimReason.CHEAPEST, AimReason.SOME_PRICES):
        return _stops(aim, now)
    if aim.news in NEWS:
        facts["begins"] = _(NEWS[aim.news]) % facts
        return _("%(begins)s, then ready by %(time)s with %(what)s%(cost)s.") % facts
    if aim.begins_by_measuring and is_charging:
        facts["hours"] = hours(aim.blocks[1:])
        begins = _("Charges some minutes to see how much this car takes, then %(hours)s") % facts
        return _("%(begins)s: ready by %(time)s with %(what)s%(cost)s.") % (facts | {"begins": begins})
    if is_charging:
        return _("Charges in the cheap hours: %(hours)s, then ready by %(time)s with %(what)s%(cost)s.") % facts
    return _("Waits for cheaper hours: %(hours)s, then ready by %(time)s with %(what)s%(cost)s.") % facts


def _stops(aim: Aim, now: datetime) -> str:
    """Of an aim that charges at once."""
    facts = {"what": wanted(aim), "end": formats.clock(aim.ends_at), "cost": cost(aim)}
    if aim.is_until_full:
        return _("Charges until the car is full.")
    return _("Charges %(what)s, then stops: at about %(end)s%(cost)s.") % facts


def _late(aim: Aim, now: datetime) -> str:
    facts = {"what": wanted(aim), "time": formats.clock(aim.ready_by), "end": formats.clock(aim.ends_at)}
    return _("Late: not ready by %(time)s. Charges on until it has %(what)s, at about %(end)s.") % facts


def _latest(aim: Aim, now: datetime) -> str:
    return _("Starts at %s at the latest.") % formats.clock(aim.latest_start)


def _missing_prices(now: datetime) -> str:
    """The exchange tells tomorrow's at about 13:00, late or never."""
    if now.astimezone(DELIVERY_ZONE).time() < OVERDUE_FROM:
        return _("Tomorrow’s prices are still to come; it plans anew then.")
    return _("Some prices are missing; hours without a price come last.")


def suspended(aim: Aim, now: datetime) -> str:
    """Of one that somebody has paused by hand."""
    if aim.is_given_up_at(now):
        return _("Stays paused, and is not ready by %s.") % formats.clock(aim.ready_by)
    if aim.asks_at(now):
        return _("To be ready by %s it has to charge from now on: press Resume charging.") % words.near(
            aim.ready_by, now
        )
    return _("Paused by hand. To be ready by %(time)s it has to start at %(start)s at the latest.") % {
        "time": formats.clock(aim.ready_by),
        "start": formats.clock(aim.latest_start),
    }


def asks(aim: Aim, now: datetime) -> str:
    """The alert about one that was paused by hand, at its latest start."""
    facts = {"what": wanted(aim), "time": formats.clock(aim.ready_by)}
    if aim.is_given_up_at(now):
        return _("It will not be ready by %(time)s with %(what)s: it was paused by hand, and stays so.") % facts
    text = _("To be ready by %(time)s with %(what)s it has to charge from now on, but it was paused by hand.")
    return text % facts


def hours(blocks: tuple[Block, ...]) -> str:
    """“01:15–02:00, 03:00–04:30”: all of it lies within a day, so that no day need be named."""
    return ", ".join(f"{formats.clock(begin)}–{formats.clock(end)}" for begin, end in blocks)


def wanted(aim: Aim) -> str:
    return what(aim.energy_wh, aim.duration_s)


def what(energy_wh: int | None, duration_s: int | None) -> str:
    """“+20 kWh”, “4 h of charging”, “a full battery”"""
    if energy_wh is not None:
        return _("+%s kWh") % amount(energy_wh)
    if duration_s is not None:
        return _("%s h of charging") % f"{duration_s / 3600:g}"
    return _("a full battery")


def amount(energy_wh: int) -> str:
    return f"{energy_wh / 1000:g}"


def cost(aim: Aim) -> str:
    if aim.cost_micro is None or aim.currency is None:
        return ""
    return _(", about %s") % formats.money(aim.cost_micro, aim.currency)


def line(aim: Aim, now: datetime) -> str:
    """An aim as a line with a Cancel beside it."""
    text = _("Ready by %(time)s with %(what)s") % {"time": formats.clock(aim.ready_by), "what": wanted(aim)}
    parts = [text, _("cheapest hours") if aim.is_cheapest else "", so_far(aim)]
    parts.append(_("every week") if aim.is_weekly else _("set by %s") % aim.member_name if aim.member_name else "")
    return " · ".join(part for part in parts if part)


def so_far(aim: Aim) -> str:
    """How much of it has come, as exactly as the charger tells energy; nothing before its first step."""
    told_wh = 0 if aim.energy_wh is None else round(aim.done_wh / step_wh(aim.done_wh)) * step_wh(aim.done_wh)
    return _("about %s kWh so far") % amount(told_wh) if told_wh else ""


def step_wh(energy_wh: int) -> int:
    """In what steps Zaptec tells how much a session has taken."""
    return 100 if energy_wh < 1000 else 200 if energy_wh < 5000 else 500


def steps_note() -> str:
    return _("The charger tells energy in steps: it stops within about ± 0.5 kWh.")


def expected_power(power: Power) -> str:
    """How fast it is taken to charge, and since how many charges that is known."""
    kilowatts = formats.kilowatts(power.watts)
    if not power.sessions:
        return _("How fast a car charges here is not known yet: the hours are planned for %s kW.") % kilowatts
    if power.sessions == 1:
        return _("The last car here charged with about %s kW: the hours are planned for that.") % kilowatts
    text = _("Cars charge here with about %(power)s kW (the last %(count)s times): the hours are planned for that.")
    return text % {"power": kilowatts, "count": power.sessions}


def cautious_power(power: Power) -> str:
    """Of a car that is paused before anybody has seen how fast it charges."""
    text = _(
        "How fast this car charges is seen once it begins: until then the hours are planned for %s kW, to be safe."
    )
    return text % formats.kilowatts(power.watts)


def seen_power(watts: int) -> str:
    """Of a car that has charged by this aim."""
    return _("This car charges with about %s kW: the hours are planned for that.") % formats.kilowatts(watts)


def set(aim: Aim, now: datetime, *, has_car: bool) -> str:
    """The answer to an aim that has just been set."""
    return _("Set. %s") % next_line(aim, now, is_charging=aim.is_open, has_car=has_car)


def cancelled() -> str:
    return _("Cancelled: it stays as it is until somebody changes it.")


def not_an_energy() -> str:
    return _("“Energy in kWh” has to be a number like 20, at most 200.")


def not_hours() -> str:
    return _("“Hours” of charging have to be a number like 4, at most 24.")


def one_of_both() -> str:
    return _("Either energy or hours: leave one of them empty.")
