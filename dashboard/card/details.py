"""Readings for people: the folded details, the evidence behind a sentence, and the list of all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from dashboard import formats
from dashboard.texts import _, mark
from dashboard.web.access import Role
from zaptec.catalogue import Definition, define, describe, parse
from zaptec.charger import Charger, ChargerState, family_of
from zaptec.situation import Situation

PRIVATE = "(private)"
# What the readings behind a sentence are called for people; the list of all readings has Zaptec's names.
PLAIN_NAMES = {
    -2: mark("Reachable for Zaptec"),
    -1: mark("Last sign of life"),
    120: mark("Asks for permission"),
    510: mark("Current that is allowed to this charger"),
    513: mark("Power"),
    553: mark("Energy of this session"),
    702: mark("What the car signals"),
    708: mark("Current allowed right now"),
    710: mark("What the charger says it does"),
    711: mark("Switched on"),
    712: mark("Set to work on its own"),
    718: mark("Held by a pause"),
    721: mark("The session"),
    722: mark("Who gave permission"),
    763: mark("Next change of its schedule"),
    804: mark("Warnings"),
}


@dataclass(frozen=True)
class Detail:
    """One reading in words.

    Attributes:
        id: None for what is put together from several.
        age: “6 min ago”, “time not known”, or nothing.
    """

    label: str
    value: str
    id: int | None = None
    at: datetime | None = None
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
    volts = _three(state.voltages_v, 0)
    amps = _three(state.currents_a, 1)
    rows = [
        (_("Volts (L1, L2, L3)"), volts, 501),
        (_("Amps (L1, L2, L3)"), amps, 507),
        (_("Phases"), describe(define(519, family), state.text(519)) or "", 519),
        (_("Allowed now"), _with_unit(state.allocated_current_a, "A"), 708),
        (_("Limit of the charger"), _with_unit(state.max_current_a, "A"), 510),
        (_("Cable"), _cable(state), 714),
        (_("Temperature inside"), _with_unit(state.temperature_c, "°C"), 201),
        (_("Connection"), _connection(state), 809),
        (_("Software"), state.firmware or "", 911),
        (_("Meter"), _with_unit(state.meter_kwh, "kWh", 3), None),
    ]
    return [
        Detail(label, value, number, state.at(number) if number else None, _age(state, number, now))
        for label, value, number in rows
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
        rows.append(Detail(_name(definition), value, reading.id, reading.at, formats.ago(reading.at, now)))
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


def _name(definition: Definition) -> str:
    """What people call it; else Zaptec's name, spaced for reading: `FinalStopActive` as `Final stop active`."""
    if definition.id in PLAIN_NAMES:
        return _(PLAIN_NAMES[definition.id])
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
    rating = state.integer(714)
    if rating is None:
        return ""
    size = _("none in the socket") if rating == 0 else f"{rating} A"
    return f"{size}, {_('locked to the charger')}" if state.is_cable_locked else size


def _connection(state: ChargerState) -> str:
    """Negative numbers are Wi-Fi in dBm, 0 to 100 is mobile quality in percent (Zaptec Go firmware)."""
    signal = state.signal
    if signal is None:
        return state.text(150) or ""
    size = f"{signal:.0f} dBm" if signal < 0 else f"{signal:.0f} %"
    return f"{state.text(150) or ''} {size}".strip()


def _age(state: ChargerState, number: int | None, now: datetime) -> str:
    return formats.ago(state.at(number) if number else None, now)
