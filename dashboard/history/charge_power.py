"""The power of the charge that runs, kept in small steps from the states that were read anyway.

Zaptec tells a session's readings only once it has ended; until then what was seen is all there is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import Connection, delete, select

from dashboard import formats
from dashboard.charger.stays import has_left
from dashboard.history.cost_so_far import PowerSpan
from dashboard.history.tables import power_step
from zaptec.charger import ChargerState
from zaptec.modes import OperationMode
from zaptec.state import NO_POWER_BELOW_W

KEPT = 60  # steps of a charger; beyond that the smallest one goes
WORTH_A_STEP_W = 200  # less is noise of the meter, and no reason to write to a disk
MOST_POSSIBLE_W = 1_000_000  # a reading beyond that is no power
KNOWN_FROM_THE_START = timedelta(minutes=2)


@dataclass(frozen=True)
class PowerStep:
    """From then on the car was charged that strongly.

    Attributes:
        at: by the charger's clock.
        power_w: 0 where no power flowed; None where it was, and nobody knows how strongly.
    """

    at: datetime
    power_w: int | None


def see(
    connection: Connection, charger_id: str, before: ChargerState | None, after: ChargerState, now: datetime
) -> None:
    """Keep what a new state says of the power; with another car, or none, all of it is forgotten."""
    if before is None or has_left(before, after):
        connection.execute(delete(power_step).where(power_step.c.charger_id == charger_id))
    is_same = before is not None and (before.mode, before.power_w) == (after.mode, after.power_w)
    if not is_same and after.mode.is_plugged_in:
        _keep(connection, charger_id, read(connection, charger_id), after, now)


def read(connection: Connection, charger_id: str) -> list[PowerStep]:
    """The steps of this charge, in their order."""
    query = select(power_step.c.at, power_step.c.power_w).where(power_step.c.charger_id == charger_id)
    return [PowerStep(*row) for row in connection.execute(query.order_by(power_step.c.at))]


def _keep(
    connection: Connection, charger_id: str, steps: list[PowerStep], state: ChargerState, now: datetime
) -> None:
    last = steps[-1] if steps else None
    new = [step for step in _new_steps(last, state, now) if last is None or step.at > last.at]
    if not new:
        return
    rows = [{"charger_id": charger_id, "at": step.at, "power_w": step.power_w} for step in new]
    connection.execute(power_step.insert(), rows)
    for _ in range(len(steps) + len(new) - KEPT):
        smallest = _smallest(read(connection, charger_id))
        mine = (power_step.c.charger_id == charger_id, power_step.c.at == smallest.at)
        connection.execute(delete(power_step).where(*mine))


def _new_steps(last: PowerStep | None, state: ChargerState, now: datetime) -> list[PowerStep]:
    """What a state adds to the last step that is known."""
    changed_at = _time(state.changed_at("mode"), now)
    if state.mode is not OperationMode.CONNECTED_CHARGING:
        return [] if last is None or last.power_w == 0 else [PowerStep(changed_at, 0)]
    if state.power_w is None or state.power_w > MOST_POSSIBLE_W:
        return [] if last and last.power_w != 0 else [PowerStep(changed_at, None)]
    power_w = 0 if state.power_w < NO_POWER_BELOW_W else round(state.power_w)
    measured = PowerStep(_time(state.changed_at("power_w"), now), power_w)
    if last is None or (last.power_w == 0 and power_w):
        return _begun(changed_at, measured)
    return [measured] if _differs(last.power_w, power_w) else []


def _differs(known_w: int | None, power_w: int) -> bool:
    return known_w is None or abs(power_w - known_w) >= WORTH_A_STEP_W or (not power_w and bool(known_w))


def _begun(began_at: datetime, measured: PowerStep) -> list[PowerStep]:
    """Of a charge that nobody looked at until now, the power is known only since it was measured."""
    if measured.at - began_at <= KNOWN_FROM_THE_START:
        return [PowerStep(began_at, measured.power_w)]
    return [PowerStep(began_at, None), measured]


def _time(at: datetime | None, now: datetime) -> datetime:
    """A time of the charger's that can be; else ours."""
    return at if at and formats.is_possible(at, now) and at <= now else now


def _smallest(steps: list[PowerStep]) -> PowerStep:
    """The step that is missed least: never one at which charging began or ended."""
    between = [
        (abs(step.power_w - before.power_w), step)
        for before, step in pairwise(steps)
        if step.power_w and before.power_w
    ]
    return min(between, key=lambda pair: pair[0])[1] if between else steps[0]


def spans(steps: list[PowerStep], until: datetime) -> list[PowerSpan]:
    """The time of this charge up to then, by how strongly the car was charged."""
    ends = [*(step.at for step in steps[1:]), until]
    pairs = zip(steps, ends, strict=False)
    return [PowerSpan(step.at, min(end, until), step.power_w) for step, end in pairs if step.at < min(end, until)]


def spans_so_far(steps: list[PowerStep], state: ChargerState, now: datetime) -> list[PowerSpan]:
    """How strongly the car was charged up to the reading of its energy, which may be older than the news."""
    if not steps:
        return []
    energy_at = state.changed_at("session_energy_kwh")
    return spans(steps, energy_at if energy_at and steps[0].at < energy_at < now else now)


def flowed_from(spans: Sequence[PowerSpan]) -> datetime | None:
    """When the car began to be charged; None where nobody has seen it."""
    return next((span.begin for span in spans if span.power_w != 0), None)


def time_charging(steps: list[PowerStep], until: datetime) -> timedelta:
    """For how long this car has been charged so far."""
    until = max(until, steps[-1].at) if steps else until
    return sum((span.end - span.begin for span in spans(steps, until) if span.power_w != 0), timedelta())
