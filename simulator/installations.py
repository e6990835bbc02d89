"""The installations of the simulated cloud, and the endpoints that tell of them."""

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
HOME_ID = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
CIRCUIT_ID = "cccccccc-1111-4222-8333-444444444444"
PRO, SMART = 0, 1


@dataclass(frozen=True)
class SimulatedInstallation:
    """A house with chargers.

    Attributes:
        circuit_id: its only fuse.
        kind: Zaptec's `InstallationType`: 0 Pro, 1 Smart.
    """

    name: str = "Home"
    time_zone: str = "Europe/Oslo"
    id: str = HOME_ID
    circuit_id: str = CIRCUIT_ID
    kind: int = SMART

    @classmethod
    def numbered(cls, number: int, name: str, time_zone: str, kind: int) -> "SimulatedInstallation":
        """The second, third … of a cloud."""
        return cls(name, time_zone, HOME_ID[:-1] + f"{number:x}", CIRCUIT_ID[:-1] + f"{number:x}", kind)
