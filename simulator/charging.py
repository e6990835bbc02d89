"""How a simulated Go charges: a car's stay from plug to plug, and its power in between."""

from collections.abc import Iterable
from datetime import timedelta
from hashlib import md5
from uuid import UUID

from simulator.invented_history import PEOPLE
from simulator.readings import three_decimals
from simulator.reporting import CAR_DRAWS, CAR_WAITS, SLOW_REPORT_S, Reporting
from simulator.sessions import OpenSession, Session

DISCONNECTED, REQUESTING, CHARGING, FINISHED = 1, 2, 3, 5
RAMP_S, TICK_S, REPORT_DELAY_S = 5.0, 10.0, 5.0


class Charging(Reporting):
    """A charger that can charge a car."""

    # A car comes and goes.

    def begin_session(self) -> None:
        digest = md5(f"{self.id}/{self.sessions_begun}/{self.at.isoformat()}".encode()).digest()
        self.sessions_begun += 1
        self.session = OpenSession(str(UUID(bytes=digest, version=4)), self.at, self.meter_kwh)
        self.session.readings.append((self.at, self.meter_kwh))
        self.report(721, self.session.id)
        self.report(553, three_decimals(0.0))

    def end_session(self) -> None:
        """Write the session to 723 and, as soon as the cloud can hear it, to the history."""
        if self.session is None:
            return
        self.settle()
        open_session, self.session = self.session, None
        code = open_session.user
        finished = Session(
            open_session.id,
            self.id,
            self.serial,
            self.name,
            self.firmware,
            open_session.start,
            self.at,
            round(self.meter_kwh - open_session.meter_kwh, 3),
            (*open_session.readings, (self.at, self.meter_kwh)),
            committed=self.at,
            offline=not self.can_be_heard,
            token_name=code and "Key fob",
            person=PEOPLE[1] if code else None,
        )
        (self.sessions if self.can_be_heard else self.unsent).append(finished)
        self.report(553, three_decimals(finished.energy_kwh))
        self.report(723, finished.as_completed(code or ""))
        self.report(721, None)
        self.report(722, None)

    def continue_from(self, past: Iterable[Session]) -> None:
        """Have been the charger of these sessions: its meter and the last one go on from there."""
        mine = [session for session in past if session.charger_id == self.id]
        if not mine:
            return
        self.meter_kwh += sum(session.energy_kwh for session in mine)
        self.report(723, mine[-1].as_completed())
        self._report_meter()

    # Power.

    def consider_starting(self) -> None:
        """Offer the car power if nothing speaks against it; it draws after its delay."""
        self.report(708, three_decimals(self.allowed_a))
        self.cancel("_close_relay", "_begin_charging", "_give_up_on_full_car")
        if not self.may_charge():
            if self.car is not None and self.car.is_full and self.mode == REQUESTING:
                self.later(20, "_give_up_on_full_car")
            return
        self.later(max(0.0, self.start_delay_s - 2), "_close_relay")
        self.later(self.start_delay_s, "_begin_charging")

    def may_charge(self) -> bool:
        ready = self.car is not None and self.car.asks and self.authorised and not self.held_by_schedule
        return ready and not self.final_stop and self.allowed_a >= 6

    def start_at_once(self) -> None:
        """Be in the middle of charging, as if the car had begun long before; wait if it may not."""
        if not self.may_charge():
            self.consider_starting()
            return
        self.cancel("_close_relay", "_begin_charging")
        self._close_relay()
        self.drawing_since = self.at - timedelta(seconds=RAMP_S)
        self._begin_charging()
        self._report_power()
        self._report_voltages()

    def stop_drawing(self) -> None:
        """Power falls to nothing, and the charger says so at once."""
        self.settle()
        self.power_w = 0.0
        self.cancel("_tick", "_report_power", "_slow_report", "_close_relay", "_begin_charging")
        if self.car is not None:
            self.report(702, CAR_WAITS)
        self._report_power()
        if self.session is not None:
            self.report(553, three_decimals(self.session_kwh))
        self.later(1, "_report_pulse_interval")

    def finish(self) -> None:
        """The car has had enough."""
        self.stop_drawing()
        self.report(710, str(FINISHED))

    # What comes by itself.

    def _close_relay(self) -> None:
        if self.may_charge():
            self.drawing_since = self.at
            self.report(702, CAR_DRAWS)

    def _begin_charging(self) -> None:
        if not self.may_charge():
            return
        self.report(710, str(CHARGING))
        self.later(1, "_report_pulse_interval")
        self.cancel("_slow_report")
        self.later(SLOW_REPORT_S, "_slow_report")
        self._tick()

    def _give_up_on_full_car(self) -> None:
        if self.mode == REQUESTING and not self.may_charge():
            self.finish()

    def _tick(self) -> None:
        """Look at the car again: draw more or less, tell the cloud if it matters, stop when full."""
        self.cancel("_tick")
        self.settle()
        if self.car is None or not self.is_drawing:
            return
        self._tell_session_energy()
        if not self.car.asks:
            self.finish()
            return
        ramp = min(1.0, (self.at - self.drawing_since).total_seconds() / RAMP_S)
        self.power_w = self.car.power_w(self.car.current_a(self.allowed_a) * ramp)
        told_w = self.readings.number(513)
        if abs(self.power_w - told_w) > (500 if told_w > 7000 else 200) and not self.is_due("_report_power"):
            self.later(REPORT_DELAY_S, "_report_power")
        self._warm_up()
        self.later(1.0 if ramp < 1 else TICK_S, "_tick")

    def _tell_session_energy(self) -> None:
        told_kwh = self.readings.number(553)
        step_kwh = 0.1 if told_kwh < 1 else 0.2 if told_kwh < 5 else 0.5
        if self.session_kwh >= told_kwh + step_kwh:
            self.report(553, three_decimals(self.session_kwh))
            if told_kwh < 0.1:
                self._report_voltages()
