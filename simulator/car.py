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
        wants_level: how full its driver lets it become.
        wakes_after_s: how much longer it takes to draw when it may go on than it did at first.
        most_starts: how often it begins to draw; stopped after that, it sleeps through every offer.
        starts: how often it has begun.
    """

    battery_kwh: float = 60.0
    level: float = 0.4
    phases: int = 3
    max_current_a: float = 16.0
    awake: bool = True
    on_timer: bool = False
    wants_level: float = 1.0
    wakes_after_s: float = 0.0
    most_starts: int | None = None
    starts: int = 0

    @property
    def is_full(self) -> bool:
        return self.level >= self.wants_level - 0.0001

    @property
    def waking_s(self) -> float:
        """How long it lets an offer of power wait, beyond what every car needs."""
        return self.wakes_after_s if self.starts else 0.0

    @property
    def asks(self) -> bool:
        return self.awake and not self.on_timer and not self.is_full

    def begin(self) -> None:
        """Draw from now on."""
        self.starts += 1

    def be_stopped(self) -> None:
        """Draw no more; one that has had enough of that sleeps."""
        if self.most_starts is not None and self.starts >= self.most_starts:
            self.awake = False

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
