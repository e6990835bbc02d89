"""When a simulated Go tells the cloud which part of what it knows.

The order and pace of its reports follow published firmware, https://github.com/smjothen/ApolloESP32Application
(February 2024), and recordings, https://github.com/metskem/zaptecbot.
"""

import json
import math
from datetime import timedelta

from simulator.car import VOLTS
from simulator.charger_parts import NO_CAR, ChargerParts
from simulator.readings import three_decimals
from simulator.sessions import ocmf
from simulator.timeline import happening

CURRENTS, VOLTAGES = (507, 508, 509), (501, 502, 503)
# With the relay open, amplifiers still see a little (https://github.com/metskem/zaptecbot).
IDLE_CURRENTS, IDLE_VOLTS = (0.696, 0.028, 0.024), (0.249, 4.07, 0.739)
SLOW_REPORT_S, DAY_S = 900.0, 86_400.0


def first_report(charger: ChargerParts) -> None:
    """Everything, as after it has been mounted on the wall."""
    for state_id, text in _first_values(charger).items():
        charger.readings.put(state_id, text, charger.at)
    report_power(charger)
    report_temperatures(charger)
    report_meter(charger)
    pulse(charger)
    charger.send_everything()
    next_hour = charger.at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    charger.timeline.later((next_hour - charger.at).total_seconds(), full_hour)


def _first_values(charger: ChargerParts) -> dict[int, str | None]:
    car_less = {702: NO_CAR, 710: "1", 714: "0", 718: "0", 721: None, 722: None}
    switches = {-2: "1", 120: "0", 711: "1", 712: "0", 804: "0", 147: "600"}
    capabilities = {"DeviceType": "Go", "SerialNumber": charger.serial, "MeterCalibrated": False}
    texts = {100: json.dumps(capabilities, separators=(",", ":")), 802: charger.name}
    decimals = {510: charger.limit_a, 708: charger.limit_a, 513: 0.0, 553: 0.0}
    decimals |= dict(zip(VOLTAGES, IDLE_VOLTS, strict=True))
    written = {state_id: three_decimals(number) for state_id, number in decimals.items()}
    return {**car_less, **switches, **texts, **written}


# Signs of life.


@happening
def pulse(charger: ChargerParts) -> None:
    charger.report(-1, None, even_if_equal=True)
    charger.timeline.later(min(max(10.0, charger.readings.number(147, 600)), DAY_S), pulse)


@happening
def report_pulse_interval(charger: ChargerParts) -> None:
    charger.report(147, "180" if charger.is_drawing else "600")
    charger.timeline.cancel(pulse)
    pulse(charger)


# Power.


@happening
def report_power(charger: ChargerParts) -> None:
    charger.report(513, three_decimals(charger.meter.power_w))
    car = charger.car
    current_a = car.current_a(charger.allowed_a) if car and charger.meter.power_w else 0.0
    phases = car.phases if car else 3
    for number, state_id in enumerate(CURRENTS):
        flows = current_a > 0 and number < phases
        amps = current_a * (1 - 0.001 * number) if flows else IDLE_CURRENTS[number]
        charger.report(state_id, three_decimals(amps))


def report_voltages(charger: ChargerParts) -> None:
    """Behind the relay: mains voltage while current flows, next to nothing otherwise."""
    loaded = charger.is_drawing and charger.meter.power_w > 0
    for number, state_id in enumerate(VOLTAGES):
        charger.report(state_id, three_decimals(VOLTS[number] - 1.6 if loaded else IDLE_VOLTS[number]))


def report_session_energy(charger: ChargerParts) -> None:
    """Tell it in steps, and the voltages with the first of them."""
    told_kwh = charger.readings.number(553)
    step_kwh = 0.1 if told_kwh < 1 else 0.2 if told_kwh < 5 else 0.5
    if charger.session_kwh >= told_kwh + step_kwh:
        charger.report(553, three_decimals(charger.session_kwh))
        if told_kwh < 0.1:
            report_voltages(charger)


def report_meter(charger: ChargerParts) -> None:
    charger.report(554, ocmf(charger.serial, charger.firmware, "F1", ((charger.at, charger.meter.kwh),)))


# Slower things.


def warm_up(charger: ChargerParts) -> None:
    charger.warmth.follow(charger.meter.power_w, charger.at)


def report_temperatures(charger: ChargerParts) -> None:
    warm_up(charger)
    warmth = charger.warmth.level
    air = 17.5 + 9 * warmth + 3 * math.sin(charger.at.hour / 24 * 2 * math.pi)
    charger.report(201, three_decimals(air))
    charger.report(270, three_decimals(28 - 7 * warmth))
    if charger.meter.power_w > 0 or charger.readings[202] is None:
        for state_id, above in {202: 26.0, 204: 25.6, 205: 26.3, 206: 21.8, 207: 23.1}.items():
            charger.report(state_id, three_decimals(air + above * warmth))
    charger.report(808, _diagnostics(charger))


def _diagnostics(charger: ChargerParts) -> str:
    readings = charger.readings
    up = charger.at - readings.changed_at(811, charger.at)
    meters, boards, volts, amps = (
        " ".join(f"{readings.number(state_id):.2f}" for state_id in group)
        for group in ((202, 204, 205), (206, 207), VOLTAGES, CURRENTS)
    )
    power_kw = charger.meter.power_w / 1000
    energy = f"{power_kw:.3f}kW {charger.session_kwh:.3f}kWh " if charger.session else ""
    clock = f"{up.days}d {up.seconds // 3600:02}h{up.seconds // 60 % 60:02}m{up.seconds % 60:02}s"
    return (
        f"{clock} T_EM: {meters}  T_M: {boards}   V: {volts}   I: {amps}  {energy}"
        f"C{readings[702]} CM{readings[710]} MCnt:{int(up.total_seconds())} Rs:0 Rc:0"
    )


@happening
def slow_report(charger: ChargerParts) -> None:
    report_temperatures(charger)
    charger.timeline.later(SLOW_REPORT_S, slow_report)


@happening
def full_hour(charger: ChargerParts) -> None:
    """The signed meter is written on the hour, and only if energy has flowed."""
    charger.settle()
    if charger.session is not None and charger.meter.kwh - charger.session.readings[-1][1] >= 0.001:
        charger.session.readings.append((charger.at, charger.meter.kwh))
        report_meter(charger)
    report_voltages(charger)
    report_temperatures(charger)
    charger.timeline.later(3600, full_hour)
