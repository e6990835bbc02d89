"""What a sentence rests on, in sentences: one for each reading behind it. Numbers and ids stand in All readings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from dashboard import formats
from dashboard.card.alert_words import named
from dashboard.texts import _, mark
from zaptec.charger import ChargerState
from zaptec.modes import CAR_DRAWING, CAR_NOT_DRAWING, PILOT_FAULT, OperationMode
from zaptec.situation import Situation
from zaptec.state import MIN_CURRENT_A, NO_POWER_BELOW_W

MODES = {
    OperationMode.DISCONNECTED: mark("The charger says: no car."),
    OperationMode.CONNECTED_REQUESTING: mark("The charger says: a car is plugged in and not charging yet."),
    OperationMode.CONNECTED_CHARGING: mark("The charger says: charging."),
    OperationMode.CONNECTED_FINISHED: mark("The charger says: plugged in, charging has stopped."),
    OperationMode.UNKNOWN: mark("The charger says something that this page does not know."),
}
PILOT_NO_CAR = 12
PILOTS = {
    PILOT_NO_CAR: mark("It feels no car on its cable."),
    CAR_NOT_DRAWING: mark("The car does not ask for power."),
    CAR_DRAWING: mark("The car asks for power."),
    PILOT_FAULT: mark("Something is wrong with the signal between charger and car."),
}
# Of these the age is that of what happened; of the others, that of what was told and still holds.
EVENTS = ("heartbeat_at", "session_id", "user_id")
YES_OR_NO = {
    "is_online": (mark("Zaptec can reach the charger."), mark("Zaptec cannot reach the charger.")),
    "is_enabled": (mark("It is switched on in Zaptec’s portal."), mark("It is switched off in Zaptec’s portal.")),
    "is_stand_alone": (mark("It is set to run without Zaptec."), mark("It listens to Zaptec.")),
    "is_final_stop_active": (mark("A pause holds it."), mark("No pause holds it.")),
    "is_authentication_required": (
        mark("It asks for permission before a car may charge."),
        mark("It asks nobody for permission."),
    ),
}


def sentence(name: str | None, state: ChargerState, situation: Situation, now: datetime) -> str:
    """One reading in a sentence, by the property that reads it; empty where it says nothing that can be read."""
    if name in YES_OR_NO:
        answer = getattr(state, name)
        return "" if answer is None else _(YES_OR_NO[name][0 if answer else 1])
    say = SAYINGS.get(name or "")
    return say(state, situation, now) if say else ""


def age(name: str | None, at: datetime | None, state: ChargerState, now: datetime) -> str:
    """“told 6 min ago”; “6 min ago” of an event; nothing without a time, and of what nobody has done yet."""
    if name == "user_id" and state.user_id is None:
        return ""
    ago = formats.ago(at, now)
    return _("told %s") % ago if ago and name not in EVENTS else ago


def _mode(state: ChargerState, _situation: Situation, _now: datetime) -> str:
    if state.mode_text == "0":
        return _("The charger does not say what it is doing.")
    return _(MODES[state.mode])


def _pilot(state: ChargerState, _situation: Situation, _now: datetime) -> str:
    return _(PILOTS[state.pilot]) if state.pilot in PILOTS else ""


def _heartbeat(_state: ChargerState, _situation: Situation, _now: datetime) -> str:
    return _("It gave a sign of life.")


def _power(state: ChargerState, _situation: Situation, _now: datetime) -> str:
    if state.power_w is None:
        return ""
    if state.power_w < NO_POWER_BELOW_W:
        return _("No power flows.") if state.power_w < 1 else _("Hardly any power flows: %.0f W.") % state.power_w
    return _("%s kW flow into the car.") % formats.kilowatts(state.power_w)


def _lent(state: ChargerState, _situation: Situation, _now: datetime) -> str:
    """What load balancing lends of what the charger may take at most, where that is enough for a car."""
    amps, limit = state.allocated_current_a, state.max_current_a
    if amps is None:
        return ""
    if limit is None or limit < MIN_CURRENT_A:
        return _("Zaptec lends it no power now.") if amps < MIN_CURRENT_A else _("Zaptec lends it %g A now.") % amps
    text = _("Zaptec lends it %(amps)s A of %(limit)s now.")
    if amps < MIN_CURRENT_A:
        text = _("Zaptec lends it no power now: %(amps)s A of %(limit)s.")
    return text % {"amps": f"{amps:g}", "limit": f"{limit:g}"}


def _limit(state: ChargerState, _situation: Situation, _now: datetime) -> str:
    is_said = state.allocated_current_a is not None  # of how much that is
    if state.max_current_a is None or (is_said and state.max_current_a >= MIN_CURRENT_A):
        return ""
    text = _("It may take %s A at most.")
    if state.max_current_a < MIN_CURRENT_A:
        text = _("It may take %s A at most; no car charges with less than 6.")
    return text % f"{state.max_current_a:g}"


def _permission(state: ChargerState, _situation: Situation, _now: datetime) -> str:
    return _("Somebody gave permission.") if state.user_id else _("Nobody has given permission.")


def _energy(state: ChargerState, _situation: Situation, _now: datetime) -> str:
    if state.session_energy_kwh is None:
        return ""
    if state.session_energy_kwh == 0:
        return _("This car has taken nothing so far.")
    return _("This car has taken %s kWh so far.") % formats.number(state.session_energy_kwh)


def _session(state: ChargerState, _situation: Situation, _now: datetime) -> str:
    return _("The car was plugged in.") if state.session_id else ""


def _schedule(state: ChargerState, situation: Situation, now: datetime) -> str:
    """Whether a schedule in the charger itself holds charging back, and until when."""
    if not state.has_schedule:
        return _("No schedule of Zaptec’s holds it.")
    if situation.next_change_at is None:
        return _("A schedule of Zaptec’s holds it.")
    return _("A schedule of Zaptec’s holds it; it lets go %s.") % formats.moment_at(situation.next_change_at, now)


def _warnings(_state: ChargerState, situation: Situation, _now: datetime) -> str:
    return _("It warns: %s.") % named(situation.warnings) if situation.warnings else _("It warns of nothing.")


SAYINGS: dict[str, Callable[[ChargerState, Situation, datetime], str]] = {
    "mode": _mode,
    "pilot": _pilot,
    "heartbeat_at": _heartbeat,
    "power_w": _power,
    "allocated_current_a": _lent,
    "max_current_a": _limit,
    "user_id": _permission,
    "session_energy_kwh": _energy,
    "session_id": _session,
    "next_schedule_at": _schedule,
    "warnings": _warnings,
}
