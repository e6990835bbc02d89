"""Many events, two programs that are killed again and again, services in trouble: each notice arrives once.

NOTICE_EVENTS=200 NOTICE_KILLS=20 NOTICE_SEED=7 draws a longer night than `make test` does; `-s` tells what
came of it.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Row, select

from dashboard import doors
from dashboard.household.members import add_member, as_member
from dashboard.household.tables import member_table
from dashboard.notices import addresses, watches
from dashboard.notices.choices import Hours, save
from dashboard.notices.message import WayKind
from dashboard.notices.stages import NotTold, Stage
from dashboard.notices.tables import delivery_table, event_table, notice_table
from dashboard.notices.watches import Condition
from dashboard.settings import Settings
from dashboard.web.access import Role
from tests.conftest import PASSWORD_HASH, Household
from tests.notices.night import (
    ANYWHERE,
    ASKING,
    HEARS,
    MINUTE,
    PEOPLE,
    QUIET,
    SLEEPER,
    WAYS,
    Happening,
    NoticeServices,
    Programs,
    draw,
    is_quiet,
)
from tests.one_charger import house_of

EVENTS = int(os.environ.get("NOTICE_EVENTS", "12"))
KILLS = int(os.environ.get("NOTICE_KILLS", "2"))
SEED = os.environ.get("NOTICE_SEED", "3")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, push_hosts=("127.0.0.1",))


@pytest.fixture
def services(household: Household) -> Iterator[NoticeServices]:
    with NoticeServices(clock=household.clock, dice=random.Random(f"services {SEED}")) as services:
        yield services


@pytest.fixture
def programs(services: NoticeServices, settings: Settings) -> Iterator[Programs]:
    programs = Programs(services, settings, random.Random(f"deaths {SEED}"))
    yield programs
    programs.end()


class Night:
    """The household in that night.

    Attributes:
        happened: what there was to tell, by its key.
    """

    def __init__(self, people: Household, services: NoticeServices, programs: Programs) -> None:
        self.people = people
        self.services = services
        self.programs = programs
        self.happened: dict[str, Happening] = {}
        self.ids: dict[str, int] = {}
        self._fill()

    def _fill(self) -> None:
        """Four people with three ways each."""
        house, now = house_of(self.people.app), self.people.clock.now()
        with self.people.app.test_request_context(), self.people.database.writing() as connection:
            add_member(connection, "Dora", Role.MEMBER, PASSWORD_HASH, now)
            for person in connection.execute(select(member_table)).all():
                self.ids[person.name] = person.id
                quiet = Hours(None, QUIET[0] * 60, QUIET[1] * 60) if person.name == SLEEPER else Hours()
                save(connection, person.id, HEARS[person.name], quiet)
                for way in WAYS:
                    address = self.services.address(person.name, way)
                    addresses.add(house, connection, as_member(person), way, address, "http://house")
            for host in ("127.0.0.1", "api.telegram.org"):
                doors.switch(connection, host, True, now, "Anna")

    def pass_minutes(self, minutes: int, death: str = "") -> None:
        for minute in range(minutes):
            self.people.clock.advance(seconds=60)
            self._end_what_is_over()
            self.programs.tell((self.people.clock.now(), None), "" if minute else death)

    def let_happen(self, happening: Happening) -> None:
        """Both programs notice it; one that dies before it is written down notices it again."""
        key = happening.news.key
        self.happened[key] = happening
        with self.people.database.writing() as connection:
            if "condition" in happening.news.facts:
                watches.begin(connection, happening.news.charger_id or "", Condition.OFFLINE, happening.news.at)
        self._end_what_is_over()
        while not self._is_known(key):
            self.programs.tell((self.people.clock.now(), happening.news))

    def _end_what_is_over(self) -> None:
        with self.people.database.writing() as connection:
            for happening in self.happened.values():
                if happening.is_over(self.people.clock.now()):
                    watches.end(connection, happening.news.charger_id or "", Condition.OFFLINE)

    def _is_known(self, key: str) -> bool:
        with self.people.database.reading() as connection:
            return bool(connection.scalar(select(event_table.c.id).where(event_table.c.key == key)))

    def read(self, *columns: Any) -> list[Row[Any]]:
        joined = event_table.outerjoin(notice_table, notice_table.c.event_id == event_table.c.id)
        joined = joined.outerjoin(member_table, member_table.c.id == notice_table.c.member_id)
        if delivery_table in {column.table for column in columns}:
            joined = joined.join(delivery_table, delivery_table.c.notice_id == notice_table.c.id)
        with self.people.database.reading() as connection:
            return list(connection.execute(select(*columns).select_from(joined)))


def deaths(dice: random.Random) -> Iterator[str]:
    """During which events a program dies, and where."""
    dying = set(dice.sample(range(EVENTS - 1), KILLS))  # after the last, perhaps nothing is asked any more
    kinds = iter([ASKING, ANYWHERE] * KILLS)
    return (next(kinds) if number in dying else "" for number in range(EVENTS))


@pytest.mark.long
def test_each_notice_of_a_night_arrives_once_and_its_receipt_is_true(
    household: Household, services: NoticeServices, programs: Programs
) -> None:
    night, dice = Night(household, services, programs), random.Random(SEED)
    for number, death in enumerate(deaths(dice)):
        night.let_happen(draw(number, household.clock.now(), dice, night.ids))
        night.pass_minutes(dice.randint(7, 9), death)
    night.pass_minutes(60)
    assert len(programs.deaths) == KILLS
    receipts = night.read(
        event_table.c.key,
        member_table.c.name,
        notice_table.c.tag,
        delivery_table.c.way_kind,
        delivery_table.c.stage,
        delivery_table.c.reason,
        delivery_table.c.ended_at,
    )
    nobody_is_told_twice_or_what_is_none_of_theirs(night, receipts)
    each_receipt_is_true(night, receipts)
    what_should_arrive_has_been_handed_over(night, receipts)
    print_what_came_of_it(night, receipts)


def nobody_is_told_twice_or_what_is_none_of_theirs(night: Night, receipts: list[Row[Any]]) -> None:
    whose = [(receipt.key, receipt.name, receipt.way_kind) for receipt in receipts]
    assert len(whose) == len(set(whose))
    assert [one for one in whose if one[1] not in night.happened[one[0]].hearers] == []
    written = {(receipt.name, receipt.way_kind, receipt.tag) for receipt in receipts}
    assert {which for which, times in night.services.shown.items() if times} <= written
    for (_person, way, _tag), times in night.services.shown.items():
        assert len(times) <= 1 or way != WayKind.TELEGRAM  # of the others the second takes the first one's place


def each_receipt_is_true(night: Night, receipts: list[Row[Any]]) -> None:
    a_minute_after_a_death = {at + MINUTE for _where, at in night.programs.deaths}
    for receipt in receipts:
        taken = night.services.shown[receipt.name, receipt.way_kind, receipt.tag]
        # What a program sent before it was killed may be taken a moment later.
        shown = [at - MINUTE if at in a_minute_after_a_death else at for at in taken]
        happening = night.happened[receipt.key]
        assert not [at for at in shown if happening.is_over(at) or is_quiet(receipt.name, at)], receipt
        if receipt.stage == Stage.HANDED_OVER:
            assert shown, receipt
        elif receipt.stage == Stage.FAILED:
            is_over, is_night = happening.is_over(receipt.ended_at), is_quiet(receipt.name, receipt.ended_at)
            assert shown == [], receipt
            assert receipt.reason == (NotTold.NO_LONGER_SO if is_over else NotTold.QUIET_HOURS), receipt
            assert is_over or is_night, receipt
        else:
            assert receipt.stage == Stage.PERHAPS, receipt
            is_none = happening.is_over(receipt.ended_at) or is_quiet(receipt.name, receipt.ended_at)
            assert is_none or receipt.way_kind == WayKind.TELEGRAM, receipt  # else it is sent again


def what_should_arrive_has_been_handed_over(night: Night, receipts: list[Row[Any]]) -> None:
    """By every way of everybody whom it concerned while it was so and they were awake."""
    told = {(row.key, row.name) for row in night.read(event_table.c.key, member_table.c.name)}
    decided = dict(night.read(event_table.c.key, event_table.c.decided_at))
    assert set(decided) == set(night.happened) and None not in decided.values()
    for key, happening in night.happened.items():
        for name in happening.hearers - {name for known, name in told if known == key}:
            assert happening.is_over(decided[key]) or is_quiet(name, decided[key]), (key, name)
    by_whom = Counter((receipt.key, receipt.name) for receipt in receipts)
    assert set(by_whom.values()) == {len(WAYS)}
    in_doubt = sum(receipt.stage == Stage.PERHAPS for receipt in receipts)
    assert in_doubt <= night.services.doubts + KILLS  # a program may die before a service hears of it


def print_what_came_of_it(night: Night, receipts: list[Row[Any]]) -> None:
    stages = Counter((receipt.stage, receipt.reason or "") for receipt in receipts)
    again = sum(len(times) > 1 for times in night.services.shown.values())
    print(f"\n{len(night.happened)} events, {len(PEOPLE)} people, {len(receipts)} receipts:")
    for (stage, reason), count in sorted(stages.items()):
        print(f"  {count} {stage} {reason}")
    print(f"{Counter(where for where, _at in night.programs.deaths)}, {len(night.services.posted)} requests,")
    print(f"{night.services.doubts} answers lost, {again} sent again in the place of the first")
