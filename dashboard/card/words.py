"""What a charger's card says: one sentence per situation, the labels of its buttons, the line under the sentence.

Between two asterisks stands the word that carries the colour.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from markupsafe import Markup, escape

from dashboard import formats
from dashboard.texts import _, mark
from zaptec.charger import ChargerState
from zaptec.commands import Action
from zaptec.reasons import Reason
from zaptec.situation import Situation, SituationName

TONES = {
    SituationName.CHARGING: "flowing",
    SituationName.RESUMING: "flowing",
    SituationName.PAUSING: "held",
    SituationName.PAUSED: "held",
    SituationName.SCHEDULED: "held",
    SituationName.NOT_DRAWING: "waiting",
    SituationName.WAITING_AUTHORISATION: "waiting",
    SituationName.WAITING_POWER: "waiting",
    SituationName.WAITING_CAR: "waiting",
    SituationName.FINISHED: "done",
    SituationName.DISCONNECTED: "idle",
    SituationName.NO_DATA: "unsure",
    SituationName.UNKNOWN: "unsure",
    SituationName.NO_ACCESS: "trouble",
    SituationName.OFFLINE: "trouble",
    SituationName.DISABLED: "trouble",
    SituationName.STAND_ALONE: "trouble",
}
SENTENCES = {
    SituationName.NO_ACCESS: mark("*No access* to this charger"),
    SituationName.NO_DATA: mark("*Asking Zaptec…*"),
    SituationName.OFFLINE: mark("*Offline*"),
    SituationName.DISABLED: mark("*Switched off* in Zaptec’s portal"),
    SituationName.STAND_ALONE: mark("*Set to run* without Zaptec"),
    SituationName.PAUSING: mark("*Pausing…*"),
    SituationName.RESUMING: mark("*Resuming…*"),
    SituationName.DISCONNECTED: mark("*No car* plugged in"),
    SituationName.CHARGING: mark("*Charging* with %(power)s"),
    SituationName.NOT_DRAWING: mark("Ready, but *the car takes no power*"),
    SituationName.PAUSED: mark("*Paused*"),
    SituationName.SCHEDULED: mark("*Waiting* for Zaptec’s own schedule"),
    SituationName.FINISHED: mark("*Finished,* or stopped by the car"),
    SituationName.WAITING_AUTHORISATION: mark("Plugged in, *waiting for permission*"),
    SituationName.WAITING_POWER: mark("Plugged in, *waiting for power*"),
    SituationName.WAITING_CAR: mark("Plugged in, *waiting for the car*"),
    SituationName.UNKNOWN: mark("The charger reports *something new*"),
}
# Where a reading names why no power flows, that is the sentence.
FAULT_SENTENCES = {
    Reason.TOO_HOT: mark("*Not charging:* the charger is too hot"),
    Reason.EARTH_FAULT: mark("*Not charging:* the charger has found an earth fault"),
    Reason.FAULT: mark("*Not charging:* the charger reports a fault"),
}
# Of a charger that does not listen to Zaptec: whether it charges, and that it does not listen.
CHARGING_BESIDES = {
    SituationName.DISABLED: mark("*Charging* with %(power)s, though switched off in Zaptec’s portal"),
    SituationName.STAND_ALONE: mark("*Charging* with %(power)s, set to run without Zaptec"),
}
CHARGING_BESIDES_UNMEASURED = {
    SituationName.DISABLED: mark("*Charging,* though switched off in Zaptec’s portal"),
    SituationName.STAND_ALONE: mark("*Charging,* set to run without Zaptec"),
}
NOT_CHARGING_BESIDES = {
    SituationName.DISABLED: mark("*Not charging:* switched off in Zaptec’s portal"),
    SituationName.STAND_ALONE: mark("*Not charging,* set to run without Zaptec"),
}
ACTION_LABELS = {
    Action.PAUSE: mark("Pause charging"),
    Action.RESUME: mark("Resume charging"),
    Action.DEAUTHORIZE: mark("Deauthorize and stop"),
    Action.RESTART: mark("Restart charger"),
}
ASKED = {
    Action.PAUSE: mark("Pause"),
    Action.RESUME: mark("Resume"),
    Action.DEAUTHORIZE: mark("Deauthorize and stop"),
    Action.RESTART: mark("Restart"),
}
PRESENT = {Action.PAUSE: mark("Pausing…"), Action.RESUME: mark("Resuming…")}


# The sentence

POWER_TAKES = timedelta(minutes=2)  # the reading of the power comes after the mode, and is zero until then
GAP = re.compile(r" (?=[.,;:]|</)")  # where a value that is not known has been left out


def emphasise(text: str, **values: str) -> Markup:
    """The sentence as HTML; everything put into it is escaped, the part between asterisks is strong."""
    before, strong, after = [*str(escape(text)).split("*"), "", ""][:3]
    filled = f"{before}<b>{strong}</b>{after}" if strong else before
    whole = filled % {name: escape(value) for name, value in values.items()}
    return Markup(GAP.sub("", re.sub(" +", " ", whole).strip()))  # noqa: S704 - escaped above


def tone(situation: Situation) -> str:
    """The colour and the sign of the sentence."""
    if situation.fault:
        return "trouble"
    is_charging = situation.name in NOT_CHARGING_BESIDES and situation.is_power_flowing is not False
    return "flowing" if is_charging else TONES[situation.name]


def sentence(situation: Situation, state: ChargerState | None, now: datetime) -> Markup:
    """The sentence at the top of the card; it answers whether the car is charging."""
    if situation.name is SituationName.SCHEDULED and situation.next_change_at:
        when = formats.moment_at(situation.next_change_at, now)
        return emphasise(_("Zaptec’s own schedule *starts it %(when)s*"), when=when)
    if situation.fault:
        return emphasise(_(FAULT_SENTENCES[situation.fault]))
    if situation.name in NOT_CHARGING_BESIDES:
        return _sentence_besides(situation, state)
    if situation.name is SituationName.CHARGING and situation.is_power_flowing is False:
        return _without_power(situation, now)
    return sentence_of(situation.name, state)


def _without_power(situation: Situation, now: datetime) -> Markup:
    """A car near full takes some watts only; one that has just begun, or goes on after a pause, has not any yet."""
    has_just_begun = situation.since is not None and now - situation.since < POWER_TAKES
    if situation.has_charged and not has_just_begun:
        return emphasise(_("*Charging,* but hardly any power flows any more"))
    return emphasise(_("*Charging,* but no power flows yet"))


def _sentence_besides(situation: Situation, state: ChargerState | None) -> Markup:
    """Of a charger that is switched off or on its own: whether it charges all the same."""
    if situation.besides in (None, SituationName.UNKNOWN):
        return emphasise(_(SENTENCES[situation.name]))
    if situation.is_power_flowing is None:
        return emphasise(_(CHARGING_BESIDES_UNMEASURED[situation.name]))
    if situation.is_power_flowing:
        return emphasise(_(CHARGING_BESIDES[situation.name]), power=_power(state))
    return emphasise(_(NOT_CHARGING_BESIDES[situation.name]))


def sentence_of(name: SituationName, state: ChargerState | None) -> Markup:
    """What a situation is called, with nothing but the charger's own numbers in it."""
    if name is SituationName.CHARGING and (state is None or state.power_w is None):
        return emphasise(_("*Charging*"))
    return emphasise(_(SENTENCES[name]), power=_power(state))


