"""The exchange's prices as public houses tell them: believable days, and verbs for what goes wrong with them."""

import random
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from threading import RLock
from zoneinfo import ZoneInfo

from simulator.clock import ManualClock, MovableClock
from simulator.verbs import verb

CET = ZoneInfo("Europe/Brussels")
QUARTER, ONE_DAY = timedelta(minutes=15), timedelta(days=1)
SET_AT = 8  # the quarter of the day at which the clock is set
TOLD_FROM = time(12, 57)  # on the day before
# Euros per MWh by the hour of the day: cheap at night and with the sun, dear in the evening.
# fmt: off
USUAL_DAY = (
    62, 58, 55, 54, 57, 68, 88, 110, 118, 104, 86, 72, 64, 60, 66, 80, 104, 138, 162, 150, 122, 100, 84, 72,
)
# fmt: on


@dataclass
class PriceTroubles:
    """What goes wrong.

    Attributes:
        tomorrow_late: tomorrow is told to nobody.
        half: only the first half of each day is told.
        yesterday: each day's answer is the day before's.
        cet_as_utc: the wall clock's time is written as if it were UTC.
        slow_s: real seconds before an answer.
        failing: the status of every answer instead.
        garbage: the body of every answer instead.
        megabytes: the size of every answer instead.
        redirect: where every question is sent.
        retry_after_s: everybody is told to stay away for so long.
        money: the currency that euros are called.
        quarters: how many of them every day has, as if the clock were set on it: 92, or 100.
    """

    tomorrow_late: bool = False
    half: bool = False
    yesterday: bool = False
    cet_as_utc: bool = False
    slow_s: float = 0.0
    failing: int | None = None
    garbage: str | None = None
    megabytes: float = 0.0
    redirect: str | None = None
    retry_after_s: int | None = None
    money: str = "EUR"
    quarters: int | None = None


@dataclass(frozen=True)
class Quoted:
    """The price of a quarter in euros per MWh; None: it is told as null."""

    begin: datetime
    eur_per_mwh: float | None


class PriceHouse:
    """All houses at once; which one is meant is the first part of the path.

    Attributes:
        asked: the paths that were asked for with their queries, oldest first, the last thousand.
    """

    def __init__(self, clock: MovableClock | None = None) -> None:
        self.clock = clock or ManualClock()
        self.lock = RLock()
        self.asked: deque[str] = deque(maxlen=1_000)
        self.troubles = PriceTroubles()
        self._set: dict[tuple[str, datetime], float | None] = {}
        self._left_out: set[tuple[str, datetime]] = set()

    @contextmanager
    def moving(self) -> Iterator[None]:
        with self.lock:
            yield

    def day(self, area: str, day: date) -> list[Quoted]:
        """What is told of a delivery day by now: nothing, or its 92, 96 or 100 quarters."""
        if self.troubles.yesterday:
            day -= ONE_DAY
        if not self._is_told(day):
            return []
        begin, end = (datetime.combine(day + n * ONE_DAY, time(0), CET).astimezone(UTC) for n in (0, 1))
        quarters = self._counted([begin + number * QUARTER for number in range((end - begin) // QUARTER)])
        if self.troubles.half:
            quarters = quarters[: len(quarters) // 2]
        return [Quoted(at, self._price(area, at)) for at in quarters if (area, at) not in self._left_out]

    def _counted(self, quarters: list[datetime]) -> list[datetime]:
        """Without what comes at two at night, or with more at the end."""
        missing = 0 if self.troubles.quarters is None else len(quarters) - self.troubles.quarters
        kept = quarters[:SET_AT] + quarters[SET_AT + max(0, missing) :]
        return kept + [kept[-1] + number * QUARTER for number in range(1, 1 - min(0, missing))]

    def _is_told(self, day: date) -> bool:
        now = self.clock.now().astimezone(CET)
        is_tomorrow_told = now.time() >= TOLD_FROM and not self.troubles.tomorrow_late
        return day <= now.date() + (ONE_DAY if is_tomorrow_told else timedelta())

    def _price(self, area: str, at: datetime) -> float | None:
        if (area, at) in self._set:
            return self._set[area, at]
        local = at.astimezone(CET)
        chance = random.Random(f"{area} {local.date()}")
        wind, is_sunday = chance.uniform(0.5, 1.3), local.weekday() == 6
        price = USUAL_DAY[local.hour] * wind + 4 * (local.minute // 15 - 1.5)
        if local.hour < 6 and chance.random() < 0.3:  # a windy night
            price *= 0.3
        if is_sunday and 11 <= local.hour < 16:  # too much sun
            price -= 75
        return round(price, 2)

    # Verbs.

    @verb
    def set_price(self, area: str, begin: datetime, eur_per_mwh: float | None = None) -> None:
        """The price of one quarter; without one, it is told as null."""
        self._set[area, begin.astimezone(UTC)] = eur_per_mwh

    @verb
    def leave_out(self, area: str, begin: datetime) -> None:
        """A quarter that is in no answer."""
        self._left_out.add((area, begin.astimezone(UTC)))

    @verb
    def tomorrow_late(self) -> None:
        """Tomorrow is not told."""
        self.troubles.tomorrow_late = True

    @verb
    def half_a_day(self) -> None:
        """Every day ends at its half."""
        self.troubles.half = True

    @verb
    def yesterday_again(self) -> None:
        """Every answer is that of the day before."""
        self.troubles.yesterday = True

    @verb
    def count_quarters(self, quarters: int = 92) -> None:
        """Every day has so many quarters: 92 and 100 as on the days on which the clock is set."""
        if not SET_AT < quarters <= 2 * 96:
            raise ValueError("a day has some 96 quarters")
        self.troubles.quarters = quarters

    @verb
    def cet_as_utc(self) -> None:
        """The wall clock's time is written as if it were UTC."""
        self.troubles.cet_as_utc = True

    @verb
    def other_money(self, currency: str = "CHF") -> None:
        """Euros are told under another name, and crowns not at all."""
        self.troubles.money = currency

    @verb
    def fail(self, status: int = 500) -> None:
        """Every answer is an error."""
        self.troubles.failing = status

    @verb
    def be_slow(self, seconds: float = 30.0) -> None:
        """Every answer takes so many real seconds."""
        self.troubles.slow_s = seconds

    @verb
    def talk_garbage(self, text: str = "<!doctype html><title>Please wait</title>") -> None:
        """Every answer is this text."""
        self.troubles.garbage = text

    @verb
    def talk_much(self, megabytes: float = 10.0) -> None:
        """Every answer is as large as that."""
        self.troubles.megabytes = megabytes

    @verb
    def send_away(self, to: str = "https://prices.example/") -> None:
        """Every answer is a redirect."""
        self.troubles.redirect = to

    @verb
    def limit(self, retry_after_s: int = 600) -> None:
        """Everybody asks too often: 429."""
        self.troubles.retry_after_s = retry_after_s

    @verb
    def heal(self) -> None:
        """All is well again; prices that were set or left out stay so."""
        self.troubles = PriceTroubles()

    def faults(self) -> list[str]:
        """What goes wrong, by the names of the fields that say so."""
        well = vars(PriceTroubles())
        return [name for name, value in vars(self.troubles).items() if value != well[name]]
