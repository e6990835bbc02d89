"""How a simulated charger carries out a command, step by step, as its values show.

When each value moves: https://github.com/metskem/zaptecbot (a recorded resume), custom-components/zaptec#209
(a pause), custom-components/zaptec#346 (deauthorize).
"""

from simulator.charging import CHARGING, DISCONNECTED, FINISHED, REQUESTING, Charging
from simulator.commands import DEAUTHORIZE, PAUSE, RESTART, RESUME

ACCEPTED_AFTER_S = 1.5


class Obeying(Charging):
    """A charger that does what it is told."""

    def obey(self, command: int) -> None:
        """Begin to carry out a command; a charger on its own ignores it (custom-components/zaptec#80)."""
        if self.readings[712] == "1" and command != RESTART:
            return
        steps = {PAUSE: "_pause_accepted", RESUME: "_resume_accepted", DEAUTHORIZE: "_deauthorize"}
        if command in steps:
            self.cancel(*steps.values(), "_pause_done", "_resume_done", "_ramp_down")
            self.later(ACCEPTED_AFTER_S, steps[command])
        elif command == RESTART:
            self.later(2, "_restart_begins")

    def _pause_accepted(self) -> None:
        if self.car is None:
            return
        self.report(718, "1")
        self.cancel("_close_relay", "_begin_charging")
        if self.is_drawing:
            self.later(2.5, "_ramp_down")
        if self.mode != FINISHED:
            self.later(5, "_pause_done")

    def _ramp_down(self) -> None:
        self.stop_drawing()

    def _pause_done(self) -> None:
        if self.car is not None and self.final_stop:
            self.report(710, str(FINISHED))

    def _resume_accepted(self) -> None:
        if self.car is None:
            return
        self.report(718, "0")
        if self.held_by_schedule:
            self.cancel("_schedule_ends")
            self.report(763, None)
        self.later(1, "_resume_done")

    def _resume_done(self) -> None:
        if self.car is not None and not self.final_stop:
            self.report(710, str(REQUESTING))
            self.consider_starting()

    def _deauthorize(self) -> None:
        if self.car is None:
            return
        if self.is_drawing:
            self.stop_drawing()
        self.end_session()
        self.report(718, "0")
        self.cancel("_schedule_ends")
        if self.held_by_schedule:
            self.report(763, None)
        self.later(1, "_look_unplugged")

    def _look_unplugged(self) -> None:
        self.report(710, str(DISCONNECTED))
        self.later(2, "_connect_again")

    def _connect_again(self) -> None:
        """The car never left, so a new session begins; without a need for permission it charges again."""
        if self.car is None:
            return
        self.begin_session()
        self.report(710, str(REQUESTING))
        self.consider_starting()

    def _restart_begins(self) -> None:
        """Nothing more is heard until it is back, while the cloud still takes it for online."""
        self.restarting = True
        if self.is_drawing:
            self.stop_drawing()
        self.later(70 + self.luck % 40, "_restart_ends")

    def _restart_ends(self) -> None:
        counter = int((self.readings[807] or "#0").split()[0].lstrip("#")) + 1
        self.report(807, f"#{counter} Cloud restart command")
        self.report(811, "6", even_if_equal=True)
        self.report(815, "3")
        self.restarting = False
        if self.mode == CHARGING:
            self.report(710, str(REQUESTING))
        self._report_temperatures()
        if self.online:
            self.come_into_hearing()
        if self.mode == REQUESTING:
            self.consider_starting()

    def come_into_hearing(self) -> None:
        """Send what was kept back, sessions included."""
        self.send_everything()
        self.sessions += self.unsent
        self.unsent = []