def paused_by(name: str) -> Markup:
    """Of a pause whose author is known: a person, the plan or a timer."""
    return emphasise(_("*Paused* by %(name)s"), name=name)


def waits_until(at: datetime, now: datetime) -> Markup:
    """Of a car that a timer or the plan has paused, and lets go by itself."""
    return emphasise(_("*Waits* until %(time)s"), time=formats.moment_near(at, now))


def paused_outside() -> Markup:
    return emphasise(_("*Paused* outside this page"))


def no_news() -> Markup:
    return emphasise(_("*Nothing known* about this charger yet"))


def _power(state: ChargerState | None) -> str:
    """With its unit, from which no line break parts it."""
    return f"{formats.kilowatts(state.power_w if state else None)}\N{NO-BREAK SPACE}kW"


# The line under the sentence

# Where the time is that of a setting, and not of the charging which the sentence speaks of first.
SINCE = {
    SituationName.DISABLED: mark("switched off since %s"),
    SituationName.STAND_ALONE: mark("without Zaptec since %s"),
}
WITHOUT_SINCE = (SituationName.NO_DATA, SituationName.NO_ACCESS, SituationName.OFFLINE)


def paused_since(situation: Situation, origin: str, who: str | None, now: datetime) -> str:
    """Under “Waits until 23:00”: what holds the car, and since when."""
    holder = _("paused by the plan")
    if origin == "timer" and who:
        holder = _("paused by %s’s timer") % who
    elif origin == "aim":
        holder = _("paused for cheaper hours")
    start = formats.moment_past(situation.since, now) if situation.since else ""
    return _("%(held)s since %(time)s") % {"held": holder, "time": start} if start else holder


def since(situation: Situation, now: datetime) -> str:
    """Since when it is so. Nothing where that is not known, or where the sentence says it."""
    start = formats.moment_past(situation.since, now) if situation.since else ""
    if not start or situation.name in WITHOUT_SINCE:
        return ""
    if situation.name is SituationName.CHARGING and situation.is_power_flowing is False:
        return "" if situation.fault else _("charging since %s") % start
    if situation.name is SituationName.DISABLED and situation.is_power_flowing is False:
        return _("since %s") % start  # the sentence ends with “switched off”
    return _(SINCE.get(situation.name, mark("since %s"))) % start


def advice() -> str:
    """In its place where a fault means danger and a button stands below: the alert has the rest."""
    return _("Dangerous fault: stop using it.")


# Buttons


def label(action: Action) -> str:
    return _(ACTION_LABELS[action])


def link_label(action: Action) -> str:
    """What leads to the page of an action, where that is not what its button says."""
    return _("End this charge") if action is Action.DEAUTHORIZE else label(action)


def asked(action: Action) -> str:
    """What a receipt calls the command."""
    return _(ASKED[action])


def under_way(action: Action) -> str:
    """On the button while the command is under way."""
    return _(PRESENT[action]) if action in PRESENT else f"{asked(action)}…"


def releases_cable() -> str:
    return _("While it is paused, anybody can pull out the cable.")


def lead(action: Action, charger_name: str, *, is_charging: bool, is_cable_released: bool) -> str:
    """On the page of one action: what pressing will do."""
    if action is Action.RESUME:
        return _("This lets the car at %s charge again.") % charger_name
    if is_charging:
        text = _("This stops the charging at %s until somebody resumes it.") % charger_name
    else:
        text = _("This keeps the car at %s from charging until somebody resumes it.") % charger_name
    return f"{text} {releases_cable()}" if is_cable_released else text


# Numbers


def session_number() -> str:
    return _("This session")


def time_charging() -> str:
    return _("Time charging")


def power_of_this_charge(begins: str, most: str, now: str) -> str:
    """What the curve shows, for who cannot see it."""
    text = _("Power of this charge since %(time)s: at most %(most)s kW, now %(now)s kW.")
    return text % {"time": begins, "most": most, "now": now}


def at_most(power: str) -> str:
    return _("at most %s kW") % power
