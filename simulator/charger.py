"""A simulated Zaptec Go, and the verbs with which tests and the demo page move it."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from threading import RLock
from typing import Any

from simulator.car import Car
from simulator.charging import CHARGING, FINISHED, REQUESTING
from simulator.clock import Clock
from simulator.commands import PAUSE, RESUME, ReceivedCommand, Verdict, judge
from simulator.machine import verb
from simulator.obeying import Obeying
from simulator.readings import Entry, three_decimals
from simulator.reporting import CAR_DRAWS, CAR_WAITS, NO_CAR

APOLLO = 4


class SimulatedCharger(Obeying):
    """A charger in the simulated cloud.

    Attributes:
        commands: every command that reached it or was refused for it, in order.
        received: the same with time, answer and outcome.
        recording: entries to answer `/state` with, verbatim, instead of its own values.
    """

    device_type = APOLLO

    def __init__(self, charger_id: str, name: str, serial: str, clock: Clock, lock: RLock) -> None:
        super().__init__(charger_id, name, serial, clock, lock)
        self.commands: list[int] = []
        self.received: list[ReceivedCommand] = []
        self.recording: list[Entry] | None = None
        self._extra: list[Entry] = []

    # What the cloud sees.

    def state(self) -> list[Entry]:
        """The answer of `/state`."""
        if self.recording is not None:
            return self.recording
        return sorted([*self.seen.as_entries(self.id), *self._extra], key=lambda item: int(item["StateId"]))

    def text_of(self, state_id: int) -> str | None:
        """The text of an observation as the cloud knows it; of a doubled one, the last."""
        found = [item for item in self.state() if item["StateId"] == state_id]
        text = found[-1].get("ValueAsString") if found else None
        return None if text is None else str(text)

    def receive(self, command: int, *, is_lost: bool = False) -> Verdict:
        """Take a command from the cloud, refuse it or begin to carry it out."""
        verdict = judge(command, self.text_of, is_reachable=self.can_be_heard)
        outcome = "refused" if verdict.code else "no effect"
        if verdict.is_executed:
            outcome = "lost" if is_lost else "executed"
        elif verdict.code == 520:
            outcome = "unreachable"
        self.commands.append(command)
        self.received.append(ReceivedCommand(self.at, command, verdict.status, outcome))
        if outcome == "executed" and self.recording is None:
            self.obey(command)
        return verdict

    # Verbs: the car.

    @verb
    def plug_in(
        self, level: float = 0.4, battery_kwh: float = 60.0, phases: int = 3, car_asks: bool = True
    ) -> None:
        """Plug a car in. It charges after a few seconds if it asks and may."""
        self._connect(Car(battery_kwh=battery_kwh, level=level, phases=phases, on_timer=not car_asks))
        self.consider_starting()

    @verb
    def plug_in_and_charge(self, level: float = 0.4, battery_kwh: float = 60.0, phases: int = 3) -> None:
        """Plug a car in and have it draw its full power this very moment."""
        self._connect(Car(battery_kwh=battery_kwh, level=level, phases=phases))
        self.report(708, three_decimals(self.allowed_a))
        self.start_at_once()

    @verb
    def plug_in_full(self) -> None:
        """Plug in a car that needs nothing."""
        self._connect(Car(level=1.0))
        self.finish()

    @verb
    def unplug(self) -> None:
        """Pull the cable: the session ends and goes to the history."""
        if self.car is None:
            return
        if self.is_drawing:
            self.stop_drawing()
        self._forget_what_was_coming()
        self.car = None
        self.report(702, NO_CAR)
        self.end_session()
        self.report(710, "1")
        self.report(718, "0")
        self.report(714, "32" if self.readings[151] == "1" else "0")
        self.report(708, three_decimals(self.allowed_a))
        self._report_voltages()

    @verb
    def swap_car(self, level: float = 0.3) -> None:
        """Another car takes the cable so quickly that no reading shows it unplugged (evcc-io/evcc#30955)."""
        self._forget_what_was_coming()
        self.end_session()
        self.car = Car(level=level)
        self.begin_session()
        self.report(718, "0")
        if not self.is_drawing:
            self.report(702, CAR_WAITS)
            self.report(714, "32")
            self.report(710, str(REQUESTING))
            self.consider_starting()

    @verb
    def fill_up(self) -> None:
        """The car has become full."""
        if self.car is not None:
            self.settle()
            self.car.level = 1.0
            self.finish()

    @verb
    def car_sleeps(self) -> None:
        """The car stops drawing without a word; the charger still offers power."""
        if self.car is not None:
            self.stop_drawing()
            self.car.awake = False

    @verb
    def car_wakes(self) -> None:
        """The car asks again, whether it slept or its own timer held it."""
        if self.car is None:
            return
        self.car.awake, self.car.on_timer = True, False
        if self.mode == CHARGING and not self.is_drawing and self.may_charge():
            self._close_relay()
            self._begin_charging()
        elif self.mode in (REQUESTING, FINISHED) and not self.final_stop:
            self.consider_starting()

    @verb
    def car_has_its_own_timer(self) -> None:
        """A car is plugged in and holds back by itself; a car that is charging stops."""
        if self.car is None:
            self._connect(Car())
        assert self.car is not None
        self.car.on_timer = True
        self.finish()

    # Verbs: the charger.

    @verb
    def go_offline(self) -> None:
        """The cloud no longer hears it; it goes on charging."""
        self.online = False
        self.seen.put(-2, "0", self.at)

    @verb
    def come_online(self) -> None:
        """It is heard again and sends what it kept back."""
        self.online = True
        if not self.restarting:
            self.come_into_hearing()

    @verb
    def pause_elsewhere(self) -> None:
        """Somebody pauses it with the vendor's app."""
        if judge(PAUSE, self.text_of, is_reachable=self.can_be_heard).is_executed:
            self.obey(PAUSE)

    @verb
    def resume_elsewhere(self) -> None:
        """Somebody resumes it with the vendor's app."""
        if judge(RESUME, self.text_of, is_reachable=self.can_be_heard).is_executed:
            self.obey(RESUME)

    @verb
    def require_authorisation(self, required: bool = True) -> None:
        """From now on a session needs (or no longer needs) a card or the app."""
        self.report(120, "1" if required else "0")
        self._follow_permission()

    @verb
    def authorise(self, token: str = "nfc-04A1B2C3D4E5F6") -> None:
        """Somebody holds a card to it."""
        if self.session is not None:
            self.session.user = token
            self.report(722, token)
            self.consider_starting()

    @verb
    def hold_by_schedule(self, until: datetime | None = None) -> None:
        """A schedule of the charger's own holds it back until then (default: five hours from now)."""
        until = (until or self.at + timedelta(hours=5)).astimezone(UTC)
        settings = {760: "GBR", 761: "Europe/London", 762: "031:0800:1100;031:1600:2200;", 764: "600"}
        for state_id, text in settings.items():
            self.report(state_id, text)
        self.report(763, until.strftime("%Y-%m-%dT%H:%M:%SZ"))
        self.cancel("_schedule_ends")
        self.later((until - self.at).total_seconds(), "_schedule_ends")
        if self.car is not None:
            if self.is_drawing:
                self.stop_drawing()
            self.report(710, str(FINISHED))
        self.consider_starting()

    @verb
    def drop_schedule(self) -> None:
        """The schedule holds it no longer."""
        self._schedule_ends()

    @verb
    def limit_current(self, amps: float) -> None:
        """Set the highest current of this charger; under 6 A it may not charge."""
        self.limit_a = amps
        self.report(510, three_decimals(amps))
        self._follow_permission()

    @verb
    def share_current(self, amps: float) -> None:
        """What load balancing leaves for this charger; its own limit stays."""
        self.share_a = amps
        self._follow_permission()

    @verb
    def stand_alone(self, alone: bool = True) -> None:
        """It no longer listens to the cloud."""
        self.report(712, "1" if alone else "0")

    @verb
    def disable(self, disabled: bool = True) -> None:
        """Somebody switches it off, or on again, in the portal."""
        self.report(711, "0" if disabled else "1")
        self._follow_permission()

    @verb
    def warn(self, bits: int = 2) -> None:
        """Show these warnings."""
        self.report(804, str(bits))

    @verb
    def set_value(self, state_id: int, text: str | None = None) -> None:
        """Report something odd: a mode nobody knows, an id nobody lists, a cable locked for good."""
        self.report(state_id, text, even_if_equal=True)

    @verb
    def double_value(self, state_id: int, text: str | None = None) -> None:
        """Send an id twice in one answer, this text last."""
        reading = {"ChargerId": self.id, "StateId": state_id, "Timestamp": "2023-05-22T17:51:00.35"}
        self._extra.append(reading | ({} if text is None else {"ValueAsString": text}))

    @verb
    def leave_out(self, state_id: int) -> None:
        """Have the cloud know nothing of an observation until it is reported again."""
        self.seen.drop(state_id)
        self.readings.drop(state_id)

    @verb
    def serve_recording(self, entries: Iterable[Mapping[str, Any]] | None = None) -> None:
        """Answer these entries as the state until called with nothing; commands go by their values."""
        recording = None if entries is None else [dict(item) for item in entries]
        if any("StateId" not in item for item in recording or []):
            raise ValueError("every entry of a recording needs a StateId")
        self.recording = recording

    # Steps shared by the verbs.

    def _connect(self, car: Car) -> None:
        if self.car is not None:
            self.unplug()
        self.car = car
        self.report(702, CAR_WAITS)
        self.report(714, "32")
        self.begin_session()
        self.report(710, str(REQUESTING))
        self.report(718, "0")

    def _forget_what_was_coming(self) -> None:
        self.cancel("_pause_accepted", "_pause_done", "_ramp_down", "_resume_accepted", "_resume_done")
        self.cancel("_deauthorize", "_look_unplugged", "_connect_again", "_give_up_on_full_car")
        self.cancel("_close_relay", "_begin_charging")

    def _schedule_ends(self) -> None:
        self.cancel("_schedule_ends")
        self.report(763, None)
        if self.car is not None and not self.final_stop:
            self.report(710, str(REQUESTING))
        self.consider_starting()

    def _follow_permission(self) -> None:
        """After a change of what it may do: stop, go on, or start."""
        if self.mode == CHARGING and self.allowed_a < 6:
            self.stop_drawing()
            self.report(710, str(REQUESTING))
        if self.readings[702] == CAR_DRAWS and self.mode == CHARGING:
            self.report(708, three_decimals(self.allowed_a))
            self._tick()
        elif self.mode != FINISHED:
            self.consider_starting()
        else:
            self.report(708, three_decimals(self.allowed_a))
