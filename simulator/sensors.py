"""What `/api/chargers` lists beside the chargers."""

from dataclasses import dataclass
from datetime import datetime

from simulator.readings import Entry, entry, three_decimals


@dataclass(frozen=True)
class EnergySensor:
    """A meter reader that `/api/chargers` lists among the chargers."""

    id: str
    name: str
    serial: str
    device_type: int = 3

    def state(self, now: datetime) -> list[Entry]:
        values = {-2: "1", 150: "WiFi", 501: "231.4", 507: "3.1", 809: three_decimals(-58.0), 1161: "0.72"}
        return [entry(self.id, state_id, text, now) for state_id, text in values.items()]

    def text_of(self, state_id: int) -> str | None:
        """None: the list says nothing of its readings."""
        return None
