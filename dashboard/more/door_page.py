"""What `/doors` shows, as data: who may be asked besides Zaptec, and how that went."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from dashboard import doors
from dashboard.doors import Door
from dashboard.history import spot_needs
from dashboard.more import door_words
from dashboard.notices import door_list
from dashboard.notices import words as notice_words
from dashboard.notices.door_list import HostInUse
from dashboard.tariff import words as tariff_words
from dashboard.tariff.sources.table import SOURCES


@dataclass(frozen=True)
class ListedDoor:
    """One host, in sentences.

    Attributes:
        what_for: why it would be asked.
        news: whether it is on, since when, its last answer and its last failure.
    """

    host: str
    is_open: bool
    what_for: list[str]
    news: list[str]


@dataclass(frozen=True)
class DoorGroup:
    """Hosts that are asked for the same.

    Attributes:
        says: what is so of all of them: how often they are asked, and what they hear.
    """

    title: str
    says: str
    doors: list[ListedDoor]


def read(connection: Connection, now: datetime) -> list[DoorGroup]:
    """Every host that could be asked, in the order of the sources; then those that notices go to."""
    sources = DoorGroup(door_words.prices(), tariff_words.how_often(), _of_sources(connection, now))
    used = [_of_notices(connection, used, now) for used in door_list.hosts(connection)]
    notices = DoorGroup(door_words.notices(), notice_words.why_for(), used)
    return [sources, notices] if used else [sources]


def _of_notices(connection: Connection, used: HostInUse, now: datetime) -> ListedDoor:
    door = doors.find(connection, used.host)
    what_for = [notice_words.for_whom(used.count, used.names)]
    return ListedDoor(door.host, door.is_open, what_for, _news(door, now, notice_words.failure))


def _of_sources(connection: Connection, now: datetime) -> list[ListedDoor]:
    listed = []
    needed = spot_needs.areas(connection, now)
    for source in SOURCES:
        door = doors.find(connection, source.host)
        areas = [area.area for area in needed if area.source == source.host]
        what_for = [tariff_words.what_for(source)]
        if areas or door.is_open:
            what_for.append(tariff_words.needed_for(areas))
        listed.append(ListedDoor(door.host, door.is_open, what_for, _news(door, now, tariff_words.failure)))
    return listed


def _news(door: Door, now: datetime, failure: Callable[[str], str]) -> list[str]:
    news = [door_words.state(door, now)]
    if door.answered_at is not None:
        news.append(door_words.answered(door.answered_at, now))
    if door.failure is not None and door.failed_at is not None:
        news.append(door_words.failed(door.failed_at, now, failure(door.failure)))
    if door.is_open and door.again_at is not None and door.again_at > now:
        news.append(door_words.asked_again(door.again_at, now))
    return news
