"""Readings for people: the folded details, the evidence behind a sentence, and the list of all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from dashboard import formats
from dashboard.card import detail_words, evidence_words
from zaptec.catalogue import Definition, define, describe, in_words
from zaptec.charger import Charger, ChargerState, family_of
from zaptec.observation import OBSERVATION_OF
from zaptec.situation import Situation

PRIVATE = "(private)"


@dataclass(frozen=True)
class Detail:
    """One reading in words; its age is “6 min ago”, “time not known”, or nothing."""

    label: str
    value: str
    age: str = ""


@dataclass(frozen=True)
class Evidence:
    """One reading behind the sentence of a card, as a sentence of its own; its age as of a Detail."""

    text: str
    age: str


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
    values = _detail_values(charger, state)
    return [
        Detail(detail_words.detail_label(name), value, age=_age(state, name, now))
        for name, value in values.items()
        if value
    ]


def _detail_values(charger: Charger, state: ChargerState) -> dict[str, str]:
    """What the details say, by the property of the state that it comes from; empty where nothing is known."""
    return {
        "voltages_v": _three(state.voltages_v, 0),
        "currents_a": _three(state.currents_a, 1),
        "phase_set": in_words(state, "phase_set", family_of(charger, state)) or "",
        "allocated_current_a": _amps(state.allocated_current_a),
        "max_current_a": _amps(state.max_current_a),
        "cable_rating_a": detail_words.cable(state),
        "temperature_c": _with_unit(state.temperature_c, "°C"),
        "signal": _connection(state),
        "firmware": state.firmware or "",
        "meter_kwh": _with_unit(state.meter_kwh, "kWh", 3),
    }


def _age(state: ChargerState, property_name: str, now: datetime) -> str:
    """How long ago the reading behind a property changed; of what is put together nobody can say."""
    return formats.ago(state.changed_at(property_name), now) if property_name in OBSERVATION_OF else ""


def evidence_of(state: ChargerState | None, situation: Situation, now: datetime) -> list[Evidence]:
    """What the sentence rests on, for "Why?": each reading that can be read, as a sentence with its age."""
    # The list of chargers may stand in for a reading.
    listed = {reading.id: reading for reading in situation.evidence}
    told = ChargerState({**(state.observations if state else {}), **listed})
    sayings = [
        Evidence(
            evidence_words.sentence(it.property_name, told, situation, now),
            evidence_words.age(it.property_name, it.at, told, now),
        )
        for it in situation.evidence
    ]
    return [saying for saying in sayings if saying.text]


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


def _three(values: tuple[float | None, float | None, float | None], decimals: int) -> str:
    if all(value is None for value in values):
        return ""
    return " · ".join(formats.number(value, decimals) for value in values)


def _with_unit(value: float | None, unit: str, decimals: int = 1) -> str:
    return "" if value is None else f"{formats.number(value, decimals)} {unit}"


def _amps(value: float | None) -> str:
    return "" if value is None else f"{value:g} A"


def _connection(state: ChargerState) -> str:
    """Negative numbers are Wi-Fi in dBm, 0 to 100 is mobile quality in percent (Zaptec Go firmware)."""
    signal = state.signal
    if signal is None:
        return state.network or ""
    size = f"{signal:.0f} dBm" if signal < 0 else f"{signal:.0f} %"
    return f"{state.network or ''} {size}".strip()
