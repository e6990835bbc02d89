"""Meter readings in OCMF, the text form of the Open Charge Metering Format, as Zaptec writes it.

A Go writes `OCMF|{readings}`; a Go2 or a Pro with a calibrated meter adds a third part, its signature.
Readings are the meter's lifetime count, so a session is its last reading minus its first. Recorded examples:
metskem/zaptecbot (README); the firmware's own writer: smjothen/ApolloESP32Application.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from zaptec.values import as_text, field, load_json, parse_time

ACTIVE_IMPORT = "1-0:1.8.0"
_LARGEST_READING = 10**9  # in kWh or Wh; no meter has counted as much
_KWH_PER_UNIT = {"kwh": Decimal(1), "wh": Decimal("0.001")}


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
    """The readings of one OCMF text, oldest first; there is at least one.

    Serial number and identity of the user, which stand in the text too, are left behind.

    Attributes:
        is_signed: a signature is attached (it is not verified here). Without one nothing proves that the
            readings were not altered on the way: fine for a household, not for billing.
    """

    readings: tuple[MeterReading, ...]
    is_signed: bool

    @classmethod
    def from_text(cls, text: str | None) -> "Ocmf":
        """Read an OCMF text.

        A later reading may leave out what is counted and its unit, and then means those of the reading
        before; the first unit defaults to kWh.

        Raises:
            ValueError: None, empty, not OCMF, without readings (Zaptec also writes `OCMF|{}`, see
                custom-components/zaptec#343), or with a reading that is not a number of kWh or Wh.
        """
        head, *sections = (text or "").strip().split("|", 2)
        if head != "OCMF" or not sections:
            raise ValueError("not an OCMF text")
        payload = _object(sections[0])
        readings = _readings(field(payload, "RD"))
        if not any(reading.obis == ACTIVE_IMPORT for reading in readings):
            raise ValueError("an OCMF text without a reading of energy drawn")
        return cls(
            readings=readings,
            is_signed=len(sections) == 2 and _is_signature(sections[1]),
        )

    @property
    def _drawn(self) -> Sequence[MeterReading]:
        return [reading for reading in self.readings if reading.obis == ACTIVE_IMPORT]

    @property
    def first_kwh(self) -> Decimal:
        """The meter at the beginning."""
        return self._drawn[0].meter_kwh

    @property
    def last_kwh(self) -> Decimal:
        """The meter at the end."""
        return self._drawn[-1].meter_kwh

    @property
    def energy_kwh(self) -> Decimal:
        """Energy drawn between the first and the last reading, exact."""
        return self.last_kwh - self.first_kwh


def _object(section: str) -> Mapping[str, object]:
    """A JSON object with exact numbers. The message of its ValueError does not repeat the private text."""
    try:
        value = load_json(section, is_exact=True)
    except ValueError:
        raise ValueError("an OCMF section that is not JSON") from None
    if not isinstance(value, dict):
        raise ValueError("an OCMF section that is not an object")
    return value


def _is_signature(section: str) -> bool:
    try:
        return bool(field(_object(section), "SD"))
    except ValueError:
        return False


def _readings(entries: object) -> tuple[MeterReading, ...]:
    if not isinstance(entries, list) or not entries:
        raise ValueError("an OCMF text without readings")
    readings = []
    carried: dict[str, object] = {"RI": ACTIVE_IMPORT, "RU": "kWh"}
    for entry in entries:
        if not isinstance(entry, dict):
            raise ValueError("an OCMF reading that is not an object")
        for name in carried:
            value = field(entry, name)
            carried[name] = carried[name] if value is None else value
        readings.append(_reading(entry, carried))
    return tuple(readings)


def _reading(entry: Mapping[str, object], carried: Mapping[str, object]) -> MeterReading:
    at, clock = _time(field(entry, "TM"))
    return MeterReading(
        at=at,
        clock=clock,
        reason=_letters(field(entry, "TX")),
        meter_kwh=_kwh(field(entry, "RV"), carried["RU"]),
        obis=as_text(carried["RI"]) or "",
        status=_letters(field(entry, "ST")),
    )


def _kwh(value: object, unit: object) -> Decimal:
    factor = _KWH_PER_UNIT.get(str(unit).lower())
    if factor is None:
        raise ValueError("an OCMF reading in a unit that is neither kWh nor Wh")
    try:
        number = Decimal(value) if isinstance(value, str | Decimal) else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite() or number.copy_abs() > _LARGEST_READING:
        raise ValueError("an OCMF reading that is not a number")
    return number if factor == 1 else number * factor


def _time(value: object) -> tuple[datetime | None, str | None]:
    """`2023-06-13T14:00:00,000+00:00 R`: a comma before the milliseconds, a letter for the clock behind."""
    text = value.strip() if isinstance(value, str) else ""
    clock = text[-1:] if text[-1:] in ("U", "I", "S", "R") else None
    moment = text[:-1] if clock else text
    return parse_time(moment.replace(",", ".")), clock


def _letters(value: object) -> str | None:
    return as_text(value) if isinstance(value, str) and value else None
