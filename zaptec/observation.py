"""One numbered reading, and which property of `ChargerState` reads it."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from zaptec.values import as_int, as_text, field, parse_time

# The property that reads an observation: what the readings shown to people are called in code.
PROPERTIES: Mapping[int, str] = {
    -2: "is_online",
    -1: "heartbeat_at",
    120: "is_authentication_required",
    150: "network",
    201: "temperature_c",
    501: "voltages_v",
    507: "currents_a",
    510: "max_current_a",
    513: "power_w",
    519: "phase_set",
    553: "session_energy_kwh",
    702: "pilot",
    708: "allocated_current_a",
    710: "mode",
    711: "is_enabled",
    712: "is_stand_alone",
    714: "cable_rating_a",
    718: "is_final_stop_active",
    721: "session_id",
    722: "user_id",
    763: "next_schedule_at",
    804: "warnings",
    809: "signal",
    911: "firmware",
}
OBSERVATION_OF: Mapping[str, int] = {name: number for number, name in PROPERTIES.items()}


@dataclass(frozen=True)
class Observation:
    """One numbered reading.

    Attributes:
        text: the value as sent; None when Zaptec sent the reading without one, which means "cleared".
            Left out of `repr`, because many are private.
        at: when the value last changed or was last sent, by the charger's clock, in UTC. A charger whose clock was
            never set says 1970, another is hours ahead: good for telling earlier from later, not for people.
    """

    id: int
    text: str | None = dataclasses.field(repr=False)
    at: datetime | None

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> "Observation | None":
        """Read one entry of `GET /api/chargers/{id}/state`; None without a usable StateId."""
        state_id = as_int(field(data, "StateId"))
        if state_id is None:
            return None
        return cls(state_id, as_text(field(data, "ValueAsString")), parse_time(field(data, "Timestamp")))

    @property
    def property_name(self) -> str | None:
        """The property of `ChargerState` that reads it, such as `power_w`; None for those without one."""
        return PROPERTIES.get(self.id)
