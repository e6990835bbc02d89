"""What the notices themselves say: a title that tells it all, and a line with the charger, the time and what helps.

Nothing secret or private is in them: they pass through other people's hands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from dashboard import formats, reasons
from dashboard.household.words import device_name
from dashboard.news import NewsKind
from dashboard.texts import _, mark, ngettext
from zaptec.catalogue import warning_in_words

Facts = Mapping[str, Any]
TitleAndText = tuple[str, str]

NOT_TAKEN = {
    "pause": mark("The pause did not get through"),
    "resume": mark("The resume did not get through"),
    "deauthorize": mark("The charge was not ended"),
    "restart": mark("The charger was not restarted"),
}
ASKED_BY = {
    "page": mark("%(who)s asked for it %(when)s."),
    "timer": mark("A timer asked for it %(when)s."),
    "plan": mark("The plan asked for it %(when)s."),
    "aim": mark("The aim asked for it %(when)s."),
}
PRESSED = {"pause": mark("%s paused charging"), "resume": mark("%s resumed charging")}
OUTSIDE = {
    "pause": mark("Charging was paused outside this page"),
    "resume": mark("Charging was resumed outside this page"),
}


def at_charger(name: str, at: datetime, now: datetime, text: str) -> str:
    """“Garage, 22:01. The charger did not do it.”"""
    return f"{', '.join(part for part in (name, formats.moment_past(at, now)) if part)}. {text}".strip()


def _moment(facts: Facts, name: str, now: datetime) -> str:
    text = facts.get(name)
    return formats.moment_at(datetime.fromisoformat(text), now) if text else ""


def not_taken(facts: Facts, now: datetime) -> TitleAndText:
    origin = facts.get("origin", "page")
    pattern = ASKED_BY.get(origin, ASKED_BY["page"])
    asked = _(pattern) % {"who": facts.get("who") or _("Somebody"), "when": _moment(facts, "asked_at", now)}
    reason = facts.get("reason")
    is_named = reason not in (None, "not_confirmed")
    why = f"{reasons.reason(str(reason))}." if is_named else _("The charger did not do it.")
    return _(NOT_TAKEN.get(str(facts.get("action")), NOT_TAKEN["pause"])), f"{asked} {why}"


def not_charging(facts: Facts, now: datetime) -> TitleAndText:
    why = reasons.reason(facts.get("reason") or "unknown_mode")
    return _("The car does not charge"), f"{why}. {reasons.remedy(facts.get('remedy'))}".strip()


def finished(facts: Facts, now: datetime) -> TitleAndText:
    said = [f"{formats.number(facts['energy_kwh'])} kWh"] if facts.get("energy_kwh") else []
    if facts.get("cost_micro") is not None:
        cost = formats.money(facts["cost_micro"], facts.get("currency"))
        said.append(_("about %s") % cost if facts.get("is_cost_about") else cost)
    if facts.get("lasted_s"):
        said.append(" ".join(formats.hours(timedelta(seconds=facts["lasted_s"]))))
    return _("Charging has ended"), f"{', '.join(said)}." if said else ""


def not_plugged_in(facts: Facts, now: datetime) -> TitleAndText:
    when = _moment(facts, "begins_at", now)
    return _("No car is plugged in"), _("Charging is planned %s.") % when if when else ""


def plugged_in(next_line: str) -> TitleAndText:
    return _("A car was plugged in"), next_line


def now_tonight_cheapest() -> tuple[str, str, str]:
    """What the three links of a car that has come are called."""
    return _("Charge now"), _("Tonight"), _("Cheapest hours")


def pressed(facts: Facts, now: datetime) -> TitleAndText:
    action, who = str(facts.get("action")), facts.get("who")
    if who:
        goes_on = _moment(facts, "until", now)
        text = _("It goes on by itself %s.") % goes_on if goes_on else ""
        return _(PRESSED.get(action, PRESSED["pause"])) % who, text
    return _(OUTSIDE.get(action, OUTSIDE["pause"])), ""


def offline(facts: Facts, now: datetime) -> TitleAndText:
    if facts.get("is_over"):
        return _("The charger is back"), _("It can be reached again.")
    likely = _("It was charging and probably goes on.") if facts.get("was_charging") else ""
    return _("The charger is offline"), f"{reasons.remedy('check_connection')} {likely}".strip()


def warning(warnings: tuple[str, ...]) -> TitleAndText:
    named = ", ".join(_(warning_in_words(name)) for name in warnings)
    return _("Stop using the charger"), f"{reasons.remedy('stop_using')} {named}".strip()


def late(facts: Facts, now: datetime) -> TitleAndText:
    when = _moment(facts, "by", now)
    text = _("It was to be ready %s.") % when if when else ""
    return _("It will not be ready in time"), text


def owner(facts: Facts) -> TitleAndText:
    """Of what only an owner can mend."""
    if "host" in facts:
        text = _("%s has not answered for a day. Its prices are missing.") % facts["host"]
        return _("A price source fails"), text
    if "skew_s" in facts:
        text = _("It is %s s away from Zaptec’s: set it right, or times will mislead.") % facts["skew_s"]
        return _("The dashboard’s clock is wrong"), text
    if "device" in facts:
        browser, system = facts["device"]
        text = _("%(who)s signed in on a new device: %(device)s. If that was not them, sign it out.")
        return _("A new device"), text % {"who": facts["who"], "device": device_name(browser, system)}
    code = str(facts.get("reason", ""))
    return _("Zaptec refuses the sign-in"), f"{reasons.reason(code)}. {reasons.failure_remedy(code)}"


def month(name: str, total: str, by_person: list[str]) -> TitleAndText:
    return _("%s: what was charged") % name, " ".join((total, *by_person))


def month_sum(who: str, energy_mwh: int, cost: str) -> str:
    """“Anna: 12.3 kWh, 3.20 €.”"""
    energy = f"{formats.kwh(energy_mwh)} kWh"
    return f"{who}: {energy}, {cost}." if cost else f"{who}: {energy}."


def in_total() -> str:
    return _("In total")


def more(count: int) -> TitleAndText:
    title = ngettext("And %d more", "And %d more", count) % count
    return title, _("More happened in this hour than is told one by one. Your account has the last of it.")


def test() -> TitleAndText:
    return _("This is a test"), _("Notices from the charger’s dashboard arrive here.")


def in_place_of_another(who: str | None) -> str:
    """Why this person hears what was for another."""
    if who:
        return _("You hear this because %s could not be told.") % who
    return _("You hear this because somebody else could not be told.")


WORDS: dict[NewsKind, Callable[[Facts, datetime], TitleAndText]] = {
    NewsKind.NOT_TAKEN: not_taken,
    NewsKind.NOT_CHARGING: not_charging,
    NewsKind.FINISHED: finished,
    NewsKind.NOT_PLUGGED_IN: not_plugged_in,
    NewsKind.PRESSED: pressed,
    NewsKind.OFFLINE: offline,
    NewsKind.LATE: late,
}
