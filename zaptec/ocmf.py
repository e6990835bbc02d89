"""Meter readings in OCMF, the text form of the Open Charge Metering Format, as Zaptec writes it.

A Go writes `OCMF|{readings}`; a Go2 or a Pro with a calibrated meter adds a third part, its signature.
Readings are the meter's lifetime count, so a session is its last reading minus its first. Recorded examples:
metskem/zaptecbot (README); the firmware's own writer: smjothen/ApolloESP32Application.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from zaptec.values import as_text, field, load_json, parse_time

ACTIVE_IMPORT = "1-0:1.8.0"
_LARGEST_READING = 10**9  # in kWh or Wh; no meter has counted as much
_KWH_PER_UNIT = {"kwh": Decimal(1), "wh": Decimal("0.001")}
_MOST_BARS = 16  # a text of thousands is none
_GOOD = (None, "G")


@dataclass(frozen=True)
class MeterReading:
    """One reading of the meter.

    Attributes:
        at: aware UTC; None when the time cannot be read.
        clock: how the time was known: U unknown, I informative, S synchronised, R relative; None: not said.
        reason: B begin, T interval tick, E end; None for a periodic reading.
        meter_kwh: lifetime count, exact as written.
        obis: what is counted; `1-0:1.8.0` is active energy drawn from the grid.
        status: G good; any other letter is doubtful; None when not said.
    """

    at: datetime | None
    clock: str | None
    reason: str | None
    meter_kwh: Decimal
    obis: str
    status: str | None


@dataclass(frozen=True)
class Ocmf:
    """The readings of one OCMF text, oldest first; at least one of them is of energy drawn.

    Serial number and identity of the user, which stand in the text too, are left behind.

    Attributes:
        left_out: how many readings are not of energy, or not numbers.
        is_signed: a signature is attached (it is not verified here). Without one nothing proves that the
            readings were not altered on the way: fine for a household, not for billing.
    """

    readings: tuple[MeterReading, ...]
    is_signed: bool
    left_out: int = 0

    @classmethod
    def from_text(cls, text: str | None) -> "Ocmf":
        """Read an OCMF text.

        A later reading may leave out what is counted, and then means that of the reading before; or its unit,
        and then means the one that was told before for the same; the first unit defaults to kWh. Readings of
        other units, such as amperes, stand between those of energy (stekker/zaptec, meter_reading_spec).
        Quotes may be escaped once too often, and a bar too many stand between or behind the sections
        (PatrickE94/com.zaptec).

        Raises:
            ValueError: None, empty, not OCMF, or without a reading of energy drawn (Zaptec also writes `OCMF|{}`,
                see custom-components/zaptec#343).
        """
        sections = list(_sections(text or ""))
        if not sections:
            raise ValueError("not an OCMF text")
        readings, left_out = _readings(field(sections[0], "RD"))
        if not any(reading.obis == ACTIVE_IMPORT for reading in readings):
            raise ValueError("an OCMF text without a reading of energy drawn")
        return cls(readings, _is_signature(sections[1:]), left_out)

    @property
    def doubtful(self) -> int:
        """How many readings of energy drawn have a status other than good."""
        return sum(reading.obis == ACTIVE_IMPORT and reading.status not in _GOOD for reading in self.readings)

    @property
    def drawn(self) -> Sequence[MeterReading]:
        """The readings of energy drawn; without the doubtful ones, unless all are."""
        drawn = [reading for reading in self.readings if reading.obis == ACTIVE_IMPORT]
        return [reading for reading in drawn if reading.status in _GOOD] or drawn

    @property
    def first_kwh(self) -> Decimal:
        """The meter at the beginning."""
        return self.drawn[0].meter_kwh

    @property
    def last_kwh(self) -> Decimal:
        """The meter at the end."""
        return self.drawn[-1].meter_kwh

    @property
    def energy_kwh(self) -> Decimal:
        """Energy drawn between the first and the last reading, exact."""
        return self.last_kwh - self.first_kwh


def is_signed(text: str) -> bool:
    """Whether a signature stands behind the readings; also of a text whose readings cannot be used."""
    try:
        return _is_signature(list(_sections(text))[1:])
    except ValueError:
        return False


def _sections(text: str) -> Iterator[Mapping[str, object]]:
    """The JSON objects behind the head, between bars; a bar may also stand inside of one.

    The message of its ValueError does not repeat the private text.
    """
    head, *parts = text.strip().split("|", _MOST_BARS)
    if head != "OCMF":
        raise ValueError("not an OCMF text")
    section = ""
    for part in parts:
        section = f"{section}|{part}" if section else part.strip()
        if section and (found := _object(section)) is not None:
            yield found
            section = ""
    if section:
        raise ValueError("an OCMF section that is no JSON object")


def _object(section: str) -> Mapping[str, object] | None:
    """A JSON object with exact numbers, its quotes escaped or not; None when it is no object (yet)."""
    for text in (section, _without_escapes(section)):
        try:
            value = load_json(text, is_exact=True)
        except ValueError:
            continue
        if isinstance(value, dict):
            return value
    return None


def _without_escapes(section: str) -> str:
    try:
        return str(load_json(f'"{section}"'))
    except ValueError:
        return ""


def _is_signature(sections: Sequence[Mapping[str, object]]) -> bool:
    return any(field(section, "SD") for section in sections)


def _readings(entries: object) -> tuple[tuple[MeterReading, ...], int]:
    """The readings of energy, and how many others there are."""
    if not isinstance(entries, list) or not entries:
        raise ValueError("an OCMF text without readings")
    readings = []
    obis: str = ACTIVE_IMPORT
    units: dict[str, object] = {}
    for entry in entries:
        if not isinstance(entry, dict):
            continue
        obis = as_text(field(entry, "RI")) or obis
        units[obis] = field(entry, "RU") or units.get(obis, "kWh")
        meter_kwh = _kwh(field(entry, "RV"), units[obis])
        if meter_kwh is not None:
            readings.append(_reading(entry, obis, meter_kwh))
    return tuple(readings), len(entries) - len(readings)


def _reading(entry: Mapping[str, object], obis: str, meter_kwh: Decimal) -> MeterReading:
    at, clock = _time(field(entry, "TM"))
    return MeterReading(
        at=at,
        clock=clock,
        reason=_letters(field(entry, "TX")),
        meter_kwh=meter_kwh,
        obis=obis,
        status=_letters(field(entry, "ST")),
    )


def _kwh(value: object, unit: object) -> Decimal | None:
    """A count of energy; None when it is of something else, or no number that a meter shows."""
    factor = _KWH_PER_UNIT.get(str(unit).lower())
    if factor is None or not isinstance(value, str | Decimal):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    if not number.is_finite() or number.copy_abs() > _LARGEST_READING:
        return None
    return number if factor == 1 else number * factor


def _time(value: object) -> tuple[datetime | None, str | None]:
    """`2023-06-13T14:00:00,000+00:00 R`: a comma before the milliseconds, a letter for the clock behind."""
    text = value.strip() if isinstance(value, str) else ""
    clock = text[-1:] if text[-1:] in ("U", "I", "S", "R") else None
    moment = text[:-1] if clock else text
    return parse_time(moment.replace(",", ".")), clock


def _letters(value: object) -> str | None:
    return as_text(value) if isinstance(value, str) and value else None
