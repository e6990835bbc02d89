"""A drawn night: what happens in it, whom it concerns, who carries it, and which programs live through it."""

from __future__ import annotations

import json
import random
import re
import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dashboard.news import News, NewsKind
from dashboard.notices.message import WayKind
from dashboard.notices.watches import Condition
from dashboard.settings import Settings
from simulator import ManualClock
from tests.notices.fake_house import Answering, FakeHouse, Posted, answering, cutting
from tests.notices.night_program import Order, run
from tests.notices.push_browser import PushBrowser
from tests.processes import MortalProcess

MINUTE = timedelta(minutes=1)
PEOPLE = ("Anna", "Ben", "Carla", "Dora")
WAYS = (WayKind.BROWSER, WayKind.NTFY, WayKind.TELEGRAM)
KINDS = (NewsKind.FINISHED, NewsKind.PRESSED, NewsKind.OFFLINE)
HEARS = {name: set(KINDS) for name in PEOPLE} | {"Carla": {NewsKind.FINISHED, NewsKind.OFFLINE}}
SLEEPER, QUIET, HOME = "Dora", (23, 6), ZoneInfo("Europe/Oslo")
ASKING, ANYWHERE = "while a service is asked", "anywhere"
MOST_TROUBLES = 4  # of one notice by one way: then whoever carries it has recovered, well within two hours


def is_quiet(person: str, at: datetime) -> bool:
    """Whether that person has asked to be left alone then."""
    hour = at.astimezone(HOME).hour
    return person == SLEEPER and (hour >= QUIET[0] or hour < QUIET[1])


@dataclass(frozen=True)
class Happening:
    """Something to be told.

    Attributes:
        over_at: from when on it is no longer so; None where it stays.
    """

    news: News
    hearers: frozenset[str]
    over_at: datetime | None = None

    def is_over(self, at: datetime) -> bool:
        return self.over_at is not None and at >= self.over_at


def draw(number: int, now: datetime, dice: random.Random, ids: dict[str, int]) -> Happening:
    kind = dice.choice(KINDS)
    who = dice.choice(PEOPLE) if kind is NewsKind.PRESSED else None
    hearers = frozenset(name for name in PEOPLE if kind in HEARS[name] and name != who)
    charger, facts, over_at = f"charger {number}", {"energy_kwh": 1.0, "action": "pause", "who": who}, None
    if kind is NewsKind.OFFLINE:
        facts = {"condition": Condition.OFFLINE.value}
        over_at = dice.choice((None, now + dice.randint(0, 12) * MINUTE))
    return Happening(News(kind, f"{kind} {number}", now, charger, ids.get(who or ""), facts), hearers, over_at)


@dataclass
class NoticeServices(FakeHouse):
    """A push service, an ntfy and Telegram, which are often in trouble, and what they have shown to whom.

    Attributes:
        dice: what goes wrong.
        kill: ends one of the programs, now and then while it waits for an answer.
        shown: by person, way and tag, when it was taken to be shown.
        doubts: how often nobody could say whether it was taken.
    """

    clock: ManualClock = field(default_factory=ManualClock)
    dice: random.Random = field(default_factory=random.Random)
    kill: Callable[[], bool] = bool
    shown: defaultdict[tuple[str, str, str], list[datetime]] = field(default_factory=lambda: defaultdict(list))
    doubts: int = 0
    _troubles: defaultdict[tuple[str, str, str], int] = field(default_factory=lambda: defaultdict(int))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.phones = {name: PushBrowser(f"{self.url}/{name}") for name in PEOPLE}

    def address(self, person: str, way: WayKind) -> str:
        """As `ways.parse` leaves it."""
        if way is WayKind.BROWSER:
            return self.phones[person].subscription()
        return f"owner:{self.url}/{person}" if way is WayKind.NTFY else f"1234567:{'A' * 30}/@{person}"

    def answer_to(self, posted: Posted) -> Answering:
        with self._lock:
            return self._draw(self._read(posted))

    def _read(self, posted: Posted) -> tuple[str, str, str]:
        """For whom it is, by which way, and its tag."""
        if "Topic" in posted.headers:
            person = posted.path.strip("/")
            return person, WayKind.BROWSER.value, self.phones[person].read(posted)["notification"]["tag"]
        said = json.loads(posted.body)
        if "topic" in said:
            return said["topic"], WayKind.NTFY.value, said["sequence_id"]
        [tag] = re.findall(r"told=(\w+)", said["text"])
        return said["chat_id"].removeprefix("@"), WayKind.TELEGRAM.value, tag

    def _draw(self, which: tuple[str, str, str]) -> Answering:
        has_died, drawn = self.kill(), self.dice.random()
        is_in_trouble = drawn < 0.4 and self._troubles[which] < MOST_TROUBLES
        self._troubles[which] += is_in_trouble
        if is_in_trouble and drawn < 0.3:
            return self.dice.choice((answering(500), answering(429, Retry_After="180"), answering(503)))
        if has_died or is_in_trouble:  # taken or not: the answer does not come through
            self.doubts += 1
            if self.dice.random() < 0.5:
                self.shown[which].append(self.clock.now())
            return cutting
        self.shown[which].append(self.clock.now())
        return answering(201)


class Program(MortalProcess):
    """A dashboard of the night.

    Attributes:
        is_at_work: it has not yet ended what it was ordered last.
    """

    def __init__(self, settings: Settings, telegrams_house: str) -> None:
        super().__init__(run, settings, telegrams_house)
        self.is_at_work = False

    def begin(self, order: Order) -> None:
        self.is_at_work = True
        self.order(order)

    def wait(self) -> None:
        super().wait()
        self.is_at_work = False


class Programs:
    """Two dashboards on one database, and so many deaths: one half while a service is asked, one half anywhere.

    Attributes:
        deaths: where they died, and when.
    """

    def __init__(self, services: NoticeServices, settings: Settings, dice: random.Random) -> None:
        self.deaths: list[tuple[str, datetime]] = []
        self._now = services.clock.now
        self._dice = dice
        self._due: list[str] = []
        self._both = [Program(settings, services.url) for _ in range(2)]
        services.kill = self._kill_while_asking

    def tell(self, order: Order, death: str = "") -> None:
        """Have both tell at one moment; that of one may be its last, at this moment or as soon as it can be."""
        if death:
            self._due.append(death)
        for program in self._both:
            program.begin(order)
        first = self._both[0]
        if ANYWHERE in self._due and not first.has_ended(self._dice.uniform(0, 0.02)):
            self._kill(first, ANYWHERE)
        for program in self._both:
            program.wait()

    def _kill_while_asking(self) -> bool:
        """One that is at work, which may be the other one."""
        at_work = [program for program in self._both if program.is_at_work]
        if ASKING not in self._due or not at_work:
            return False
        self._kill(self._dice.choice(at_work), ASKING)
        return True

    def _kill(self, program: Program, where: str) -> None:
        self._due.remove(where)
        self.deaths.append((where, self._now()))
        program.kill()

    def end(self) -> None:
        for program in self._both:
            program.end()
