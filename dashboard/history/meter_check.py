"""Does a session's energy agree with the meter, with its readings, and with the sessions beside it?

Agreeing is not proving: unsigned readings could have been altered on the way, and signatures are not checked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.history import words
from dashboard.history.sessions import Entry
from dashboard.history.shares import Interval

TOLERANCE_MWH = 1000  # Zaptec rounds to 0.001 kWh


@dataclass(frozen=True)
class Finding:
    """One comparison; `agrees` is None where there is nothing to compare."""

    agrees: bool | None
    sentence: str


@dataclass(frozen=True)
class Check:
    """What the meter says of a session; `formula` is its end minus its beginning, empty without readings."""

    formula: str
    findings: tuple[Finding, ...]
    signature: str


def check(entry: Entry, intervals: Sequence[Interval], before: Entry | None, after: Entry | None) -> Check:
    findings = []
    has_meter = entry.meter_mwh is not None
    if entry.meter_mwh is None:
        findings.append(Finding(None, words.no_meter()))
    elif abs(entry.meter_mwh - entry.energy_mwh) <= TOLERANCE_MWH:
        findings.append(Finding(True, words.meter_agrees()))
    else:
        findings.append(Finding(False, words.meter_differs(entry)))
    if intervals:
        findings.append(_readings(entry, intervals))
    if entry.is_counted:
        findings += [*_before(entry, before), *_after(entry, after)]
    formula = words.formula(entry) if has_meter else ""
    return Check(formula, tuple(findings), words.signature(entry) if has_meter or entry.is_signed else "")


def _readings(entry: Entry, intervals: Sequence[Interval]) -> Finding:
    energy = sum(energy for _at, energy in intervals)
    if abs(energy - entry.energy_mwh) <= TOLERANCE_MWH * len(intervals):
        return Finding(True, words.readings_agree(energy))
    return Finding(False, words.readings_differ(energy))


def _before(entry: Entry, before: Entry | None) -> list[Finding]:
    if before is None or entry.meter_first_mwh is None:
        return []
    if before.meter_last_mwh is None:
        return [Finding(None, words.before_unknown())]
    gap = entry.meter_first_mwh - before.meter_last_mwh
    if abs(gap) <= TOLERANCE_MWH:
        return [Finding(True, words.before_agrees(before.meter_last_mwh))]
    return [Finding(False, words.before_differs(before.meter_last_mwh, gap))]


def _after(entry: Entry, after: Entry | None) -> list[Finding]:
    if after is None or entry.meter_last_mwh is None:
        return []
    if after.meter_first_mwh is None:
        return [Finding(None, words.after_unknown())]
    gap = after.meter_first_mwh - entry.meter_last_mwh
    if abs(gap) <= TOLERANCE_MWH:
        return [Finding(True, words.after_agrees(after.meter_first_mwh))]
    return [Finding(False, words.after_differs(after.meter_first_mwh, gap))]
