"""How far an aim has come, and how long it has still to charge: by what the charger reports.

Zaptec's energy grows in steps, of 0.1 kWh below 1 kWh, 0.2 below 5 and 0.5 above, so it is known to half a kWh at
best; what a session had already when the aim was set does not count.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from dashboard.charger import chargers
from dashboard.plan import aims
from dashboard.plan.aim import Aim
from dashboard.plan.kwh_prices import UsualCharge
from zaptec.charger import ChargerState
from zaptec.modes import OperationMode

SECONDS_PER_HOUR = 3600
POWER_BY_DEFAULT_W = 3_700  # the usual least: one phase with 16 A
VOLTS = 230
MOST_BY_DEFAULT_WH = 40_000  # until it is full, of a car nobody knows yet: most batteries' larger half
TRUSTED_AFTER_S = 30 * 60  # from then on what this charge has taken says more than those before
TRUSTED_FROM_WH = 5000  # above, energy is told in steps of half a kWh: on the mean it is a quarter more
HALF_A_STEP_WH = 250
RUNNING_IN = timedelta(minutes=3)  # a car takes that long to draw what it will
MEASURED_AFTER = timedelta(minutes=10)  # at the latest; mostly the next look after RUNNING_IN knows it
LEAST_W = 500
SEEN = -1  # in the place of a number of sessions: this very charge
SHORTEST_REST_S = 30 * 60  # of a car that should be full by now, and charges


@dataclass(frozen=True)
class Power:
    """What is expected of this car; `sessions`: how many charges that rests on, 0 where it is a guess, or SEEN."""

    watts: int
    sessions: int


def see(
    connection: Connection, charger_id: str, before: ChargerState | None, after: ChargerState, now: datetime
) -> bool:
    """Notice what a new state means for an aim; called with every one. Whether there is something to do at once."""
    aim = aims.find(connection, charger_id)
    if aim is None or not after.mode.is_plugged_in:
        return False
    counted = count(aim, before, after, now)
    is_due = _is_reached(aim, counted) or (before is not None and _is_another(before, after))
    if is_due:
        counted["next_at"] = now
    chargers.touch(connection, charger_id)  # first: everybody locks the charger's row before others
    aims.change(connection, aim, **counted)
    return is_due


def count(aim: Aim, before: ChargerState | None, after: ChargerState, now: datetime) -> dict[str, object]:
    """What has come since the aim was set, as columns."""
    session_wh = session_energy_wh(after)
    # Until the car takes something, the charger may still tell of the session before.
    base_wh = session_wh if aim.base_wh is None else aim.base_wh
    base_wh = 0 if session_wh < base_wh else base_wh
    has_charged = before is not None and before.mode is OperationMode.CONNECTED_CHARGING and aim.counted_at
    seconds = (now - aim.counted_at).total_seconds() if has_charged and aim.counted_at else 0
    return {
        "base_wh": base_wh,
        "done_wh": max(0, session_wh - base_wh),
        "charged_s": aim.charged_s + max(0, round(seconds)),
        "counted_at": now,
        "has_car": True,
    }


def session_energy_wh(state: ChargerState | None) -> int:
    return round(1000 * ((state.session_energy_kwh if state else None) or 0.0))


def _is_reached(aim: Aim, counted: dict[str, object]) -> bool:
    return is_reached(aim, int(str(counted["done_wh"])), int(str(counted["charged_s"])))


def is_reached(aim: Aim, done_wh: int, charged_s: int) -> bool:
    if aim.energy_wh is not None:
        return done_wh >= aim.energy_wh
    return aim.duration_s is not None and charged_s >= aim.duration_s


def _is_another(before: ChargerState, after: ChargerState) -> bool:
    """Whether a car has come, begun or stopped, or may take another current."""
    limits = [(state.is_current_too_low, state.max_current_a) for state in (before, after)]
    return before.mode is not after.mode or limits[0] != limits[1]


def missing_s(aim: Aim, state: ChargerState | None, power: Power, usual: UsualCharge) -> int:
    """How long it has still to charge, in whole minutes."""
    if aim.duration_s is not None:
        return _whole_minutes(aim.duration_s - aim.charged_s)
    if aim.energy_wh is not None:
        return _whole_minutes((aim.energy_wh - aim.done_wh) * SECONDS_PER_HOUR / power.watts)
    taken_wh = session_energy_wh(state) if aim.has_car else 0
    left = ((usual.most_wh or MOST_BY_DEFAULT_WH) - taken_wh) * SECONDS_PER_HOUR / power.watts
    return max(SHORTEST_REST_S, _whole_minutes(left))


def _whole_minutes(seconds: float) -> int:
    return max(0, -int(-seconds // 60)) * 60


def power(aim: Aim, state: ChargerState | None, usual: UsualCharge, now: datetime) -> Power:
    """At what power this car charges: as it does now, else as cars did here lately, else as it may at least."""
    if aim.charged_s >= TRUSTED_AFTER_S and aim.done_wh >= TRUSTED_FROM_WH:
        return Power(max(LEAST_W, (aim.done_wh + HALF_A_STEP_WH) * SECONDS_PER_HOUR // aim.charged_s), SEEN)
    if state and state.mode is OperationMode.CONNECTED_CHARGING and (state.power_w or 0) > LEAST_W:
        since, read_at = state.changed_at("mode"), aim.counted_at or now
        if not usual.sessions or (since and read_at - since > RUNNING_IN):
            return Power(round(state.power_w or 0), SEEN)
    if aim.power_sessions == SEEN:
        return Power(aim.power_w, SEEN)
    expected = expected_power(state, usual)
    return cautious_power(expected, usual) if aim.has_car and is_held(state) else expected


def is_held(state: ChargerState | None) -> bool:
    """Whether a car is there of which nothing tells how much it takes, until it is let charge."""
    return state is None or state.mode is OperationMode.CONNECTED_FINISHED


def cautious_power(expected: Power, usual: UsualCharge) -> Power:
    """As the weakest car that came lately, or as the usual least: its latest start must not be too late for that.

    A stronger one is known minutes after it has begun, and then waits for the rest of the cheapest hours.
    """
    least_w = usual.least_w if usual.power_w else POWER_BY_DEFAULT_W
    return Power(min(expected.watts, least_w or expected.watts), expected.sessions)


def measured_at(aim: Aim, state: ChargerState | None, power: Power) -> datetime | None:
    """When the power of a car that charges, or is about to, will be known; None where it is, or is no help."""
    if power.sessions == SEEN or aim.duration_s is not None or state is None or not aim.is_cheapest:
        return None
    is_at_it = state.mode in (OperationMode.CONNECTED_CHARGING, OperationMode.CONNECTED_REQUESTING)
    since = state.changed_at("mode")
    return since + MEASURED_AFTER if is_at_it and since else None


def expected_power(state: ChargerState | None, usual: UsualCharge) -> Power:
    """By the last sessions; else by the limits, on one phase: which cars come nobody knows."""
    if usual.power_w:
        return Power(usual.power_w, usual.sessions)
    limit_a = state.max_current_a if state else None
    return Power(round(limit_a * VOLTS) if limit_a and limit_a >= 6 else POWER_BY_DEFAULT_W, 0)
