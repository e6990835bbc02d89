"""Who is told, and when: the rules alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dashboard.news import NewsKind
from dashboard.notices import rules
from dashboard.notices.rules import Hearer, QuietHours
from dashboard.web.access import Role

OSLO = ZoneInfo("Europe/Oslo")
NOW = datetime(2026, 11, 20, 22, 30, tzinfo=UTC)  # 23:30 in Oslo
NIGHT = QuietHours(22 * 60, 7 * 60)
EVERYTHING = frozenset(NewsKind)


def person(name: str, role: Role, **more: object) -> Hearer:
    ids = {"Anna": 1, "Ben": 2, "Carla": 3, "Dora": 4}
    return Hearer(ids[name], name, role, **({"wants": EVERYTHING, "ways": (1,)} | more))  # type: ignore[arg-type]


ANNA, BEN, CARLA = (
    person("Anna", Role.OWNER),
    person("Ben", Role.MEMBER),
    person("Carla", Role.VIEWER),
)
ALL = [ANNA, BEN, CARLA]


@pytest.mark.parametrize(
    ("kind", "whose", "names"),
    [
        (NewsKind.NOT_TAKEN, 2, "Ben"),
        (NewsKind.NOT_TAKEN, None, "Anna"),  # the plan's
        (NewsKind.NOT_TAKEN, 3, ""),  # a viewer presses nothing
        (NewsKind.NOT_CHARGING, None, "Anna Ben Carla"),
        (NewsKind.PRESSED, 2, "Anna Carla"),
        (NewsKind.PRESSED, None, "Anna Ben Carla"),
        (NewsKind.LATE, 2, "Ben"),
        (NewsKind.NOT_PLUGGED_IN, 3, "Carla"),
        (NewsKind.MONTH, 3, "Carla"),
        (NewsKind.OWNER, None, "Anna"),
        (NewsKind.WARNING, None, "Anna Ben Carla"),
    ],
)
def test_it_is_told_to_whom_it_concerns(kind: NewsKind, whose: int | None, names: str) -> None:
    assert " ".join(one.name for one in rules.audience(kind, whose, ALL)) == names


def test_nobody_hears_what_they_have_not_chosen_or_without_a_way() -> None:
    people = [person("Anna", Role.OWNER, ways=()), person("Ben", Role.MEMBER, wants=frozenset())]
    assert rules.audience(NewsKind.WARNING, None, people) == []


def test_whoever_has_chosen_nothing_hears_what_went_wrong_for_them_and_of_danger() -> None:
    default = {role: {kind for kind in NewsKind if rules.is_default(kind, role)} for role in Role}
    of_members = {NewsKind.NOT_TAKEN, NewsKind.NOT_CHARGING, NewsKind.WARNING, NewsKind.LATE}
    assert default == {Role.VIEWER: set(), Role.MEMBER: of_members, Role.OWNER: of_members | {NewsKind.OWNER}}


@pytest.mark.parametrize(
    ("kind", "whose", "is_told"),
    [
        (NewsKind.WARNING, None, True),
        (NewsKind.NOT_TAKEN, 2, True),
        (NewsKind.NOT_TAKEN, 1, False),  # another's
        (NewsKind.FINISHED, None, False),
        (NewsKind.OWNER, None, False),
    ],
)
def test_only_danger_and_ones_own_press_pass_the_quiet_hours(
    kind: NewsKind, whose: int | None, is_told: bool
) -> None:
    asleep = person("Ben", Role.MEMBER, quiet=NIGHT)
    assert (asleep.is_left_alone_until(kind, whose, NOW, OSLO) is None) is is_told


@pytest.mark.parametrize(
    ("local", "quiet", "ends"),
    [
        ("23:30", NIGHT, "07:00"),
        ("06:59", NIGHT, "07:00"),
        ("07:00", NIGHT, None),
        ("21:59", NIGHT, None),
        ("13:00", QuietHours(13 * 60, 14 * 60), "14:00"),
        ("14:00", QuietHours(13 * 60, 14 * 60), None),
        ("14:00", QuietHours(0, 0), "00:00"),  # the same twice: the whole day
    ],
)
def test_quiet_hours_go_by_the_local_clock_and_over_midnight(
    local: str, quiet: QuietHours, ends: str | None
) -> None:
    now = datetime.fromisoformat(f"2026-11-20T{local}").replace(tzinfo=OSLO)
    end = quiet.end_of(now, OSLO)
    assert (end and f"{end.astimezone(OSLO):%H:%M}") == ends


def test_what_is_older_than_two_hours_is_not_told_except_what_keeps() -> None:
    long_ago = NOW - timedelta(hours=2, seconds=1)
    assert {kind for kind in NewsKind if not rules.is_stale(kind, long_ago, NOW)} == {
        NewsKind.OWNER,
        NewsKind.MONTH,
    }
    assert not rules.is_stale(NewsKind.FINISHED, NOW - timedelta(hours=2), NOW)


def test_the_next_of_the_household_is_told_owners_last_and_nobody_is_woken() -> None:
    dora = person("Dora", Role.MEMBER, quiet=NIGHT)
    everybody = [ANNA, BEN, CARLA, dora]

    def next_after(told: list[int], at: datetime) -> str:
        found = rules.next_in_place(NewsKind.NOT_TAKEN, told, everybody, at, OSLO)
        return found.name if found else ""

    assert next_after([2], NOW) == "Anna"
    assert next_after([2], NOW + timedelta(hours=12)) == "Dora"
    assert next_after([2, 4], NOW) == "Anna"
    assert next_after([1, 2, 4], NOW) == ""


def test_ten_an_hour_are_told_one_by_one_and_a_danger_always() -> None:
    busy = person("Ben", Role.MEMBER, told_lately=10)
    assert rules.is_one_too_many(NewsKind.PRESSED, busy) and not rules.is_one_too_many(NewsKind.WARNING, busy)
    assert not rules.is_one_too_many(NewsKind.PRESSED, person("Ben", Role.MEMBER, told_lately=9))
