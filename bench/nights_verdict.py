"""What has to hold of a night, reckoned from the car, the troubles and the prices alone, and whether it did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from bench.nights_drawn import HOUR, MINUTE, DrawnNight
from bench.nights_told import DEAD_FOR, NightReport
from tests.planner_reference import Night as ReferenceNight
from tests.planner_reference import least

MARGIN, CELL = 15 * MINUTE, 5 * MINUTE
BLOCKS, SHORTEST = 3, 30 * MINUTE
NOTICES_WITHIN = 12 * MINUTE  # how soon after a trouble a command that was due has to come about
WITHIN = 0.97  # of what was wanted: Zaptec's energy grows in steps of half a kWh
RESUME = 507
WORTH_COMPARING = 30_000  # millionths per kWh: of less, a share says nothing


@dataclass(frozen=True)
class NightVerdict:
    """What is said of a night.

    Attributes:
        owed_kwh: what the car must have when it is to be ready; None: physics, or the cloud, did not allow it.
        dearer: the cost above the cheapest there is, as a share of it; None where that cannot be compared.
        faults: what did not hold, in words.
    """

    report: NightReport
    owed_kwh: float | None
    dearer: float | None
    faults: tuple[str, ...]


def judge(report: NightReport) -> NightVerdict:
    owed, dearer = owed_kwh(report), above_the_cheapest(report)
    faults = []
    if owed is not None and report.done_kwh < owed * WITHIN - 0.25:
        faults.append(f"has {report.done_kwh:.1f} of {owed:.1f} kWh")
    if doubled := doubled_commands(report):
        faults.append(f"command doubled: {doubled}")
    starts = sum(1 for command in report.received if command.command == RESUME and command.outcome == "executed")
    if starts > BLOCKS:
        faults.append(f"{starts} starts")
    return NightVerdict(report, owed, dearer, tuple(faults))


def wanted_kwh(night: DrawnNight) -> float:
    """What the car could have had in a night that is long enough."""
    room = max(0.0, night.wants_level - night.level) * night.battery_kwh / 0.92
    if night.energy_kwh:
        return min(night.energy_kwh, room)
    return min(night.hours * night.power_w / 1000, room) if night.hours else room


def owed_kwh(report: NightReport) -> float | None:
    """What must be there by the deadline.

    Charging without a break from the latest safe start on has to do; where a trouble keeps a command from getting
    through then, from its end on.
    """
    night = report.night
    wanted = wanted_kwh(night)
    if night.most_starts or not wanted:
        return None  # nobody can know beforehand that a car will not begin again
    energy = min(wanted, energy_between(night, begin_for(night, wanted), night.ready_by))
    return energy if energy >= wanted * 0.995 else None


def begin_for(night: DrawnNight, wanted: float) -> datetime:
    """From when on the car must charge without a break: from when it must at the latest, or a trouble ends."""
    since = max(night.plugged_in_at, night.set_at) + 2 * MINUTE
    latest = since
    while latest < night.ready_by and energy_between(night, latest, night.ready_by - MARGIN) >= wanted:
        latest += MINUTE
    begin = max(since, latest - MINUTE - timedelta(minutes=1))
    for trouble_begin, end in sorted(blind_times(night)):
        if trouble_begin - NOTICES_WITHIN <= begin < end + NOTICES_WITHIN:
            begin = end + NOTICES_WITHIN
    return begin + timedelta(seconds=night.wakes_after_s)


def blind_times(night: DrawnNight) -> list[tuple[datetime, datetime]]:
    """When no command of ours gets through."""
    times = [(trouble.begin, trouble.end) for trouble in night.troubles]
    times += [(at, at + DEAD_FOR) for at in night.restarts]
    return times + ([(night.clock_wrong[1], night.clock_wrong[2])] if night.clock_wrong else [])


def energy_between(night: DrawnNight, begin: datetime, end: datetime) -> float:
    """What the car takes when nothing holds it, in kWh."""
    if begin >= end:
        return 0.0
    whole = (end - begin) / HOUR * night.power_w / 1000
    if not night.limit:
        return whole
    weaker = min(1.0, night.limit[1] / night.amps)
    weak_from = max(begin, night.limit[0])
    return whole - max(0.0, (end - weak_from) / HOUR) * night.power_w / 1000 * (1 - weaker)


def doubled_commands(report: NightReport) -> str:
    """A command that was sent though the one before it, the same, had been carried out."""
    taken = [command for command in report.received if command.outcome in ("executed", "refused")]
    for before, after in pairwise(taken):
        if before.command == after.command and before.outcome == "executed":
            return f"{after.command} at {after.at:%H:%M:%S}"
    return ""


def above_the_cheapest(report: NightReport) -> float | None:
    """How much more a kWh cost than in the cheapest hours the same manners allow, as a share."""
    night = report.night
    paid = paid_per_kwh(report)
    if not night.is_faultless or paid is None or report.done_kwh < 2:
        return None
    begin = max(night.plugged_in_at, night.set_at) + timedelta(seconds=20)
    cells = [begin + n * CELL for n in range((night.ready_by - MARGIN - begin) // CELL)]
    prices = [report.prices.get(at.replace(minute=at.minute // 15 * 15, second=0)) for at in cells]
    wanted = round(report.done_kwh / (night.power_w / 1000) * HOUR / CELL)
    if not 0 < wanted <= len(cells) or None in prices:
        return None
    best = least(ReferenceNight(prices, wanted, BLOCKS, SHORTEST // CELL)) / wanted
    return (paid - best) / best if best >= WORTH_COMPARING else None


def paid_per_kwh(report: NightReport) -> float | None:
    """In millionths, by the quarter in which the energy flowed."""
    total = energy = 0.0
    for (before, kwh_before), (at, kwh) in pairwise(report.metered):
        middle = before + (at - before) / 2
        price = report.prices.get(middle.replace(minute=middle.minute // 15 * 15, second=0, microsecond=0))
        if kwh > kwh_before and price is None:
            return None
        total += (kwh - kwh_before) * (price or 0)
        energy += kwh - kwh_before
    return total / energy if energy else None
