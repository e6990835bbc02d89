"""A night drawn at random: when the car comes and what it is like, what is wanted, and all that goes wrong."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

HOME = ZoneInfo("Europe/Amsterdam")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
# One phase with 16 A, one with 32, three with 10, 16 and 32; the charger's limit is the larger of 16 A and theirs.
CARS = ((1, 16), (1, 32), (3, 10), (3, 16), (3, 16), (3, 16))
PRICE_FAULTS = ("tomorrow_late", "half_a_day", "yesterday_again", "cet_as_utc", "fail", "talk_garbage", "null")
CLOUD_FAULTS = (
    "go_down",
    "reset_connections",
    "lose_commands",
    "swallow_answers",
    "answer_html",
    "rate_limit",
    "go_offline",
)
CLOCK_CHANGES = (date(2026, 3, 28), date(2026, 10, 24))


@dataclass(frozen=True)
class Trouble:
    """Something that is wrong for a while; `name` is the simulator's verb."""

    name: str
    begin: datetime
    end: datetime


@dataclass(frozen=True)
class DrawnNight:
    """What happens.

    Attributes:
        plugged_in_at, set_at: when the car comes, and when somebody wants it ready.
        energy_kwh, hours: how much is wanted; neither: until it is full.
        battery_kwh, level: how large the car's battery is, and how full it comes.
        wants_level: how full its driver lets it become.
        wakes_after_s, most_starts: how it likes to be woken.
        is_known: whether this car was here before, so that its power is known.
        has_wild_prices: whether each quarter has a price that nothing explains.
        price_fault: what is wrong with the prices all night, if anything.
        troubles: of Zaptec's cloud.
        restarts: when our program dies, and comes back three minutes later.
        clock_wrong: how far our clock is off, from when until when.
        limit: a current that is shared out to this charger from a moment on.
        programs: how many of ours run on one database.
    """

    seed: int
    plugged_in_at: datetime
    set_at: datetime
    ready_by: datetime
    phases: int
    amps: int
    energy_kwh: float | None
    hours: float | None
    battery_kwh: float
    level: float
    wants_level: float
    wakes_after_s: float
    most_starts: int | None
    is_known: bool
    has_wild_prices: bool
    price_fault: str | None
    troubles: tuple[Trouble, ...]
    restarts: tuple[datetime, ...]
    clock_wrong: tuple[timedelta, datetime, datetime] | None
    limit: tuple[datetime, float] | None
    programs: int

    @property
    def is_faultless(self) -> bool:
        """Whether all goes as people and cars usually do, so that what it costs can be compared."""
        wrong = (self.price_fault, self.troubles, self.clock_wrong, self.limit, self.restarts, self.most_starts)
        return not any(wrong) and self.is_known and not self.wakes_after_s and self.wants_level == 1

    @property
    def power_w(self) -> float:
        """About what the car takes."""
        return 230.0 * 0.985 * self.amps * self.phases

    @property
    def begin(self) -> datetime:
        return min(self.plugged_in_at, self.set_at)


def draw(seed: int) -> DrawnNight:
    """The same night for the same seed."""
    dice = random.Random(f"night {seed}")
    day = dice.choice(CLOCK_CHANGES) if dice.random() < 0.05 else date(2026, 1, 3) + timedelta(dice.randrange(350))
    arrival = local(day, 15.5 + dice.random() * 7.5)
    set_at = arrival + dice.choice((-30, 1, 1, 2, 5, 40)) * MINUTE
    ready_by = datetime.combine(day + timedelta(1), time(dice.randrange(5, 10), dice.choice((0, 0, 15, 30))), HOME)
    ready_by = ready_by.astimezone(UTC)
    phases, amps = dice.choice(CARS)
    window = (ready_by - max(arrival, set_at)) / HOUR
    hours = min(dice.uniform(0.5, 0.8 * window), 55_000 / (220 * amps * phases))
    kind = dice.choices(("energy", "hours", "full"), (8, 1, 1))[0]
    kwh = max(1.0, round(hours * 220 * amps * phases / 1000))
    wants_full = kind == "full"
    return DrawnNight(
        seed,
        arrival,
        set_at,
        ready_by,
        phases,
        amps,
        kwh if kind == "energy" else None,
        round(hours, 1) if kind == "hours" else None,
        battery_kwh=60.0 if wants_full else 400.0,
        level=max(0.2, 1 - kwh * 0.92 / 60) if wants_full else 0.3,
        wants_level=0.3 + 0.92 * kwh * 0.6 / 400 if not wants_full and dice.random() < 0.05 else 1.0,
        wakes_after_s=dice.uniform(120, 300) if dice.random() < 0.12 else 0.0,
        most_starts=2 if dice.random() < 0.06 else None,
        is_known=dice.random() < 0.85,
        has_wild_prices=dice.random() < 0.3,
        price_fault=dice.choice(PRICE_FAULTS) if dice.random() < 0.25 else None,
        troubles=_troubles(dice, min(arrival, set_at), ready_by),
        restarts=_moments(dice, arrival, ready_by, 3) if dice.random() < 0.2 else (),
        clock_wrong=_clock_wrong(dice, arrival, ready_by) if dice.random() < 0.05 else None,
        limit=(_moment(dice, arrival, ready_by), dice.choice((8.0, 10.0))) if dice.random() < 0.06 else None,
        programs=2 if dice.random() < 0.1 else 1,
    )


def local(day: date, hours: float) -> datetime:
    minutes = round(hours * 60)
    return datetime.combine(day, time(minutes // 60, minutes % 60), HOME).astimezone(UTC)


def _moment(dice: random.Random, begin: datetime, end: datetime) -> datetime:
    return begin + timedelta(seconds=round(dice.random() * (end - begin).total_seconds()))


def _moments(dice: random.Random, begin: datetime, end: datetime, most: int) -> tuple[datetime, ...]:
    return tuple(sorted(_moment(dice, begin, end) for _ in range(dice.randint(1, most))))


def _troubles(dice: random.Random, begin: datetime, end: datetime) -> tuple[Trouble, ...]:
    if dice.random() > 0.25:
        return ()
    first = _moment(dice, begin + 10 * MINUTE, end)
    return (Trouble(dice.choice(CLOUD_FAULTS), first, first + dice.randint(3, 90) * MINUTE),)


def _clock_wrong(dice: random.Random, begin: datetime, end: datetime) -> tuple[timedelta, datetime, datetime]:
    first = _moment(dice, begin, end)
    return dice.choice((-7, -2, 2, 5)) * HOUR, first, first + dice.randint(5, 120) * MINUTE
