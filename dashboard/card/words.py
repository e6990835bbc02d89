"""What the charging room says: one sentence per situation, one per reason, one per remedy.

Between two asterisks stands the word that carries the colour.
"""

from __future__ import annotations

from markupsafe import Markup, escape

from dashboard import formats
from dashboard.texts import _, mark
from zaptec.charger import ChargerState
from zaptec.commands import Action
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
    SituationName.STAND_ALONE: mark("*On its own:* it takes no orders"),
    SituationName.PAUSING: mark("*Pausing…*"),
    SituationName.RESUMING: mark("*Resuming…*"),
    SituationName.DISCONNECTED: mark("*No car* plugged in"),
    SituationName.CHARGING: mark("*Charging* with %(power)s kW"),
    SituationName.NOT_DRAWING: mark("Ready, but *the car takes no power*"),
    SituationName.PAUSED: mark("*Paused*"),
    SituationName.SCHEDULED: mark("*Waiting* for Zaptec’s schedule"),
    SituationName.FINISHED: mark("*Finished,* or stopped by the car"),
    SituationName.WAITING_AUTHORISATION: mark("Plugged in, *waiting for permission*"),
    SituationName.WAITING_POWER: mark("Plugged in, *waiting for power*"),
    SituationName.WAITING_CAR: mark("Plugged in, *waiting for the car*"),
    SituationName.UNKNOWN: mark("*Unknown state* (%(mode)s)"),
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
WARNINGS = {
    "unsafe": mark("The charger reports a dangerous fault: %s. Stop using it."),
    "plain": mark("The charger reports: %s."),
    "unknown": mark("The charger reports a warning this page does not know (%s)."),
}


def emphasise(text: str, **values: str) -> Markup:
    """The sentence as HTML; everything put into it is escaped, the part between asterisks is strong."""
    before, strong, after = [*str(escape(text)).split("*"), "", ""][:3]
    filled = f"{before}<b>{strong}</b>{after}" if strong else before
    return Markup(filled) % {name: escape(value) for name, value in values.items()}  # noqa: S704 - escaped above


def plain(sentence: Markup) -> str:
    return sentence.striptags()


def sentence(found: Situation, state: ChargerState | None, paused_by: str | None, was_outside: bool) -> Markup:
    """The sentence at the top of the card."""
    if found.name is SituationName.PAUSED and paused_by:
        return emphasise(_("*Paused* by %(name)s"), name=paused_by)
    if found.name is SituationName.PAUSED and was_outside:
        return emphasise(_("*Paused* outside this page"))
    if found.name is SituationName.SCHEDULED and found.next_change_at:
        return emphasise(_("*Waiting* for the schedule until %(time)s"), time=formats.clock(found.next_change_at))
    return sentence_of(found.name, state)


def no_news() -> Markup:
    return emphasise(_("*Nothing known* about this charger yet"))


def sentence_of(name: SituationName, state: ChargerState | None) -> Markup:
    """What a situation is called, with nothing but the charger's own numbers in it."""
    power_w = state.power_w if state else None
    if name is SituationName.CHARGING and power_w is None:
        return emphasise(_("*Charging*"))
    if name is SituationName.CHARGING and formats.kilowatts(power_w) == formats.kilowatts(0):
        return emphasise(_("*Charging,* but no power flows yet"))
    mode = (state.mode_text if state else None) or "?"
    return emphasise(_(SENTENCES[name]), power=formats.kilowatts(power_w), mode=mode)
