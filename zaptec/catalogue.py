"""The catalogue of observations: what each number is called and means, how to read it, whether it is private.

The data is in `observations.json` beside this module. Names come from https://api.zaptec.com/api/constants,
units and meanings from docs.zaptec.com/docs/state-observation-reference, from published Go firmware
(smjothen/ApolloESP32Application) and from recordings (metskem/zaptecbot). Meanings and labels are short notes
in English for people who look at raw readings.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from zaptec.charger import Family
from zaptec.observation import OBSERVATION_OF
from zaptec.state import ChargerState
from zaptec.values import as_flag, as_int, as_number, json_object, parse_time

Value = bool | int | float | str | datetime | Mapping[str, object] | tuple[str, ...] | tuple[int, ...]

# Warnings (804) after which nobody should use the charger until somebody has looked at it: power or dangerous
# voltage may be present although it is switched off, or the protection against earth faults has failed.
UNSAFE_WARNINGS = frozenset({"RELAY_WELDED", "UNEXPECTED_RELAY", "FPGA_UNEXPECTED_RELAY", "RCD_FAILURE", "O_PEN"})
EARTH_FAULTS = frozenset({"RCD_AC", "RCD_DC", "RCD_PEAK", "RCD_6MA", "RCD_30MA"})
# With these no charger charges. Others only warn (HUMIDITY), slow down (TEMPERATURE) or concern the bill (MID).
STOPPING_WARNINGS = (
    UNSAFE_WARNINGS
    | EARTH_FAULTS
    | {"TEMPERATURE_ERROR", "EMETER_NO_RESPONSE", "MAX_SESSION_RESTART", "LOW_LEVEL_12V", "FPGA_COM_TIMEOUT"}
    | {"CHARGE_OVERCURRENT", "OVERCURRENT_INSTALLATION", "NO_VOLTAGE_L1", "NO_VOLTAGE_L2_L3", "ILLEGAL_PHASE"}
    | {"PILOT_STATE", "PILOT_LOW_LEVEL", "PILOT_NO_PROXIMITY", "FPGA_CHARGING_RESET", "FPGA_INIT_FAILED"}
    | {"RCD_TEST_AC", "RCD_TEST_DC", "RCD_TEST_6MA", "RCD_TEST_30MA", "RCD_TEST_TIMEOUT"}
)
HARMLESS_WARNINGS = frozenset({"REBOOT"})  # it only says that the charger has restarted


class ValueKind(StrEnum):
    """How the text of an observation is to be read."""

    BOOL = "bool"
    INT = "int"
    FLOAT = "float"
    TEXT = "text"
    ENUM = "enum"
    BITFIELD = "bitfield"
    TIME = "time"
    VERSION = "version"
    JSON = "json"
    OCMF = "ocmf"


@dataclass(frozen=True)
class Definition:
    """What is known about one observation of one product family.

    Attributes:
        name: Zaptec's name for it in that family.
        unit: such as A, kWh, °C; None without one.
        group: a topic, such as charging, temperature, firmware; "unknown" for an id the catalogue does not have.
        meaning: a short note; empty for an id nobody has described.
        is_private: it, or part of it, must not be logged or exported, and is shown to owners only.
        labels: value, or value of a bit, to what it stands for.
        words: of labels that are Zaptec's names, the same in words.
    """

    id: int
    name: str
    kind: ValueKind
    unit: str | None
    group: str
    meaning: str
    is_private: bool
    labels: Mapping[str, str]
    words: Mapping[str, str]


@cache
def define(observation_id: int, family: Family = Family.UNKNOWN) -> Definition:
    """What is known about an observation.

    New ids appear without notice (stekker/zaptec). An unknown one is called `Observation 4711`, is kept as
    text, and counts as private, because nobody knows what it holds.
    """
    entry = _catalogue().get(observation_id, {})
    return Definition(
        id=observation_id,
        name=entry.get("aliases", {}).get(family) or entry.get("name", f"Observation {observation_id}"),
        kind=ValueKind(entry.get("kind", ValueKind.TEXT)),
        unit=entry.get("unit"),
        group=entry.get("group", "unknown"),
        meaning=entry.get("meaning", ""),
        is_private=entry.get("is_private", True),
        labels=_labels(entry, family),
        words=entry.get("words", {}),
    )


def known_ids() -> tuple[int, ...]:
    """Every id in the catalogue, ascending."""
    return tuple(_catalogue())


def parse(definition: Definition, text: str | None) -> Value | None:
    """The value behind a text, or the text itself when it cannot be read; None when there is none.

    Bits become their names, versions tuples of numbers, enumerations numbers where Zaptec sends numbers.
    OCMF stays text: `zaptec.ocmf` reads it.
    """
    if text is None:
        return None
    value = _parsed(definition, text)
    return text if value is None else value


def describe(definition: Definition, text: str | None) -> str | None:
    """What a value stands for, as a person would read it; None where the value speaks for itself.

    Several bits are joined with semicolons; one without a name is called `unknown (bit n)`.
    """
    if text is None:
        return None
    if definition.kind is ValueKind.BOOL:
        flag = as_flag(text)
        return None if flag is None else "yes" if flag else "no"
    number = as_int(text)
    if definition.kind is ValueKind.BITFIELD:
        if number is None or number < 0 or not definition.labels:
            return None
        return "; ".join(_bit_in_words(definition, bit) for bit in _bits(number)) or "none"
    label = _label(definition.labels, text if number is None else str(number))
    return f"unknown ({text})" if label is None and definition.id == 710 else label


def in_words(state: ChargerState, property_name: str, family: Family = Family.UNKNOWN) -> str | None:
    """What the reading behind a property of the state stands for, such as `L1+L2+L3 (TN)` for `phase_set`.

    None where there is no reading, or where it speaks for itself.

    Raises:
        KeyError: no property of that name is in `zaptec.observation.PROPERTIES`.
    """
    number = OBSERVATION_OF[property_name]
    return describe(define(number, family), state.text(number))


def active_warnings(bits: int, family: Family) -> tuple[str, ...]:
    """Zaptec's names of the warnings (804) that are on, without the harmless and the unknown ones.

    The same bit means different things to a Pro and a Go. Bits go beyond 2**53.
    """
    labels = define(804, family).labels
    names = (labels.get(str(1 << bit)) for bit in _bits(bits))
    return tuple(name for name in names if name is not None and name not in HARMLESS_WARNINGS)


def may_stop_charging(bits: int) -> bool:
    """Whether one of the warnings (804) that are on stops charging, in the meaning of either family."""
    return any(
        not STOPPING_WARNINGS.isdisjoint(active_warnings(bits, family)) for family in (Family.PRO, Family.GO)
    )


def unknown_warnings(bits: int, family: Family) -> tuple[int, ...]:
    """The numbers of the bits of 804 that are on and mean nothing known; the tables of 2024 to 2026 differ."""
    labels = define(804, family).labels
    return tuple(bit for bit in _bits(bits) if str(1 << bit) not in labels)


def warning_in_words(name: str) -> str:
    """A name that `active_warnings` gave, as a short note; the name itself where there is none."""
    return define(804).words.get(name, name)


@cache
def _catalogue() -> dict[int, dict[str, Any]]:
    text = Path(__file__).with_name("observations.json").read_text(encoding="utf-8")
    return {entry["id"]: entry for entry in json.loads(text)}


def _labels(entry: Mapping[str, Any], family: Family) -> Mapping[str, str]:
    """Labels of the family; for an unknown family those that no family contradicts.

    Notifications (803) have labels for Go and Go2 only: on a Pro their bits are not public.
    """
    tables: Mapping[str, Mapping[str, str]] = entry.get("labels_by_family", {})
    if not tables:
        labels: Mapping[str, str] = entry.get("labels", {})
        return labels
    if family is not Family.UNKNOWN:
        return tables.get(family, {})
    if not all(tables.values()):
        return {}
    return {
        bit: label
        for table in tables.values()
        for bit, label in table.items()
        if all(other.get(bit, label) == label for other in tables.values())
    }


def _parsed(definition: Definition, text: str) -> Value | None:
    match definition.kind:
        case ValueKind.BOOL:
            return as_flag(text)
        case ValueKind.INT | ValueKind.ENUM:
            return as_int(text)
        case ValueKind.FLOAT:
            return as_number(text)
        case ValueKind.BITFIELD:
            number = as_int(text)
            return None if number is None or number < 0 else _bit_names(number, definition.labels)
        case ValueKind.TIME:
            return parse_time(text)
        case ValueKind.VERSION:
            parts = [as_int(part) for part in text.split(".")]
            return None if None in parts else tuple(part for part in parts if part is not None)
        case ValueKind.JSON:
            return json_object(text) or None
        case _:
            return text


def _bit_in_words(definition: Definition, bit: int) -> str:
    name = definition.labels.get(str(1 << bit))
    return f"unknown (bit {bit})" if name is None else definition.words.get(name, name)


def _bits(number: int) -> Iterator[int]:
    return (bit for bit in range(number.bit_length()) if number >> bit & 1)


def _bit_names(number: int, labels: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(labels.get(str(1 << bit), f"bit {bit}") for bit in _bits(number))


def _label(labels: Mapping[str, str], value: str) -> str | None:
    """Words come in any case."""
    word = value.strip().lower()
    return next((label for key, label in labels.items() if key.lower() == word), None)
