"""What people do with a car at the cable of a simulated charger, and what the car does by itself."""

from simulator.car import Car
from simulator.charger_parts import (
    CAR_WAITS,
    CHARGING,
    FINISHED,
    NO_CAR,
    REQUESTING,
    ChargerParts,
)
from simulator.charging import (
    admit_the_end,
    begin_charging,
    close_relay,
    consider_starting,
    finish,
    finish_later,
    follow_permission,
    give_up_on_full_car,
    may_charge,
    start_at_once,
    stop_drawing,
)
from simulator.commands import DEAUTHORIZE, PAUSE, RESUME
from simulator.obeying import forget_commands
from simulator.readings import three_decimals
from simulator.reporting import report_voltages
from simulator.stays import begin_session, end_session
from simulator.verbs import verb


class CarVerbs(ChargerParts):
    """A charger to plug cars into."""

    @verb
    def plug_in(
        self, level: float = 0.4, battery_kwh: float = 60.0, phases: int = 3, car_asks: bool = True
    ) -> None:
        """Plug a car in. It charges after a few seconds if it asks and may."""
        connect(self, Car(battery_kwh=battery_kwh, level=level, phases=phases, on_timer=not car_asks))
        consider_starting(self)

    @verb
    def plug_in_and_charge(self, level: float = 0.4, battery_kwh: float = 60.0, phases: int = 3) -> None:
        """Plug a car in and have it draw its full power this very moment."""
        connect(self, Car(battery_kwh=battery_kwh, level=level, phases=phases))
        self.report(708, three_decimals(self.allowed_a))
        start_at_once(self)

    @verb
    def plug_in_full(self) -> None:
        """Plug in a car that needs nothing."""
        connect(self, Car(level=1.0))
        finish(self)

    @verb
    def unplug(self) -> None:
        """Pull the cable: the session ends and goes to the history."""
        if self.car is not None:
            disconnect(self)

    @verb
    def fill_up(self) -> None:
        """The car has become full."""
        if self.car is not None:
            self.settle()
            self.car.level = 1.0
            finish(self)

    @verb
    def fill_up_on_a_go_2(self) -> None:
        """The car has become full; the charger goes on for two minutes without power, as a Go 2 does."""
        if self.car is not None:
            self.settle()
            self.car.level = 1.0
            finish_later(self)

    @verb
    def car_sleeps(self) -> None:
        """The car stops drawing without a word; the charger still offers power."""
        if self.car is not None:
            stop_drawing(self)
            self.car.awake = False

    @verb
    def car_wakes(self) -> None:
        """The car asks again, whether it slept or its own timer held it."""
        if self.car is None:
            return
        self.car.awake, self.car.on_timer = True, False
        if self.mode == CHARGING and not self.is_drawing and may_charge(self):
            close_relay(self)
            begin_charging(self)
        elif self.mode in (REQUESTING, FINISHED) and not self.final_stop:
            consider_starting(self)

    @verb
    def car_has_its_own_timer(self) -> None:
        """A car is plugged in and holds back by itself; a car that is charging stops."""
        car = self.car or connect(self, Car())
        car.on_timer = True
        finish(self)

    @verb
    def car_draws_at_most(self, amps: float = 16.0, phases: int = 1) -> None:
        """What the car can take: 32 A on one phase are 7.4 kW, 16 A on one 3.7 kW, 16 A on three 11 kW."""
        if self.car is not None:
            self.settle()
            self.car.max_current_a, self.car.phases = amps, phases
            follow_permission(self)

    @verb
    def car_wants_only(self, level: float = 0.8) -> None:
        """The driver has told the car to be content when it is so full, from 0 to 1."""
        if self.car is not None:
            self.settle()
            self.car.wants_level = level
            follow_permission(self)

    @verb
    def car_wakes_slowly(self, minutes: float = 3.0) -> None:
        """From now on the car needs so many minutes before it draws when it may go on."""
        if self.car is not None:
            self.car.wakes_after_s = minutes * 60

    @verb
    def car_starts_only(self, times: int = 2) -> None:
        """The car begins to draw so often, its first time included; stopped then, it sleeps until it is woken."""
        if self.car is not None:
            self.car.most_starts = times

    @verb
    def swap_car(self, level: float = 0.3) -> None:
        """Another car takes the cable so quickly that no reading shows it unplugged (evcc-io/evcc#30955)."""
        forget_what_was_coming(self)
        end_session(self)
        self.car = Car(level=level)
        begin_session(self)
        self.report(718, "0")
        if not self.is_drawing:
            self.report(702, CAR_WAITS)
            self.report(714, "32")
            self.report(710, str(REQUESTING))
            consider_starting(self)


def connect(charger: ChargerParts, car: Car) -> Car:
    """Put the cable into this car, and out of another."""
    if charger.car is not None:
        disconnect(charger)
    charger.car = car
    charger.report(702, CAR_WAITS)
    charger.report(714, "32")
    begin_session(charger)
    charger.report(710, str(REQUESTING))
    charger.report(718, "0")
    return car


def disconnect(charger: ChargerParts) -> None:
    if charger.is_drawing:
        stop_drawing(charger)
    forget_what_was_coming(charger)
    charger.car = None
    charger.report(702, NO_CAR)
    end_session(charger)
    charger.report(710, "1")
    charger.report(718, "0")
    charger.report(714, "32" if charger.readings[151] == "1" else "0")
    charger.report(708, three_decimals(charger.allowed_a))
    report_voltages(charger)


def forget_what_was_coming(charger: ChargerParts) -> None:
    forget_commands(charger, PAUSE, RESUME, DEAUTHORIZE)
    charger.timeline.cancel(give_up_on_full_car, admit_the_end, close_relay, begin_charging)
