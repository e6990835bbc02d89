"""The meter of a simulated charger, and how warm the current makes the box."""

import math
from dataclasses import dataclass
from datetime import datetime


@dataclass
class Meter:
    """The lifetime energy meter and the power that flows through it.

    Attributes:
        kwh: what has flowed up to `settled_at`.
        power_w: what flows now.
    """

    kwh: float
    settled_at: datetime
    power_w: float = 0.0

    def settle(self, at: datetime) -> float:
        """Count what has flowed since the last change of power; gives it in kWh."""
        energy_kwh = self.power_w * (at - self.settled_at).total_seconds() / 3_600_000
        self.settled_at = at
        self.kwh += energy_kwh
        return energy_kwh


@dataclass
class Warmth:
    """How warm it is inside.

    Attributes:
        level: 0 when cold, 1 after a long charge with 11 kW.
        at: when that was so.
    """

    level: float
    at: datetime

    def follow(self, power_w: float, at: datetime) -> None:
        """Go towards the warmth of this power, with a time constant of 25 minutes."""
        passed_s = (at - self.at).total_seconds()
        self.at = at
        self.level += (power_w / 11_000 - self.level) * (1 - math.exp(-passed_s / 1500))
