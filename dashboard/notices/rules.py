"""Who is told of what, and when: rules about people and times, without a database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from dashboard.news import NewsKind
from dashboard.plan.week import next_time
from dashboard.web.access import Role

STALE_AFTER = timedelta(hours=2)
TRIED_FOR = timedelta(hours=2)
AN_HOUR = timedelta(hours=1)
MOST_AN_HOUR = 10
HAS_FAILED_AFTER = timedelta(minutes=2)  # then the next of the household is told
KEEPS = frozenset({NewsKind.OWNER, NewsKind.MONTH})  # neither stale after two hours nor dropped at night
MUST_ARRIVE = frozenset({NewsKind.NOT_TAKEN, NewsKind.WARNING})  # else the next person is told
_OF_MEMBERS = frozenset({NewsKind.NOT_TAKEN, NewsKind.NOT_CHARGING, NewsKind.WARNING, NewsKind.LATE})
OF_ONE_PERSON = frozenset({NewsKind.LATE, NewsKind.NOT_PLUGGED_IN, NewsKind.MONTH})


def may_choose(kind: NewsKind, role: Role) -> bool:
    """Whether it can concern somebody of that role: a viewer presses nothing, and some things only owners mend."""
    if kind in (NewsKind.NOT_TAKEN, NewsKind.LATE):
        return role.includes(Role.MEMBER)
    return kind is not NewsKind.OWNER or role is Role.OWNER


def is_default(kind: NewsKind, role: Role) -> bool:
    """Whether somebody of that role hears it who has chosen nothing."""
    if kind is NewsKind.OWNER:
        return role is Role.OWNER
    return kind in _OF_MEMBERS and role.includes(Role.MEMBER)


@dataclass(frozen=True)
class QuietHours:
    """From one local time to another, in minutes since midnight; over midnight where the second is not later."""

    begins: int
    ends: int

    def end_of(self, now: datetime, zone: tzinfo) -> datetime | None:
        """When they end, if they hold now."""
        here = now.astimezone(zone)
        minutes = here.hour * 60 + here.minute
        is_over_midnight = self.ends <= self.begins
        is_after_begin, is_before_end = minutes >= self.begins, minutes < self.ends
        holds = is_after_begin or is_before_end if is_over_midnight else is_after_begin and is_before_end
        return next_time(self.ends, now, zone) if holds else None


@dataclass(frozen=True)
class Hearer:
    """Somebody who may be told.

    Attributes:
        wants: what they have chosen, or what is so by itself.
        ways: the ids of the ways by which they can be told now.
        told_lately: how often they were told in the last hour.
    """

    id: int
    name: str
    role: Role
    wants: frozenset[NewsKind]
    quiet: QuietHours | None = None
    ways: tuple[int, ...] = ()
    told_lately: int = 0

    def hears(self, kind: NewsKind) -> bool:
        return bool(self.ways) and kind in self.wants and may_choose(kind, self.role)

    def is_left_alone_until(
        self, kind: NewsKind, whose: int | None, now: datetime, zone: tzinfo
    ) -> datetime | None:
        """When their quiet hours end, where these keep this from them now."""
        is_own = kind is NewsKind.NOT_TAKEN and whose == self.id
        if self.quiet is None or is_own or kind is NewsKind.WARNING:
            return None
        return self.quiet.end_of(now, zone)


def audience(kind: NewsKind, whose: int | None, people: Iterable[Hearer]) -> list[Hearer]:
    """Whom it concerns and who wants to hear it."""
    listeners = [person for person in people if person.hears(kind)]
    if kind in OF_ONE_PERSON or (kind is NewsKind.NOT_TAKEN and whose is not None):
        return [person for person in listeners if person.id == whose]
    if kind in (NewsKind.OWNER, NewsKind.NOT_TAKEN):
        return [person for person in listeners if person.role is Role.OWNER]
    if kind is NewsKind.PRESSED:
        return [person for person in listeners if person.id != whose]
    return listeners


def next_in_place(
    kind: NewsKind, told: Iterable[int], people: Iterable[Hearer], now: datetime, zone: tzinfo
) -> Hearer | None:
    """Who is told where somebody could not be: the next of the household who can act, owners last."""
    asked = set(told)
    able = [
        person
        for person in people
        if person.id not in asked
        and person.role.includes(Role.MEMBER)
        and person.hears(kind)
        and person.is_left_alone_until(kind, None, now, zone) is None
    ]
    return min(able, key=lambda person: (person.role is Role.OWNER, person.name.casefold()), default=None)


def is_stale(kind: NewsKind, at: datetime, now: datetime) -> bool:
    """Whether it happened too long ago to be told."""
    return kind not in KEEPS and now - at > STALE_AFTER


def is_one_too_many(kind: NewsKind, person: Hearer) -> bool:
    """Whether it is held back, to be told as “and 7 more”; a danger never is."""
    return kind is not NewsKind.WARNING and person.told_lately >= MOST_AN_HOUR


EVENING = time(21, 30)
EVENING_MINUTES = EVENING.hour * 60 + EVENING.minute
