"""Lives through a drawn night, and tells what came of it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bench.nights_drawn import HOME, MINUTE, DrawnNight, Trouble
from bench.nights_house import SimulatedHouse, house_of
from simulator.commands import ReceivedCommand

DEAD_FOR = 3 * MINUTE
LOOKED_AT_AFTER = 30 * MINUTE
Event = tuple[datetime, Callable[[], None]]


@dataclass(frozen=True)
class NightReport:
    """What came of a night.

    Attributes:
        done_kwh: what the car had taken since it was set, when it was to be ready.
        metered: what the meter said, at each step, from the setting on.
        latest_start: as it was told right after the setting, or when the car had come.
        aim: what was told at the time to be ready; None: nothing any more.
        prices: by the begin of each quarter, millionths per kWh.
    """

    night: DrawnNight
    done_kwh: float
    metered: list[tuple[datetime, float]]
    received: list[ReceivedCommand]
    latest_start: datetime | None
    aim: dict[str, Any] | None
    level: float
    prices: dict[datetime, int | None]


def live_through(night: DrawnNight, database_url: str) -> NightReport:
    random.seed(night.seed)
    with house_of(night, database_url) as house:
        told: list[dict[str, Any] | None] = []
        for moment, happen in sorted(_events(house, told), key=lambda event: event[0]):
            house.pass_time(moment)
            happen()
        house.pass_time(night.ready_by)
        return _report(house, told)


def _report(house: SimulatedHouse, told: list[dict[str, Any] | None]) -> NightReport:
    night, first = house.night, next((aim for aim in told if aim), None)
    since = max(night.set_at, night.plugged_in_at)
    metered = [(at, kwh) for at, kwh in house.metered if at >= since]
    car = house.cloud.charger.car
    if not house.programs:
        house.start()
    return NightReport(
        night,
        metered[-1][1] - metered[0][1],
        metered,
        house.cloud.charger.received,
        datetime.fromisoformat(first["latest_start"]) if first else None,
        house.next_json(),
        car.level if car else 0.0,
        house.quarter_prices(night.begin, night.ready_by),
    )


def _events(house: SimulatedHouse, told: list[dict[str, Any] | None]) -> list[Event]:
    night = house.night
    events: list[Event] = [
        (night.plugged_in_at, lambda: _plug_in(house)),
        (night.set_at, lambda: _set(house, told)),
        (max(night.set_at, night.plugged_in_at) + 5 * MINUTE, lambda: _note(house, told)),
    ]
    for trouble in night.troubles:
        events += _trouble(house, trouble)
    for moment in night.restarts:
        events += [(moment, house.kill), (moment + DEAD_FOR, lambda: _revive(house))]
    if night.clock_wrong:
        ahead, begin, end = night.clock_wrong
        events += [(begin, lambda: _set_clock(house, ahead)), (end, lambda: _set_clock(house, timedelta()))]
    if night.limit:
        moment, amps = night.limit
        events.append((moment, lambda: house.cloud.charger.share_current(amps)))
    return [event for event in events if event[0] < night.ready_by]


def _plug_in(house: SimulatedHouse) -> None:
    night, charger = house.night, house.cloud.charger
    most_a = max(16.0, night.amps)
    charger.limit_current(most_a)
    charger.share_current(most_a if not night.limit or night.limit[0] > house.time.now() else night.limit[1])
    charger.plug_in(level=night.level, battery_kwh=night.battery_kwh, phases=night.phases)
    charger.car_draws_at_most(night.amps, night.phases)
    charger.car_wants_only(night.wants_level)
    charger.car_wakes_slowly(night.wakes_after_s / 60)
    if night.most_starts:
        charger.car_starts_only(night.most_starts)
    house.read_meter()


def _set(house: SimulatedHouse, told: list[dict[str, Any] | None]) -> None:
    """Somebody opens the page, waits until it shows something, and sets the aim; again where it did not work."""
    night = house.night
    if not house.programs:
        _revive(house)
    browser, page = house.browser(), f"/chargers/{house.cloud.charger.id}"
    form = {
        "do": "set",
        "ready_by": f"{night.ready_by.astimezone(HOME):%H:%M}",
        "energy": f"{night.energy_kwh:g}" if night.energy_kwh else "",
        "hours": f"{night.hours:g}" if night.hours else "",
        "cheapest": "yes",
    }
    browser.get(page)
    house.pass_time(house.time.now() + timedelta(seconds=10))
    house.read_meter()
    answer = browser.post(page + "/aim", data=form, follow_redirects=True)
    assert answer.status_code == 200, answer.status
    _note(house, told)


def _note(house: SimulatedHouse, told: list[dict[str, Any] | None]) -> None:
    if house.programs:
        told[:] = [house.next_json()]


def _revive(house: SimulatedHouse) -> None:
    if not house.programs:
        house.start()


def _set_clock(house: SimulatedHouse, ahead: timedelta) -> None:
    house.ahead = ahead


def _trouble(house: SimulatedHouse, trouble: Trouble) -> list[Event]:
    whose = house.cloud.charger if trouble.name == "go_offline" else house.cloud
    ends: Callable[[], None] = house.cloud.heal
    if trouble.name == "go_offline":
        ends = house.cloud.charger.come_online
    return [(trouble.begin, getattr(whose, trouble.name)), (trouble.end, ends)]
