"""Readings for people: the folded details, the evidence behind a sentence, and the list of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from dashboard import formats
from dashboard.texts import _, mark
from dashboard.web.access import Role
from zaptec.catalogue import Definition, define, describe, in_words, parse
from zaptec.charger import Charger, ChargerState, Family, Observation, family_of
from zaptec.situation import Situation

PRIVATE = "(private)"
# What the readings behind a sentence are called for people, by the property that reads each; in the list of all
# readings they have Zaptec's names.
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
    "is_stand_alone": mark("Set to work on its own"),
    "is_final_stop_active": mark("Held by a pause"),
    "session_id": mark("The session"),
    "user_id": mark("Who gave permission"),
    "next_schedule_at": mark("Next change of its schedule"),
    "warnings": mark("Warnings"),
}


@dataclass(frozen=True)
class Detail:
    """One reading in words.

    Attributes:
        id: Zaptec's number for it, where it stands beside the label.
        age: “6 min ago”, “time not known”, or nothing.
    """

    label: str
    value: str
    id: int | None = None
    age: str = ""


@dataclass(frozen=True)
class Reading:
    """One observation with all that is known about it, as the observations page lists it."""

    definition: Definition
    value: str
    label: str
    at: datetime | None
    age: str
    is_cleared: bool

    @property
    def id(self) -> int:
        return self.definition.id


def details_of(charger: Charger, state: ChargerState, now: datetime) -> list[Detail]:
    """The folded part: electrical values, limits, temperature, signal, firmware."""
    family = family_of(charger, state)
    rows = [(label, told_by, say(state, family)) for label, told_by, say in DETAILS]
    return [
        Detail(_(label), value, age=formats.ago(state.changed_at(told_by), now) if told_by else "")
        for label, told_by, value in rows
        if value
    ]


def evidence_of(charger: Charger, found: Situation, role: Role, now: datetime) -> list[Detail]:
    """What the sentence rests on, for "Why?": each reading with its meaning and its age."""
    family = charger.family
    rows = []
    for reading in found.evidence:
        definition = define(reading.id, family)
        hidden = definition.is_private and role is not Role.OWNER
        value = PRIVATE if hidden and reading.text else _in_words(definition, reading.text)
        rows.append(Detail(_name(definition, reading), value, reading.id, formats.ago(reading.at, now)))
    return rows


def readings(charger: Charger, state: ChargerState, now: datetime, *, show_private: bool) -> Iterator[Reading]:
    """Every observation there is, by number."""
    family = family_of(charger, state)
    for number in sorted(state.observations):
        reading = state.observations[number]
        definition = define(number, family)
        hidden = definition.is_private and not show_private and reading.text is not None
        yield Reading(
            definition,
            PRIVATE if hidden else reading.text or "",
            "" if hidden else describe(definition, reading.text) or "",
            reading.at,
            formats.age(reading.at, now),
            reading.text is None,
        )


def _name(definition: Definition, reading: Observation) -> str:
    """What people call it; else Zaptec's name, spaced for reading: `FinalStopActive` as `Final stop active`."""
    if reading.property_name in PLAIN_NAMES:
        return _(PLAIN_NAMES[reading.property_name])
    words = ""
    for before, here in zip(" " + definition.name, definition.name, strict=False):
        words += f" {here}" if here.isupper() and before.islower() else here
    return words[:1] + words[1:].lower() if words.isascii() else words


def _in_words(definition: Definition, text: str | None) -> str:
    if text is None:
        return _("(nothing)")
    said = describe(definition, text)
    unit = f" {definition.unit}" if definition.unit else ""
    if isinstance(value := parse(definition, text), float):
        text = formats.number(value)
    return f"{text}{unit}" + (f" – {said}" if said and said != text else "")


def _three(values: tuple[float | None, float | None, float | None], decimals: int) -> str:
    if all(value is None for value in values):
        return ""
    return " · ".join(formats.number(value, decimals) for value in values)


def _with_unit(value: float | None, unit: str, decimals: int = 1) -> str:
    return "" if value is None else f"{formats.number(value, decimals)} {unit}"


def _cable(state: ChargerState) -> str:
    if state.cable_rating_a is None:
        return ""
    size = _("none in the socket") if state.cable_rating_a == 0 else f"{state.cable_rating_a} A"
    return f"{size}, {_('locked to the charger')}" if state.is_cable_locked else size


def _connection(state: ChargerState) -> str:
    """Negative numbers are Wi-Fi in dBm, 0 to 100 is mobile quality in percent (Zaptec Go firmware)."""
    signal = state.signal
    if signal is None:
        return state.network or ""
    size = f"{signal:.0f} dBm" if signal < 0 else f"{signal:.0f} %"
    return f"{state.network or ''} {size}".strip()


# The rows of the details: label, the property whose reading's age stands beside (if one does), value in words.
DETAILS: tuple[tuple[str, str | None, Callable[[ChargerState, Family], str]], ...] = (
    (mark("Volts (L1, L2, L3)"), "voltages_v", lambda state, _family: _three(state.voltages_v, 0)),
    (mark("Amps (L1, L2, L3)"), "currents_a", lambda state, _family: _three(state.currents_a, 1)),
    (mark("Phases"), "phase_set", lambda state, family: in_words(state, "phase_set", family) or ""),
    (mark("Allowed now"), "allocated_current_a", lambda state, _family: _with_unit(state.allocated_current_a, "A")),
    (mark("Limit of the charger"), "max_current_a", lambda state, _family: _with_unit(state.max_current_a, "A")),
    (mark("Cable"), "cable_rating_a", lambda state, _family: _cable(state)),
    (mark("Temperature inside"), "temperature_c", lambda state, _family: _with_unit(state.temperature_c, "°C")),
    (mark("Connection"), "signal", lambda state, _family: _connection(state)),
    (mark("Software"), "firmware", lambda state, _family: state.firmware or ""),
    (mark("Meter"), None, lambda state, _family: _with_unit(state.meter_kwh, "kWh", 3)),
)
