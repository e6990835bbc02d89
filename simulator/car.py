"""The simulated car: how full it is, whether it asks for power, and how much it would take."""

from dataclasses import dataclass

VOLTS = (231.4, 232.7, 230.9)
# About this much of the energy that passes the charger ends up in a car's battery.
EFFICIENCY = 0.92


@dataclass
class Car:
    """A car at the end of the cable.

    Attributes:
        battery_kwh: capacity of the battery.
        level: how full it is, 0 to 1.
        phases: how many phases its own charger uses, 1 or 3.
        max_current_a: the most it draws per phase.
        awake: False while it does not ask for power although the charger offers it.
        on_timer: True while its own timer keeps it from asking.
    """

    battery_kwh: float = 60.0
    level: float = 0.4
    phases: int = 3
    max_current_a: float = 16.0
    awake: bool = True
    on_timer: bool = False

    @property
    def is_full(self) -> bool:
        return self.level >= 0.9999

    @property
    def asks(self) -> bool:
        return self.awake and not self.on_timer and not self.is_full

    def take(self, energy_kwh: float) -> None:
        self.level = min(1.0, self.level + energy_kwh * EFFICIENCY / self.battery_kwh)

    def current_a(self, offered_a: float) -> float:
        """Current it draws per phase, in amps, when `offered_a` is offered; less when it is nearly full."""
        wanted = min(offered_a, self.max_current_a) * 0.985
        if self.level > 0.97:
            wanted *= max(0.15, (1.0 - self.level) / 0.03)
        return wanted

    def power_w(self, current_a: float) -> float:
        return sum((volts - 0.1 * current_a) * current_a for volts in VOLTS[: self.phases])
