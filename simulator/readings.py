"""The numbered values a charger has reported, when each last changed, and how they are written."""

import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

Entry = dict[str, Any]


class ReportedValue(NamedTuple):
    """One value as text (None once it has been cleared) and when it came to be."""

    text: str | None
    at: datetime


class Readings:
    """One party's knowledge of a charger's observations, by number."""

    def __init__(self) -> None:
        self._by_id: dict[int, ReportedValue] = {}

    def __getitem__(self, state_id: int) -> str | None:
        reading = self._by_id.get(state_id)
        return reading.text if reading else None

    def __iter__(self) -> Iterator[int]:
        return iter(sorted(self._by_id))

    def number(self, state_id: int, default: float = 0.0) -> float:
        return number_in(self[state_id], default)

    def reading(self, state_id: int) -> ReportedValue:
        return self._by_id[state_id]

    def changed_at(self, state_id: int, default: datetime) -> datetime:
        reading = self._by_id.get(state_id)
        return reading.at if reading else default

    def put(self, state_id: int, text: str | None, at: datetime, *, even_if_equal: bool = False) -> bool:
        """Note a value; the time stays that of the last change unless told otherwise."""
        known = self._by_id.get(state_id)
        if known is not None and known.text == text and not even_if_equal:
            return False
        self._by_id[state_id] = ReportedValue(text, at)
        return True

    def drop(self, state_id: int) -> None:
        self._by_id.pop(state_id, None)

    def as_entries(self, charger_id: str) -> list[Entry]:
        """What `/state` answers: ascending ids, and no text for a cleared value."""
        return [entry(charger_id, state_id, *self._by_id[state_id]) for state_id in self]

    def to_json(self) -> list[Entry]:
        return self.as_entries("")

    @classmethod
    def from_json(cls, entries: Iterable[Mapping[str, Any]]) -> "Readings":
        readings = cls()
        for item in entries:
            at = datetime.fromisoformat(item["Timestamp"]).replace(tzinfo=UTC)
            readings._by_id[item["StateId"]] = ReportedValue(item.get("ValueAsString"), at)
        return readings


def entry(charger_id: str, state_id: int, text: str | None, at: datetime) -> Entry:
    written: Entry = {"ChargerId": charger_id, "StateId": state_id, "Timestamp": without_zone(at)}
    if text is not None:
        written["ValueAsString"] = text
    return written


def number_in(text: str | None, default: float = 0.0) -> float:
    """The number a text stands for; the default where it stands for none, or for one without end."""
    try:
        number = float(text or default)
    except ValueError:
        return default
    return number if math.isfinite(number) else default


def without_zone(at: datetime) -> str:
    """The form of the older endpoints: UTC without saying so, trailing zeros dropped.

    Source: https://github.com/custom-components/zaptec/pull/234
    """
    text = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    thousandths = f"{at.microsecond // 1000:03d}".rstrip("0")
    return f"{text}.{thousandths}" if thousandths else text


def three_decimals(number: float) -> str:
    """How a Go writes decimals."""
    return f"{number:.3f}"
