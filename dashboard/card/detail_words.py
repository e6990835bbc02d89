"""What readings are called for people, in the folded details; All readings has Zaptec's names."""

from __future__ import annotations

from dashboard.texts import _, mark
from zaptec.charger import ChargerState

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


def cable(state: ChargerState) -> str:
    rating = state.cable_rating_a
    if rating is None:
        return ""
    size = _("none in the socket") if rating == 0 else f"{rating} A"
    return f"{size}, {_('locked to the charger')}" if state.is_cable_locked else size
