"""How a simulated Go charges: when it offers power, what the car draws of it, and when that ends."""

from datetime import timedelta

from simulator.charger_parts import CAR_DRAWS, CAR_WAITS, CHARGING, FINISHED, REQUESTING, ChargerParts
from simulator.readings import three_decimals
from simulator.reporting import (
    SLOW_REPORT_S,
    report_power,
    report_pulse_interval,
    report_session_energy,
    report_voltages,
    slow_report,
    warm_up,
)
from simulator.timeline import happening

RAMP_S, TICK_S, REPORT_DELAY_S = 5.0, 10.0, 5.0
GIVES_UP_AFTER_S, ADMITS_AFTER_S = 20.0, 120.0


def may_charge(charger: ChargerParts) -> bool:
    car = charger.car
    ready = car is not None and car.asks and charger.authorised and not charger.held_by_schedule
    return ready and not charger.final_stop and charger.allowed_a >= 6


def consider_starting(charger: ChargerParts) -> None:
    """Offer the car power if nothing speaks against it; it draws after its delay."""
    charger.report(708, three_decimals(charger.allowed_a))
    charger.timeline.cancel(close_relay, begin_charging, give_up_on_full_car, admit_the_end)
    if charger.car is not None and may_charge(charger):
        delay_s = charger.start_delay_s + charger.car.waking_s
        charger.timeline.later(max(0.0, delay_s - 2), close_relay)
        charger.timeline.later(delay_s, begin_charging)
    elif charger.car is not None and charger.car.is_full and charger.mode == REQUESTING:
        charger.timeline.later(GIVES_UP_AFTER_S, give_up_on_full_car)


def start_at_once(charger: ChargerParts) -> None:
    """Be in the middle of charging, as if the car had begun long before; wait if it may not."""
    if not may_charge(charger):
        consider_starting(charger)
        return
    charger.timeline.cancel(close_relay, begin_charging)
    close_relay(charger)
    charger.drawing_since = charger.at - timedelta(seconds=RAMP_S)
    begin_charging(charger)
    report_power(charger)
    report_voltages(charger)


def stop_drawing(charger: ChargerParts) -> None:
    """Power falls to nothing, and the charger says so at once."""
    charger.settle()
    charger.meter.power_w = 0.0
    if charger.car is not None and charger.is_drawing:
        charger.car.be_stopped()
    charger.timeline.cancel(tick, report_power, slow_report, close_relay, begin_charging)
    if charger.car is not None:
        charger.report(702, CAR_WAITS)
    report_power(charger)
    if charger.session is not None:
        charger.report(553, three_decimals(charger.session_kwh))
    charger.timeline.later(1, report_pulse_interval)


def finish(charger: ChargerParts) -> None:
    """The car has had enough."""
    stop_drawing(charger)
    charger.report(710, str(FINISHED))


def finish_later(charger: ChargerParts) -> None:
    """The car has had enough, and the charger says so only after two minutes (evcc-io/evcc#33719, a Go 2)."""
    stop_drawing(charger)
    charger.timeline.cancel(admit_the_end)
    charger.timeline.later(ADMITS_AFTER_S, admit_the_end)


def follow_permission(charger: ChargerParts) -> None:
    """After a change of what it may do: stop, go on, or start."""
    if charger.mode == CHARGING and charger.allowed_a < 6:
        stop_drawing(charger)
        charger.report(710, str(REQUESTING))
    if charger.is_drawing and charger.mode == CHARGING:
        charger.report(708, three_decimals(charger.allowed_a))
        tick(charger)
    elif charger.mode != FINISHED:
        consider_starting(charger)
    else:
        charger.report(708, three_decimals(charger.allowed_a))


# What comes by itself.


@happening
def close_relay(charger: ChargerParts) -> None:
    if charger.car is not None and may_charge(charger):
        if not charger.is_drawing:
            charger.car.begin()
        charger.drawing_since = charger.at
        charger.report(702, CAR_DRAWS)


@happening
def begin_charging(charger: ChargerParts) -> None:
    if not may_charge(charger):
        return
    charger.report(710, str(CHARGING))
    charger.timeline.later(1, report_pulse_interval)
    charger.timeline.cancel(slow_report)
    charger.timeline.later(SLOW_REPORT_S, slow_report)
    tick(charger)


@happening
def give_up_on_full_car(charger: ChargerParts) -> None:
    if charger.mode == REQUESTING and not may_charge(charger):
        finish(charger)


@happening
def admit_the_end(charger: ChargerParts) -> None:
    if charger.mode == CHARGING and not charger.is_drawing:
        charger.report(710, str(FINISHED))


@happening
def tick(charger: ChargerParts) -> None:
    """Look at the car again: draw more or less, tell the cloud if it matters, stop when full."""
    charger.timeline.cancel(tick)
    charger.settle()
    if charger.car is None or not charger.is_drawing:
        return
    report_session_energy(charger)
    if not charger.car.asks:
        finish(charger)
        return
    ramp = min(1.0, (charger.at - charger.drawing_since).total_seconds() / RAMP_S)
    charger.meter.power_w = charger.car.power_w(charger.car.current_a(charger.allowed_a) * ramp)
    _report_power_if_it_matters(charger)
    warm_up(charger)
    charger.timeline.later(1.0 if ramp < 1 else TICK_S, tick)


def _report_power_if_it_matters(charger: ChargerParts) -> None:
    told_w = charger.readings.number(513)
    has_changed = abs(charger.meter.power_w - told_w) > (500 if told_w > 7000 else 200)
    if has_changed and not charger.timeline.is_due(report_power):
        charger.timeline.later(REPORT_DELAY_S, report_power)


@happening
def schedule_ends(charger: ChargerParts) -> None:
    charger.timeline.cancel(schedule_ends)
    charger.report(763, None)
    if charger.car is not None and not charger.final_stop:
        charger.report(710, str(REQUESTING))
    consider_starting(charger)
