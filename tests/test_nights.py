"""What the bench of simulated nights says of a night, tried on one that was lived through and on invented ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bench.nights_drawn import HOUR, MINUTE, DrawnNight, Trouble, draw
from bench.nights_told import NightReport
from bench.nights_verdict import doubled_commands, judge, owed_kwh
from simulator.commands import ReceivedCommand


def calm_night() -> DrawnNight:
    """11 kW for a night of many hours, and nothing goes wrong."""
    night = next(night for night in map(draw, range(1, 400)) if night.is_faultless and night.energy_kwh)
    ready_by = max(night.plugged_in_at, night.set_at) + 12 * HOUR
    return replace(night, ready_by=ready_by, energy_kwh=20.0, phases=3, amps=16)


def report_of(night: DrawnNight, done_kwh: float, *commands: tuple[int, str]) -> NightReport:
    received = [
        ReceivedCommand(night.set_at + n * HOUR, command, 200, outcome)
        for n, (command, outcome) in enumerate(commands)
    ]
    metered = [(night.set_at, 0.0), (night.ready_by, done_kwh)]
    return NightReport(night, done_kwh, metered, received, None, None, 0.5, {})


def test_a_night_is_drawn_the_same_from_the_same_number() -> None:
    assert draw(17) == draw(17) != draw(18)


def test_a_car_that_could_have_been_full_and_is_not_is_a_fault() -> None:
    night = calm_night()
    assert judge(report_of(night, 20.1)).faults == ()
    assert judge(report_of(night, 15.0)).faults == ("has 15.0 of 20.0 kWh",)


def test_what_the_cloud_kept_from_being_sent_is_not_owed_but_what_could_be_made_up_is() -> None:
    night = calm_night()
    down_all_night = Trouble("go_down", night.ready_by - 8 * HOUR, night.ready_by - 5 * MINUTE)
    assert owed_kwh(report_of(replace(night, troubles=(down_all_night,)), 0)) is None
    early = Trouble("go_down", night.ready_by - 9 * HOUR, night.ready_by - 6 * HOUR)
    assert owed_kwh(report_of(replace(night, troubles=(early,)), 0)) == 20
    too_long = replace(night, ready_by=night.set_at + timedelta(hours=1))
    assert owed_kwh(report_of(too_long, 0)) is None


def test_a_command_sent_again_after_it_was_carried_out_is_doubled() -> None:
    night = calm_night()
    assert not doubled_commands(report_of(night, 20, (506, "executed"), (507, "lost"), (507, "executed")))
    assert doubled_commands(report_of(night, 20, (506, "executed"), (507, "executed"), (507, "refused")))
