"""A charger's state as Zaptec last knew it: numbered readings, with names and units for those that matter."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from zaptec.modes import OperationMode
from zaptec.observation import OBSERVATION_OF, Observation
from zaptec.ocmf import Ocmf
from zaptec.values import as_flag, as_int, as_number, as_text, field, json_object, parse_time

MIN_CURRENT_A = 6.0  # no car may charge with less (IEC 61851)
NO_POWER_BELOW_W = 100.0  # metering noise; the smallest charge, 6 A on one phase, is about 1400 W


@dataclass(frozen=True)
class ChargerState:
    """One charger's readings as Zaptec last knew them.

    Attributes:
        unread: how many entries of Zaptec's answer could not be read; not kept in a record.

    Every property is None when the reading is missing or cannot be read, except where it says otherwise.
    Units are in the names. Source of the ids: docs.zaptec.com/docs/state-observation-reference
    """

    observations: Mapping[int, Observation]
    unread: int = dataclasses.field(default=0, compare=False)

    @classmethod
    def from_json(cls, entries: Iterable[object]) -> "ChargerState":
        """Read the answer of `GET /api/chargers/{id}/state`.

        What is no object with a usable StateId is counted and hides no other entry. Of two entries with the same
        id the last one counts: Zaptec has been seen to send such pairs (custom-components/zaptec).
        """
        observations, unread = {}, 0
        for entry in entries:
            observation = Observation.from_json(entry) if isinstance(entry, Mapping) else None
            if observation is None:
                unread += 1
            else:
                observations[observation.id] = observation
        return cls(observations, unread)

    def to_record(self) -> list[list[int | str | None]]:
        """`[[id, time in ISO 8601, text], …]` for storage; `from_record` gives an equal state back."""
        return [[it.id, it.at.isoformat() if it.at else None, it.text] for it in self.observations.values()]

    @classmethod
    def from_record(cls, record: Iterable[Sequence[int | str | None]]) -> "ChargerState":
        """Read back what `to_record` gave."""
        observations = {}
        for state_id, at, text in record:
            if isinstance(state_id, int):
                moment = datetime.fromisoformat(at) if isinstance(at, str) else None
                observations[state_id] = Observation(state_id, as_text(text), moment)
        return cls(observations)

    def text(self, observation_id: int) -> str | None:
        """The value as sent; None when it is missing or cleared."""
        observation = self.observations.get(observation_id)
        return observation.text if observation else None

    def number(self, observation_id: int) -> float | None:
        """The value as a number; None when it is missing or not a finite number."""
        return as_number(self.text(observation_id))

    def integer(self, observation_id: int) -> int | None:
        """The value as a whole number, exact however large."""
        return as_int(self.text(observation_id))

    def flag(self, observation_id: int) -> bool | None:
        """Yes or no from 1, 0, true, false; None for anything else."""
        return as_flag(self.text(observation_id))

    def at(self, observation_id: int) -> datetime | None:
        """When the charger last sent the value."""
        observation = self.observations.get(observation_id)
        return observation.at if observation else None

    def is_set(self, observation_id: int) -> bool:
        """Whether there is a value and it is not empty."""
        return bool((self.text(observation_id) or "").strip())

    def changed_at(self, property_name: str) -> datetime | None:
        """When the charger last sent the reading behind a property, by its own clock.

        Raises:
            KeyError: no property of that name is in `PROPERTIES`.
        """
        return self.at(OBSERVATION_OF[property_name])

    def _three(self, ids: tuple[int, int, int]) -> tuple[float | None, float | None, float | None]:
        return self.number(ids[0]), self.number(ids[1]), self.number(ids[2])

    @property
    def mode(self) -> OperationMode:
        """UNKNOWN when missing."""
        number = self.integer(710)
        return OperationMode.UNKNOWN if number is None else OperationMode(number)

    @property
    def mode_text(self) -> str | None:
        """The mode as sent, for one that has no name here."""
        return self.text(710)

    @property
    def is_online(self) -> bool | None:
        """What the cloud thinks; when False, everything else is the last that was known."""
        return self.flag(-2)

    @property
    def is_enabled(self) -> bool | None:
        return self.flag(711)

    @property
    def is_stand_alone(self) -> bool | None:
        """True: the charger ignores commands and limits (custom-components/zaptec#80)."""
        return self.flag(712)

    @property
    def is_final_stop_active(self) -> bool:
        """Set by a pause, cleared by a resume, by unplugging or by a new session; False when missing."""
        return self.flag(718) is True

    @property
    def final_stop_changed_at(self) -> datetime | None:
        """When the final stop last changed, by the charger's clock: the time of a pause or a resume."""
        return self.at(718)

    @property
    def is_paused(self) -> bool:
        """A full car and a paused one report the same mode; only the final stop tells them apart."""
        return self.mode is OperationMode.CONNECTED_FINISHED and self.is_final_stop_active

    @property
    def is_authentication_required(self) -> bool | None:
        return self.flag(120)

    @property
    def is_cable_locked(self) -> bool | None:
        """True: the cable stays locked to the charger for good; otherwise a pause releases it."""
        return self.flag(151)

    @property
    def session_id(self) -> str | None:
        """Private. None between sessions."""
        return self.text(721) or None

    @property
    def user_id(self) -> str | None:
        """Private. Who authorised the session; None when nobody did."""
        return self.text(722) or None

    @property
    def last_session_text(self) -> str | None:
        """Private. The last finished session, as JSON."""
        return self.text(723)

    @property
    def power_w(self) -> float | None:
        return self.number(513)

    @property
    def session_energy_kwh(self) -> float | None:
        """Of the current session, or of the last one while none is open; grows in steps of 0.1 to 0.5."""
        return self.number(553)

    @property
    def meter_kwh(self) -> float | None:
        """Lifetime meter reading, up to an hour old: the larger of the hourly one and the last session's."""
        readings = [_last_meter_kwh(self.text(554)), _last_meter_kwh(_signed_session(self.last_session_text))]
        return max((reading for reading in readings if reading is not None), default=None)

    @property
    def allocated_current_a(self) -> float | None:
        """What load balancing grants now; under 6 means none."""
        return self.number(708)

    @property
    def max_current_a(self) -> float | None:
        """The highest current set for this charger; under 6 means charging is not allowed."""
        return self.number(510)

    @property
    def is_current_too_low(self) -> bool:
        """Either of the two is known and under 6 A, so no car can charge."""
        limits = (self.allocated_current_a, self.max_current_a)
        return any(limit is not None and limit < MIN_CURRENT_A for limit in limits)

    @property
    def currents_a(self) -> tuple[float | None, float | None, float | None]:
        """Of L1, L2, L3; up to about 0.7 is noise."""
        return self._three((507, 508, 509))

    @property
    def voltages_v(self) -> tuple[float | None, float | None, float | None]:
        """Of L1, L2, L3, behind the relay: near zero while it is open."""
        return self._three((501, 502, 503))

    @property
    def pilot(self) -> int | None:
        """12 no car, 9 car not drawing, 6 car drawing, -12 fault, 255 not set."""
        return self.integer(702)

    @property
    def phase_set(self) -> int | None:
        """The phases the cloud has allocated, as a phase id and not a bit mask; 0: none, or automatic."""
        return self.integer(519)

    @property
    def cable_rating_a(self) -> int | None:
        """What the cable in the socket can carry; 0: there is none. It may be there without a car."""
        return self.integer(714)

    @property
    def network(self) -> str | None:
        """How the charger reaches the cloud, as sent: mostly a word such as `LTE`, sometimes a number."""
        return self.text(150)

    @property
    def has_schedule(self) -> bool:
        """Whether a schedule in the charger itself holds charging back, be its time readable or not."""
        return self.is_set(763)

    @property
    def next_schedule_at(self) -> datetime | None:
        """Next change of a schedule in the charger itself."""
        return parse_time(self.text(763))

    @property
    def warnings(self) -> int:
        """Bits of 804, whose meaning depends on the family; 0 when missing."""
        return max(0, self.integer(804) or 0)

    @property
    def firmware(self) -> str | None:
        return self.text(911)

    @property
    def heartbeat_at(self) -> datetime | None:
        return self.at(-1)

    @property
    def pulse_interval_s(self) -> int | None:
        """How often the heartbeat is due."""
        return self.integer(147)

    @property
    def temperature_c(self) -> float | None:
        """Air inside the housing."""
        return self.number(201)

    @property
    def signal(self) -> float | None:
        """Negative: Wi-Fi in dBm. 0 to 100: LTE in percent."""
        return self.number(809)


def _signed_session(session_text: str | None) -> str | None:
    return as_text(field(json_object(session_text), "SignedSession"))


def _last_meter_kwh(ocmf_text: str | None) -> float | None:
    try:
        return float(Ocmf.from_text(ocmf_text).last_kwh)
    except ValueError:
        return None
