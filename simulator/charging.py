"""How a simulated Go charges: cable, session, current, energy, and what it tells the cloud about them.

The order and pace of its reports follow published firmware, https://github.com/smjothen/ApolloESP32Application
(February 2024), and recordings, https://github.com/metskem/zaptecbot.
"""

import json
import math
from datetime import datetime, timedelta
from hashlib import md5
from threading import RLock
from uuid import UUID

from simulator.car import VOLTS, Car
from simulator.clock import Clock
from simulator.machine import Machine
from simulator.readings import three_decimals
from simulator.sessions import OpenSession, Person, Session, ocmf

DISCONNECTED, REQUESTING, CHARGING, FINISHED = 1, 2, 3, 5
NO_CAR, CAR_WAITS, CAR_DRAWS = "12", "9", "6"
CURRENTS, VOLTAGES = (507, 508, 509), (501, 502, 503)
IDLE_CURRENTS = (0.696, 0.028, 0.024)
RAMP_S, TICK_S, REPORT_DELAY_S, SLOW_REPORT_S = 5.0, 10.0, 5.0, 900.0


class Charging(Machine):
    """A charger that can charge a car.

    Attributes:
        car: what hangs at the cable, if anything.
        meter_kwh: the lifetime energy meter.
        limit_a: the current set for this charger; under 6 A it may not charge.
        start_delay_s: how long a car takes from being offered power to drawing it.
        sessions: finished sessions that have reached the cloud, oldest first.
        firmware: the version people see.
    """

    def __init__(self, charger_id: str, name: str, serial: str, clock: Clock, lock: RLock) -> None:
        super().__init__(charger_id, name, serial, clock, lock)
        self.car: Car | None = None
        self.session: OpenSession | None = None
        self.sessions: list[Session] = []
        self.unsent: list[Session] = []
        self.sessions_begun = 0
        self.meter_kwh = 120.0 + self.luck % 700
        self.power_w = 0.0
        self.limit_a = self.share_a = 16.0
        self.start_delay_s = 5.0 + self.luck % 10
        self.firmware = self.readings[911] or "2.3.1.2"
        self.heat = 0.0
        self._settled_at = self._drawing_since = self._heat_at = self.at
        self._first_values()

    # What it is in.

    @property
    def mode(self) -> int:
        return int(self.readings.number(710))

    @property
    def is_drawing(self) -> bool:
        return self.readings[702] == CAR_DRAWS

    @property
    def final_stop(self) -> bool:
        return self.readings[718] == "1"

    @property
    def authorised(self) -> bool:
        return self.readings[120] != "1" or bool(self.readings[722])

    @property
    def held_by_schedule(self) -> bool:
        return bool(self.readings[763])

    @property
    def allowed_a(self) -> float:
        """Current it may give the car now; under 6 A none."""
        held = self.car is not None and (not self.authorised or self.held_by_schedule)
        return 0.0 if held or self.readings[711] == "0" else min(self.limit_a, self.share_a)

    @property
    def session_kwh(self) -> float:
        return self.meter_kwh - self.session.meter_kwh if self.session else 0.0

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
            person=Person("99999999-8888-4777-8666-555555555555", "Ben", "ben@example.invalid")
            if code
            else None,
        )
        (self.sessions if self.can_be_heard else self.unsent).append(finished)
        self.report(553, three_decimals(finished.energy_kwh))
        self.report(723, finished.as_completed(code or ""))
        self.report(721, None)
        self.report(722, None)

    # Power.

    def settle(self) -> None:
        """Book the energy that has flowed since the last change of power."""
        energy_kwh = self.power_w * (self.at - self._settled_at).total_seconds() / 3_600_000
        self._settled_at = self.at
        self.meter_kwh += energy_kwh
        if self.car is not None and energy_kwh:
            self.car.take(energy_kwh)

    def consider_starting(self, after_s: float | None = None) -> None:
        """Offer the car power if nothing speaks against it; it draws after its delay."""
        self.report(708, three_decimals(self.allowed_a))
        self.cancel("_close_relay", "_begin_charging", "_give_up_on_full_car")
        if not self.may_charge():
            if self.car is not None and self.car.is_full and self.mode == REQUESTING:
                self.later(20, "_give_up_on_full_car")
            return
        delay_s = self.start_delay_s if after_s is None else after_s
        self.later(max(0.0, delay_s - 2), "_close_relay")
        self.later(delay_s, "_begin_charging")

    def may_charge(self) -> bool:
        ready = self.car is not None and self.car.asks and self.authorised and not self.held_by_schedule
        return ready and not self.final_stop and self.allowed_a >= 6

    def start_at_once(self) -> None:
        """Be in the middle of charging, as if the car had started long before anybody looked."""
        self.cancel("_close_relay", "_begin_charging")
        self._close_relay()
        self._drawing_since = self.at - timedelta(seconds=RAMP_S)
        self._begin_charging()
        self._report_power()
        for state_id, volts in zip(VOLTAGES, VOLTS, strict=True):
            self.report(state_id, three_decimals(volts))

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

    def _first_values(self) -> None:
        car_less = {702: NO_CAR, 710: "1", 714: "0", 718: "0", 721: None, 722: None}
        switches = {-2: "1", 120: "0", 711: "1", 712: "0", 804: "0", 147: "600"}
        capabilities = {"DeviceType": "Go", "SerialNumber": self.serial, "MeterCalibrated": False}
        texts = {100: json.dumps(capabilities, separators=(",", ":")), 802: self.name}
        decimals = {
            510: self.limit_a,
            708: self.limit_a,
            513: 0.0,
            553: 0.0,
            501: 0.249,
            502: 4.07,
            503: 0.739,
        }
        values: dict[int, str | None] = {**car_less, **switches, **texts}
        values |= {state_id: three_decimals(number) for state_id, number in decimals.items()}
        for state_id, text in values.items():
            self.readings.put(state_id, text, self.at)
        self._report_power()
        self._report_temperatures()
        self._report_meter()
        self._pulse()
        self.send_everything()
        next_hour = self.at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        self.later((next_hour - self.at).total_seconds(), "_full_hour")

    def _pulse(self) -> None:
        self.report(-1, None, even_if_equal=True)
        self.later(self.readings.number(147, 600), "_pulse")

    def _report_pulse_interval(self) -> None:
        self.report(147, "180" if self.is_drawing else "600")
        self.cancel("_pulse")
        self._pulse()

    def _close_relay(self) -> None:
        if self.may_charge():
            self._drawing_since = self.at
            self.report(702, CAR_DRAWS)

    def _begin_charging(self) -> None:
        if not self.may_charge():
            return
        self.report(710, str(CHARGING))
        self.later(1, "_report_pulse_interval")
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
        ramp = min(1.0, (self.at - self._drawing_since).total_seconds() / RAMP_S)
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

    def _report_power(self) -> None:
        self.report(513, three_decimals(self.power_w))
        current_a = self.car.current_a(self.allowed_a) if self.car and self.power_w else 0.0
        phases = self.car.phases if self.car else 3
        for number, state_id in enumerate(CURRENTS):
            flows = current_a > 0 and number < phases
            amps = current_a * (1 - 0.001 * number) if flows else IDLE_CURRENTS[number]
            self.report(state_id, three_decimals(amps))

    def _report_voltages(self) -> None:
        """Behind the relay: mains voltage while current flows, next to nothing otherwise."""
        loaded = self.is_drawing and self.power_w > 0
        idle = (0.249, 4.07, 0.739)
        for number, state_id in enumerate(VOLTAGES):
            self.report(state_id, three_decimals(VOLTS[number] - 1.6 if loaded else idle[number]))

    def _warm_up(self) -> None:
        """Follow the current towards a steady heat, with a time constant of 25 minutes."""
        passed_s = (self.at - self._heat_at).total_seconds()
        self._heat_at = self.at
        self.heat += (self.power_w / 11_000 - self.heat) * (1 - math.exp(-passed_s / 1500))

    def _report_temperatures(self) -> None:
        self._warm_up()
        air = 17.5 + 9 * self.heat + 3 * math.sin(self.at.hour / 24 * 2 * math.pi)
        self.report(201, three_decimals(air))
        self.report(270, three_decimals(28 - 7 * self.heat))
        if self.power_w > 0 or self.readings[202] is None:
            for state_id, above in {202: 26.0, 204: 25.6, 205: 26.3, 206: 21.8, 207: 23.1}.items():
                self.report(state_id, three_decimals(air + above * self.heat))
        self.report(808, self._diagnostics())

    def _diagnostics(self) -> str:
        up = self.at - self.readings.reading(811).at
        meters, boards = ([self.readings.number(i) for i in ids] for ids in ((202, 204, 205), (206, 207)))
        volts, amps = ([self.readings.number(i) for i in ids] for ids in (VOLTAGES, CURRENTS))
        joined = [" ".join(f"{number:.2f}" for number in group) for group in (meters, boards, volts, amps)]
        energy = f"{self.power_w / 1000:.3f}kW {self.session_kwh:.3f}kWh " if self.session else ""
        clock = f"{up.days}d {up.seconds // 3600:02}h{up.seconds // 60 % 60:02}m{up.seconds % 60:02}s"
        return (
            f"{clock} T_EM: {joined[0]}  T_M: {joined[1]}   V: {joined[2]}   I: {joined[3]}  {energy}"
            f"C{self.readings[702]} CM{self.readings[710]} MCnt:{int(up.total_seconds())} Rs:0 Rc:0"
        )

    def _slow_report(self) -> None:
        self._report_temperatures()
        self.later(SLOW_REPORT_S, "_slow_report")

    def _full_hour(self) -> None:
        """The signed meter is written on the hour, and only if energy has flowed."""
        self.settle()
        if self.session is not None and self.meter_kwh - self.session.readings[-1][1] >= 0.001:
            self.session.readings.append((self.at, self.meter_kwh))
            self._report_meter()
        self._report_voltages()
        self._report_temperatures()
        self.later(3600, "_full_hour")

    def _report_meter(self) -> None:
        reading: tuple[datetime, float] = (self.at, self.meter_kwh)
        self.report(554, ocmf(self.serial, self.firmware, "F1", (reading,)))
