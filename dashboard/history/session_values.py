"""What a session that Zaptec tells of means in our own terms: whole numbers, one spelling, what the meter said."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import UTC
from decimal import Decimal
from typing import Any

from dashboard.history.shares import Interval, stretches
from zaptec.ocmf import ACTIVE_IMPORT, Ocmf
from zaptec.sessions import CompletedSession

MWH_PER_KWH = 1_000_000


def fingerprint(one: CompletedSession) -> str:
    """Tells whether Zaptec says the same again."""
    return hashlib.sha256(repr([getattr(one, each.name) for each in fields(one)]).encode()).hexdigest()


def mwh(energy_kwh: Decimal) -> int:
    return int((energy_kwh * MWH_PER_KWH).to_integral_value())


def usable(one: CompletedSession, charger_id: str) -> CompletedSession:
    """As we keep it: ids in one spelling, no end before the start, no energy below zero."""
    return replace(
        one,
        id=one.id.lower(),
        charger_id=charger_id,
        start=min(one.start, one.end),
        energy_kwh=max(one.energy_kwh or Decimal(0), Decimal(0)),
        replaced_by_id=one.replaced_by_id.lower() if one.replaced_by_id else None,
    )


def meter_of(one: CompletedSession) -> Ocmf | None:
    try:
        return Ocmf.from_text(one.ocmf_text)
    except ValueError:
        return None


def intervals_of(one: CompletedSession, meter: Ocmf | None) -> list[Interval]:
    """Zaptec's readings, else those of the meter's own text."""
    if one.intervals or meter is None:
        return [(at, mwh(energy)) for at, energy in one.intervals]
    drawn = [one for one in meter.readings if one.obis == ACTIVE_IMPORT and one.at is not None]
    found, before = [], meter.first_kwh
    for reading in drawn:
        found.append(((reading.at or one.end).astimezone(UTC), mwh(reading.meter_kwh - before)))
        before = reading.meter_kwh
    return found


def values_of(
    one: CompletedSession, source: str, intervals: Sequence[Interval], meter: Ocmf | None
) -> dict[str, Any]:
    return {
        "charger_id": one.charger_id,
        "start_at": one.start,
        "end_at": one.end,
        "energy_mwh": mwh(one.energy_kwh or Decimal(0)),
        "flowing_s": round(sum(stretch.seconds for stretch in stretches(one.start, intervals))),
        "is_offline": one.is_offline,
        "has_reliable_clock": one.has_reliable_clock,
        "is_signed": meter.is_signed if meter else one.is_signed,
        "is_voided": one.is_voided,
        "is_aborted": one.is_aborted,
        "stopped_by_rfid": one.stopped_by_rfid,
        "replaced_by": one.replaced_by_id,
        "meter_first_mwh": mwh(meter.first_kwh) if meter else None,
        "meter_last_mwh": mwh(meter.last_kwh) if meter else None,
        "authorised_by": one.user_name or one.user_email,
        "token_name": one.token_name,
        "source": source,
    }
