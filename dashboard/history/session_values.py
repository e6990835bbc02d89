"""What a session that Zaptec tells of means in our own terms: whole numbers, one spelling, what the meter said."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from dashboard.formats import is_possible
from dashboard.history.shares import HOUR, Interval, stretches
from zaptec.ocmf import Ocmf
from zaptec.sessions import CompletedSession

MWH_PER_KWH = 1_000_000
MOST_KWH = 100_000  # 22 kW for half a year; what says more is no energy, and no sum of it fits a database

SLIGHTLY = timedelta(days=1)  # a clock that was corrected while the car charged


def fingerprint(session: CompletedSession) -> str:
    """Tells whether Zaptec says the same again."""
    told = [getattr(session, field.name) for field in fields(session)]
    return hashlib.sha256(repr(told).encode()).hexdigest()


def mwh(energy_kwh: Decimal) -> int:
    """Kilowatt-hours as whole milliwatt-hours."""
    return int((energy_kwh * MWH_PER_KWH).to_integral_value())


def tidied(session: CompletedSession, charger_id: str) -> CompletedSession:
    """As we keep it: ids in one spelling, the charger's as the household knows it, no start just after the end."""
    is_disordered = timedelta() < session.start - session.end <= SLIGHTLY
    return replace(
        session,
        id=session.id.lower(),
        charger_id=charger_id,
        start=session.end if is_disordered else session.start,
        replaced_by_id=session.replaced_by_id.lower() if session.replaced_by_id else None,
    )


def has_known_times(session: CompletedSession, now: datetime) -> bool:
    """Whether it can have begun and ended when it says; `now` is the time by Zaptec's clock."""
    return session.start <= session.end and is_possible(session.start, now) and is_possible(session.end, now)


def has_known_energy(session: CompletedSession) -> bool:
    return session.energy_kwh is not None and 0 <= session.energy_kwh <= MOST_KWH


def has_stray_readings(session: CompletedSession, intervals: Sequence[Interval]) -> bool:
    """Whether energy is told of at times outside the session's own; a Go may count up to the next full hour."""
    return any(not session.start - HOUR <= at <= session.end + HOUR for at, energy_mwh in intervals if energy_mwh)


def meter_of(session: CompletedSession) -> Ocmf | None:
    """The meter's own text; None when there is none, or none that can be read."""
    try:
        return Ocmf.from_text(session.ocmf_text)
    except ValueError:
        return None


def intervals_of(session: CompletedSession, meter: Ocmf | None) -> list[Interval]:
    """Zaptec's readings, else those of the meter's own text."""
    if session.intervals or meter is None:
        return [(at, mwh(energy_kwh)) for at, energy_kwh in session.intervals]
    intervals, before_kwh = [], meter.first_kwh
    for reading in meter.drawn:
        if reading.at is not None:
            intervals.append((reading.at.astimezone(UTC), mwh(reading.meter_kwh - before_kwh)))
            before_kwh = reading.meter_kwh
    return intervals


def values_of(
    session: CompletedSession, source: str, intervals: Sequence[Interval], meter: Ocmf | None, now: datetime
) -> dict[str, Any]:
    """The columns of `charge_session` that follow from what Zaptec tells; `now` by Zaptec's clock."""
    are_times_known, is_energy_known = has_known_times(session, now), has_known_energy(session)
    is_stray = has_stray_readings(session, intervals)
    flowed = [] if is_stray or not are_times_known else stretches(session.start, intervals)
    return {
        "charger_id": session.charger_id,
        "start_at": session.start,
        "end_at": session.end,
        "are_times_known": are_times_known,
        "energy_mwh": mwh(session.energy_kwh or Decimal(0)) if is_energy_known else 0,
        "is_energy_known": is_energy_known,
        "has_stray_readings": is_stray,
        "flowing_s": round(sum(stretch.seconds for stretch in flowed)),
        "is_offline": session.is_offline,
        "has_reliable_clock": session.has_reliable_clock,
        "is_signed": meter.is_signed if meter else session.is_signed,
        "is_voided": session.is_voided,
        "is_aborted": session.is_aborted,
        "stopped_by_rfid": session.stopped_by_rfid,
        "replaced_by": session.replaced_by_id,
        "meter_first_mwh": mwh(meter.first_kwh) if meter else None,
        "meter_last_mwh": mwh(meter.last_kwh) if meter else None,
        "authorised_by": session.user_name or session.user_email,
        "token_name": session.token_name,
        "source": source,
    }
