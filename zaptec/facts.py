"""The questions the truth table asks of a charger, each answered in one place.

Here stands what is assumed where a reading is missing: in general that it would not be remarkable.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from zaptec.catalogue import EARTH_FAULTS, STOPPING_WARNINGS, UNSAFE_WARNINGS, active_warnings, unknown_warnings
from zaptec.charger import Charger, Family, family_of
from zaptec.commands import Action, UnderWay, is_done
from zaptec.modes import CAR_DRAWING, CAR_NOT_DRAWING, PILOT_FAULT, OperationMode
from zaptec.observation import Observation
from zaptec.reasons import Reason
from zaptec.state import MIN_CURRENT_A, NO_POWER_BELOW_W, ChargerState
from zaptec.values import as_int, is_possible

NOT_DRAWING_AFTER = timedelta(minutes=2)
HARDLY_CHARGED_KWH = 0.1
CLOCK_TOLERANCE = timedelta(minutes=2)
LONGEST_SCHEDULE = timedelta(days=8)
CAR_TIMER_WITHIN = timedelta(minutes=30)
PAUSE_NEEDS_PRO_FIRMWARE_ABOVE = (3, 2)
PULSE_INTERVAL_S = 1800  # the longest one known, for a charger that does not say
MISSED_PULSES = 3
_A_DAY_S = 86400


@dataclass(frozen=True)
class Facts:
    """What is known about one charger at one moment.

    Attributes:
        state: empty when there is no reading, or none that the account may have.
        may_read: False when the account may neither read the state nor send commands.
    """

    charger: Charger
    state: ChargerState
    now: datetime
    command: UnderWay | None
    may_read: bool

    @property
    def has_reading(self) -> bool:
        return bool(self.state.observations)

    @property
    def is_online(self) -> bool:
        """Without -2, what the list of chargers said; without that, online."""
        return _known(self.state.is_online, self.charger.is_online, default=True)

    @property
    def is_enabled(self) -> bool:
        return _known(self.state.is_enabled, default=True)

    @property
    def is_stand_alone(self) -> bool:
        return _known(self.state.is_stand_alone, default=False)

    @property
    def under_way(self) -> Action | None:
        """The action of our command, until the readings prove that it is done."""
        if self.command is None or is_done(self.command, self.state, fetched_at=self.now):
            return None
        return self.command.action

    @property
    def asked_at(self) -> datetime | None:
        return self.command.asked_at if self.command else None

    @property
    def mode(self) -> OperationMode:
        return self.state.mode

    @property
    def is_final_stop_active(self) -> bool:
        return self.state.is_final_stop_active

    @property
    def is_scheduled(self) -> bool:
        """Holds when the time of the change has passed, too.

        The charger empties 763 once no schedule holds charging back, and may by British rules wait up to 764
        seconds beyond the time; Zaptec itself goes by whether 763 is set (evcc-io/evcc#21566).
        """
        return self.state.has_schedule

    @property
    def next_change_at(self) -> datetime | None:
        """When the schedule lets go, if that is still to come; schedules are weekly."""
        at = self.state.next_schedule_at
        return at if at and self.now < at <= self.now + LONGEST_SCHEDULE else None

    @property
    def lacks_authorisation(self) -> bool:
        required = _known(
            self.state.is_authentication_required, self.charger.is_authorisation_required, default=False
        )
        return required and not self.state.is_set(722)

    @property
    def is_current_too_low(self) -> bool:
        return self.state.is_current_too_low

    @property
    def is_limit_too_low(self) -> bool:
        """The charger's own limit forbids to charge, not just what is free at the moment."""
        return self.state.max_current_a is not None and self.state.max_current_a < MIN_CURRENT_A

    @property
    def has_no_power(self) -> bool:
        return self.state.power_w is not None and self.state.power_w < NO_POWER_BELOW_W

    @property
    def is_power_flowing(self) -> bool | None:
        """None while charging without a reading of the power."""
        if self.mode is not OperationMode.CONNECTED_CHARGING:
            return False
        return None if self.state.power_w is None else not self.has_no_power

    @property
    def has_charged(self) -> bool:
        return (self.state.session_energy_kwh or 0.0) >= HARDLY_CHARGED_KWH

    @property
    def has_charged_nothing(self) -> bool:
        return self.state.session_energy_kwh is not None and not self.has_charged

    @property
    def is_car_signalling(self) -> bool:
        """A car is connected, whatever the mode says."""
        return self.state.pilot in (CAR_DRAWING, CAR_NOT_DRAWING)

    @property
    def fault(self) -> Reason | None:
        """What the charger itself names as the cause that no power flows."""
        if self.is_power_flowing:
            return None
        names = set(self.warnings)
        if "TEMPERATURE_ERROR" in names:
            return Reason.TOO_HOT
        if names & EARTH_FAULTS:
            return Reason.EARTH_FAULT
        return Reason.FAULT if names & STOPPING_WARNINGS or self.state.pilot == PILOT_FAULT else None

    def possible(self, at: datetime | None) -> datetime | None:
        """`at`, unless it cannot be: the charger's clock was never set, or is minutes ahead of ours."""
        return at if at and is_possible(at) and at <= self.now + CLOCK_TOLERANCE else None

    @property
    def not_drawing_since(self) -> datetime | None:
        """When the car stopped taking power; None while it takes some, and for the first two minutes."""
        if self.state.pilot != CAR_NOT_DRAWING or (self.state.power_w or 0.0) >= NO_POWER_BELOW_W:
            return None
        times = map(self.possible, map(self.state.at, (702, 513, 710)))
        since = max((at for at in times if at), default=None)
        return since if since and self.now - since > NOT_DRAWING_AFTER else None

    @property
    def has_car_timer(self) -> bool:
        """The car stopped asking soon after it was plugged in and has taken next to nothing.

        Such a car usually follows a timer of its own. Both times are the charger's, so the answer holds all
        evening.
        """
        energy_kwh = self.state.session_energy_kwh
        plugged_in_at, ended_at = self.state.at(721), self.state.at(710)
        if self.state.session_id is None or energy_kwh is None or not plugged_in_at or not ended_at:
            return False
        return energy_kwh < HARDLY_CHARGED_KWH and ended_at - plugged_in_at <= CAR_TIMER_WITHIN

    @property
    def cannot_pause(self) -> bool:
        """Only Pro knows this limit; the numbers of Go's firmware mean something else.

        Source: docs.zaptec.com/docs/understanding-finalstopactive-and-resume-command-behavior
        """
        version = [as_int(part) for part in (self.state.firmware or "").split(".")]
        while version and version[-1] == 0:
            del version[-1]
        numbers = tuple(number for number in version if number is not None)
        is_known = bool(version) and len(numbers) == len(version)
        return self.charger.family is Family.PRO and is_known and numbers <= PAUSE_NEEDS_PRO_FIRMWARE_ABOVE

    @property
    def is_silent(self) -> bool:
        """The heartbeat has failed to come three times, though the cloud may still say online."""
        interval_s = self.state.pulse_interval_s or 0
        interval_s = min(interval_s, _A_DAY_S) if interval_s > 0 else PULSE_INTERVAL_S
        heartbeat_at = self.possible(self.state.heartbeat_at)
        return bool(heartbeat_at and self.now - heartbeat_at > MISSED_PULSES * timedelta(seconds=interval_s))

    @property
    def warnings(self) -> tuple[str, ...]:
        """Names of the active warnings, the harmless ones left out."""
        bits = self.state.warnings
        return active_warnings(bits, family_of(self.charger, self.state)) if bits else ()

    @property
    def is_unsafe(self) -> bool:
        return not UNSAFE_WARNINGS.isdisjoint(self.warnings)

    @property
    def unknown_warnings(self) -> tuple[int, ...]:
        """Numbers of the bits that are on and mean nothing known."""
        bits = self.state.warnings
        return unknown_warnings(bits, family_of(self.charger, self.state)) if bits else ()

    def readings(self, ids: Iterable[int]) -> tuple[Observation, ...]:
        """The readings of these ids. Where the list of chargers stands in for one, it has no time."""
        observations = self._listed() | dict(self.state.observations)
        return tuple(observations[number] for number in ids if number in observations)

    def _listed(self) -> dict[int, Observation]:
        listed = {-2: self.charger.is_online, 120: self.charger.is_authorisation_required}
        texts = {number: str(int(value)) for number, value in listed.items() if value is not None}
        if not self.has_reading and self.charger.operation_mode is not None:
            texts[710] = str(int(self.charger.operation_mode))
        return {number: Observation(number, text, None) for number, text in texts.items()}


def _known(*answers: bool | None, default: bool) -> bool:
    return next((answer for answer in answers if answer is not None), default)
