"""Many events, two programs that die, ways that fail: each notice arrives once, and its receipt is true.

NOTICE_EVENTS=200 NOTICE_SEED=7 draws a longer night than `make test` does.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from dashboard import doors
from dashboard.household.members import add_member, as_member
from dashboard.household.tables import member_table
from dashboard.news import NewsKind
from dashboard.notices import addresses, clock_job
from dashboard.notices.message import Message, Outcome, Result, WayKind
from dashboard.notices.stages import Stage
from dashboard.notices.tables import delivery_table, event_table, notice_table
from dashboard.settings import Settings
from dashboard.web.access import Role
from tests.conftest import PASSWORD_HASH
from tests.notices.conftest import MakeApp, Told
from tests.one_charger import house_of

EVENTS = int(os.environ.get("NOTICE_EVENTS", "16"))
SEED = os.environ.get("NOTICE_SEED", "1")
KINDS = (WayKind.NTFY, WayKind.MAIL, WayKind.TELEGRAM)
TROUBLE = (
    Outcome(Result.TRY_LATER, "service_trouble"),
    Outcome(Result.TRY_LATER, "rate_limited", timedelta(minutes=3)),
    Outcome(Result.TRY_LATER, "unreachable"),
)


class Dies(BaseException):
    """In the place of a kill: nothing of ours goes on after it."""


class Weather:
    """What becomes of each try: often trouble that passes; sometimes the program dies, having sent or not."""

    def __init__(self, told: Told, draw: random.Random) -> None:
        self.told = told
        self.draw = draw
        self.deaths = 0
        self.is_over = False
        self.arrived: Counter[tuple[str, str]] = Counter()

    def __call__(self, address: str, message: Message) -> Outcome:
        drawn = self.draw.random()
        if self.is_over or drawn > 0.5:
            self.arrived[address, message.tag] += 1
            return Outcome(Result.HANDED_OVER)
        if drawn < 0.1:
            self.deaths += 1
            self.arrived[address, message.tag] += drawn < 0.05
            raise Dies
        return self.draw.choice(TROUBLE)


def fill(told: Told, weather: Weather) -> None:
    """Four people with three ways each, who hear everything that is told to everybody."""
    now = told.people.clock.now()
    with told.people.app.test_request_context(), told.people.database.writing() as connection:
        add_member(connection, "Dora", Role.MEMBER, PASSWORD_HASH, now)
        for person in connection.execute(select(member_table)).all():
            for kind in KINDS:
                address = f"{person.name} {kind.value}"
                addresses.add(told.services, connection, as_member(person), kind, address, "http://house")
                told.carrier.does[address] = weather
        for kind in KINDS:
            doors.switch(connection, f"{kind.value}.example", True, now, "Anna")
    for name in ("Anna", "Ben", "Carla", "Dora"):
        told.hears(name, NewsKind.FINISHED)


def tell(app: Flask) -> None:
    """One tick of one program; if it dies, the next tick is another's."""
    try:
        with app.app_context():
            clock_job.tell(house_of(app))
    except Dies:
        pass


def test_each_notice_of_a_night_arrives_once_and_its_receipt_is_true(
    told: Told, make_app: MakeApp, settings: Settings
) -> None:
    draw = random.Random(SEED)
    weather = Weather(told, draw)
    fill(told, weather)
    programs = [told.people.app, make_app(settings)]
    for number in range(EVENTS):
        told.report(NewsKind.FINISHED, f"charge {number}", charger_id="a", facts={"energy_kwh": 1.0})
        for _minute in range(8):
            told.people.clock.advance(seconds=60)
            tell(draw.choice(programs))
    weather.is_over = True
    for _minute in range(40):
        told.people.clock.advance(seconds=60)
        tell(draw.choice(programs))
    assert weather.deaths > EVENTS / 4
    with told.people.database.reading() as connection:
        deliveries = connection.execute(
            select(delivery_table, notice_table.c.tag, notice_table.c.member_id, member_table.c.name)
            .join(notice_table, notice_table.c.id == delivery_table.c.notice_id)
            .join(member_table, member_table.c.id == notice_table.c.member_id)
        ).all()
        assert connection.execute(select(event_table).where(event_table.c.decided_at.is_(None))).all() == []
    assert len(deliveries) == EVENTS * 4 * len(KINDS)
    for delivery in deliveries:
        address = f"{delivery.name} {delivery.way_kind}"
        times = weather.arrived[address, delivery.tag]
        if delivery.way_kind == WayKind.TELEGRAM:  # nothing can take the place of what was sent
            assert (delivery.stage, times) in {("handed_over", 1), ("perhaps", 1), ("perhaps", 0)}
        else:  # a second one takes the place of the first, by its tag
            assert delivery.stage == Stage.HANDED_OVER and times >= 1
    told_tags = {(f"{row.name} {row.way_kind}", row.tag) for row in deliveries}
    assert {sent for sent, times in weather.arrived.items() if times} <= told_tags
