"""What readings are called for people, in the folded details and behind "Why?"; All readings has Zaptec's names."""

from __future__ import annotations

from dashboard import formats
from dashboard.texts import _, mark
from zaptec.catalogue import Definition, describe, parse
from zaptec.charger import ChargerState

# Behind a sentence, by the property of the state that reads them.
PLAIN_NAMES = {
    "is_online": mark("Reachable for Zaptec"),
    "heartbeat_at": mark("Last sign of life"),
    "is_authentication_required": mark("Asks for permission"),
    "max_current_a": mark("Current that is allowed to this charger"),
    "power_w": mark("Power"),
    "session_energy_kwh": mark("Energy of this session"),
    "pilot": mark("What the car signals"),
    "allocated_current_a": mark("Current allowed right now"),
    "mode": mark("What the charger says it does"),
    "is_enabled": mark("Switched on"),
    "is_stand_alone": mark("Set to run without Zaptec"),
    "is_final_stop_active": mark("Held by a pause"),
    "session_id": mark("The session"),
    "user_id": mark("Who gave permission"),
    "next_schedule_at": mark("Next change of its schedule"),
    "warnings": mark("Warnings"),
}
# In the details, in this order.
DETAIL_LABELS = {
    "voltages_v": mark("Volts (L1, L2, L3)"),
    "currents_a": mark("Amps (L1, L2, L3)"),
    "phase_set": mark("Phases"),
    "allocated_current_a": mark("Allowed now"),
    "max_current_a": mark("Limit of the charger"),
    "cable_rating_a": mark("Cable"),
    "temperature_c": mark("Temperature inside"),
    "signal": mark("Connection"),
    "firmware": mark("Software"),
    "meter_kwh": mark("Meter"),
}


def detail_label(property_name: str) -> str:
    return _(DETAIL_LABELS[property_name])


def plain_name(property_name: str | None, zaptec_name: str) -> str:
    """What people call a reading; else Zaptec's name, spaced: `FinalStopActive` as `Final stop active`."""
    if property_name in PLAIN_NAMES:
        return _(PLAIN_NAMES[property_name])
    if not zaptec_name.isascii():
        return zaptec_name
    spaced = "".join(
        f" {here}" if here.isupper() and before.islower() else here
        for before, here in zip(" " + zaptec_name, zaptec_name, strict=False)
    )
    return spaced[:1] + spaced[1:].lower()


def value(definition: Definition, text: str | None) -> str:
    """A reading with its unit and its meaning: “0 – no”, “7200.0 W”."""
    if text is None:
        return _("(nothing)")
    meaning = describe(definition, text)
    unit = f" {definition.unit}" if definition.unit else ""
    if isinstance(number := parse(definition, text), float):
        text = formats.number(number)
    return f"{text}{unit}" + (f" – {meaning}" if meaning and meaning != text else "")


def cable(state: ChargerState) -> str:
    rating = state.cable_rating_a
    if rating is None:
        return ""
    size = _("none in the socket") if rating == 0 else f"{rating} A"
    return f"{size}, {_('locked to the charger')}" if state.is_cable_locked else size
