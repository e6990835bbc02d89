"""What a simulated Go knows of itself, and when it tells the cloud which part of it.

The order and pace of its reports follow published firmware, https://github.com/smjothen/ApolloESP32Application
(February 2024), and recordings, https://github.com/metskem/zaptecbot.
"""

import json
import math
from datetime import datetime, timedelta
from threading import RLock

from simulator.car import VOLTS, Car
from simulator.clock import Clock
from simulator.machine import Machine
from simulator.readings import three_decimals
from simulator.sessions import OpenSession, Session, ocmf

NO_CAR, CAR_WAITS, CAR_DRAWS = "12", "9", "6"
CURRENTS, VOLTAGES = (507, 508, 509), (501, 502, 503)
# With the relay open, amplifiers still see a little (https://github.com/metskem/zaptecbot).
IDLE_CURRENTS, IDLE_VOLTS = (0.696, 0.028, 0.024), (0.249, 4.07, 0.739)
SLOW_REPORT_S = 900.0


class Reporting(Machine):
    """A charger with a cable, a meter and much to tell.

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
        self.settled_at = self.drawing_since = self.heat_at = self.at
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

    # The meter.

    def settle(self) -> None:
        """Book the energy that has flowed since the last change of power."""
        energy_kwh = self.power_w * (self.at - self.settled_at).total_seconds() / 3_600_000
        self.settled_at = self.at
        self.meter_kwh += energy_kwh
        if self.car is not None and energy_kwh:
            self.car.take(energy_kwh)

    # What it tells.

    def _first_values(self) -> None:
        car_less = {702: NO_CAR, 710: "1", 714: "0", 718: "0", 721: None, 722: None}
        switches = {-2: "1", 120: "0", 711: "1", 712: "0", 804: "0", 147: "600"}
        capabilities = {"DeviceType": "Go", "SerialNumber": self.serial, "MeterCalibrated": False}
        texts = {100: json.dumps(capabilities, separators=(",", ":")), 802: self.name}
        decimals = {510: self.limit_a, 708: self.limit_a, 513: 0.0, 553: 0.0}
        decimals |= dict(zip(VOLTAGES, IDLE_VOLTS, strict=True))
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
        self.later(max(10.0, self.readings.number(147, 600)), "_pulse")

    def _report_pulse_interval(self) -> None:
        self.report(147, "180" if self.is_drawing else "600")
        self.cancel("_pulse")
        self._pulse()

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
        for number, state_id in enumerate(VOLTAGES):
            self.report(state_id, three_decimals(VOLTS[number] - 1.6 if loaded else IDLE_VOLTS[number]))

    def _warm_up(self) -> None:
        """Follow the current towards a steady heat, with a time constant of 25 minutes."""
        passed_s = (self.at - self.heat_at).total_seconds()
        self.heat_at = self.at
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
