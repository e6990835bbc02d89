"""Does a session's energy agree with the meter, with its readings, and with the sessions beside it?

Agreeing is not proving: unsigned readings could have been altered on the way, and signatures are not checked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.history import meter_words as words
from dashboard.history.sessions import BookedSession
from dashboard.history.shares import Interval
from zaptec.ocmf import Ocmf

TOLERANCE_MWH = 1000  # Zaptec rounds to 0.001 kWh


@dataclass(frozen=True)
class Finding:
    """One comparison; `agrees` is None where there is nothing to compare."""

    agrees: bool | None
    sentence: str


@dataclass(frozen=True)
class MeterCheck:
    """What the meter says of a session; `formula` is its end minus its beginning, empty without readings."""

    formula: str
    findings: tuple[Finding, ...]
    signature: str


def check(
    session: BookedSession,
    meter_text: str | None,
    intervals: Sequence[Interval],
    before: BookedSession | None,
    after: BookedSession | None,
) -> MeterCheck:
    """Compare a session with the meter's text, with its readings, and with its neighbours."""
    has_meter = session.meter_mwh is not None
    findings = [_energy(session, meter_text), *_left_out(meter_text)]
    if intervals and session.is_energy_known:
        findings.append(_readings(session, intervals))
    if session.is_counted:
        findings += [*_before(session, before), *_after(session, after)]
    formula = words.formula(session) if has_meter else ""
    return MeterCheck(formula, tuple(findings), words.signature(session) if has_meter or session.is_signed else "")


def _energy(session: BookedSession, meter_text: str | None) -> Finding:
    if session.meter_mwh is None:
        return Finding(None, words.meter_unreadable() if meter_text else words.no_meter())
    if not session.is_energy_known:
        return Finding(None, words.only_the_meter_knows(session.meter_mwh))
    if abs(session.meter_mwh - session.energy_mwh) <= TOLERANCE_MWH:
        return Finding(True, words.meter_agrees())
    return Finding(False, words.meter_differs(session))


def _left_out(meter_text: str | None) -> list[Finding]:
    """What the meter's text holds that says nothing, or nothing sure, of the energy."""
    try:
        meter = Ocmf.from_text(meter_text)
    except ValueError:
        return []
    doubtful = [Finding(None, words.doubtful_readings(meter.doubtful))] if meter.doubtful else []
    return doubtful + ([Finding(None, words.other_readings(meter.left_out))] if meter.left_out else [])


def _readings(session: BookedSession, intervals: Sequence[Interval]) -> Finding:
    energy = sum(energy for _at, energy in intervals)
    if abs(energy - session.energy_mwh) <= TOLERANCE_MWH * len(intervals):
        return Finding(True, words.readings_agree(energy))
    return Finding(False, words.readings_differ(energy))


def _before(session: BookedSession, before: BookedSession | None) -> list[Finding]:
    if before is None or session.meter_first_mwh is None:
        return []
    if before.meter_last_mwh is None:
        return [Finding(None, words.before_unknown())]
    gap = session.meter_first_mwh - before.meter_last_mwh
    if abs(gap) <= TOLERANCE_MWH:
        return [Finding(True, words.before_agrees(before.meter_last_mwh))]
    return [Finding(False, words.before_differs(before.meter_last_mwh, gap))]


def _after(session: BookedSession, after: BookedSession | None) -> list[Finding]:
    if after is None or session.meter_last_mwh is None:
        return []
    if after.meter_first_mwh is None:
        return [Finding(None, words.after_unknown())]
    gap = after.meter_first_mwh - session.meter_last_mwh
    if abs(gap) <= TOLERANCE_MWH:
        return [Finding(True, words.after_agrees(after.meter_first_mwh))]
    return [Finding(False, words.after_differs(after.meter_first_mwh, gap))]
