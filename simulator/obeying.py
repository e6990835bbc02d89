"""How a simulated charger carries out a command, step by step, as its values show.

When each value moves: https://github.com/metskem/zaptecbot (a recorded resume), custom-components/zaptec#209
(a pause), custom-components/zaptec#346 (deauthorize).
"""

import re
from collections.abc import Callable

from simulator.charger_parts import CHARGING, DISCONNECTED, FINISHED, REQUESTING, ChargerParts
from simulator.charging import begin_charging, close_relay, consider_starting, schedule_ends, stop_drawing
from simulator.commands import DEAUTHORIZE, PAUSE, RESTART, RESUME
from simulator.reporting import report_temperatures
from simulator.stays import begin_session, come_into_hearing, end_session
from simulator.timeline import happening

ACCEPTED_AFTER_S = 1.5

Step = tuple[float | Callable[[ChargerParts], float], Callable[[ChargerParts], None]]


def obey(charger: ChargerParts, command: int) -> None:
    """Begin to carry out a command; a charger on its own ignores it (custom-components/zaptec#80)."""
    if charger.readings[712] == "1" and command != RESTART:
        return
    if command != RESTART:
        forget_commands(charger, PAUSE, RESUME)
        charger.timeline.cancel_with(take_step, DEAUTHORIZE, 0)  # once begun, it goes on
    _await_step(charger, command, 0)


def forget_commands(charger: ChargerParts, *commands: int) -> None:
    """Leave what is still to be done for these."""
    for command in commands:
        charger.timeline.cancel_with(take_step, command)


@happening
def take_step(charger: ChargerParts, command: int, number: int) -> None:
    """Do one step of a command and look forward to the next."""
    steps = STEPS[command]
    if charger.car is None and command != RESTART:
        return  # it left meanwhile, and the command has lost its object
    steps[number][1](charger)
    if number + 1 < len(steps):
        _await_step(charger, command, number + 1)


def _await_step(charger: ChargerParts, command: int, number: int) -> None:
    after_s, _ = STEPS[command][number]
    charger.timeline.later(after_s(charger) if callable(after_s) else after_s, take_step, command, number)


# The steps of a pause.


def stop_for_good(charger: ChargerParts) -> None:
    charger.report(718, "1")
    charger.timeline.cancel(close_relay, begin_charging)


def ramp_down(charger: ChargerParts) -> None:
    if charger.is_drawing:
        stop_drawing(charger)


def show_as_finished(charger: ChargerParts) -> None:
    if charger.final_stop:
        charger.report(710, str(FINISHED))


# The steps of a resume.


def lift_final_stop(charger: ChargerParts) -> None:
    charger.report(718, "0")
    if charger.held_by_schedule:
        charger.timeline.cancel(schedule_ends)
        charger.report(763, None)


def ask_again(charger: ChargerParts) -> None:
    if not charger.final_stop:
        charger.report(710, str(REQUESTING))
        consider_starting(charger)


# The steps of a deauthorization. The car never left, so a new session begins; without a need for permission
# it charges again.


def withdraw_permission(charger: ChargerParts) -> None:
    if charger.is_drawing:
        stop_drawing(charger)
    end_session(charger)
    charger.report(718, "0")
    charger.timeline.cancel(schedule_ends)
    if charger.held_by_schedule:
        charger.report(763, None)


def look_unplugged(charger: ChargerParts) -> None:
    charger.report(710, str(DISCONNECTED))


def connect_again(charger: ChargerParts) -> None:
    begin_session(charger)
    charger.report(710, str(REQUESTING))
    consider_starting(charger)


# The steps of a restart.


def fall_silent(charger: ChargerParts) -> None:
    """Nothing more is heard until it is back, while the cloud still takes it for online."""
    charger.restarting = True
    if charger.is_drawing:
        stop_drawing(charger)


def come_back(charger: ChargerParts) -> None:
    counted = re.match(r"#([0-9]{1,9})\b", charger.readings[807] or "")
    charger.report(807, f"#{int(counted[1]) + 1 if counted else 1} Cloud restart command")
    charger.report(811, "6", even_if_equal=True)
    charger.report(815, "3")
    charger.restarting = False
    if charger.mode == CHARGING:
        charger.report(710, str(REQUESTING))
    report_temperatures(charger)
    if charger.online:
        come_into_hearing(charger)
    if charger.mode == REQUESTING:
        consider_starting(charger)


def _restart_takes_s(charger: ChargerParts) -> float:
    return 70.0 + charger.luck % 40


# Each step with the seconds after the one before it; the first, after the command.
STEPS: dict[int, tuple[Step, ...]] = {
    PAUSE: ((ACCEPTED_AFTER_S, stop_for_good), (2.5, ramp_down), (2.5, show_as_finished)),
    RESUME: ((ACCEPTED_AFTER_S, lift_final_stop), (1.0, ask_again)),
    DEAUTHORIZE: ((ACCEPTED_AFTER_S, withdraw_permission), (1.0, look_unplugged), (2.0, connect_again)),
    RESTART: ((2.0, fall_silent), (_restart_takes_s, come_back)),
}
