"""What *Being told* on the page of one's own account shows, as data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import request
from sqlalchemy import Connection, Row, select

from dashboard import doors, formats
from dashboard.charger import chargers
from dashboard.hosts import LOOPBACK
from dashboard.household.members import Member
from dashboard.news import NewsKind
from dashboard.notices import addresses, choices, household_watch, rules, words
from dashboard.notices.addresses import KeptWay
from dashboard.notices.choices import Hours
from dashboard.notices.message import WayKind
from dashboard.notices.stages import Stage
from dashboard.notices.tables import delivery_table, notice_table
from dashboard.parts import Section
from dashboard.plan import active_rules
from dashboard.services import Services
from dashboard.settings import Settings
from dashboard.web.forms import Wrong

SHOWN = 10
OFFERED = (WayKind.BROWSER, WayKind.MAIL, WayKind.NTFY, WayKind.TELEGRAM, WayKind.ANOTHER)


@dataclass(frozen=True)
class ChoiceBox:
    kind: str
    label: str
    is_ticked: bool


@dataclass(frozen=True)
class WayLine:
    """One way; `name` as its buttons call it, `news` what stands in the way."""

    id: int
    name: str
    news: str


@dataclass(frozen=True)
class ToldLine:
    """One notice by one way: when, what, and how far it has come."""

    event: str
    way: str
    stage: str
    at: str
    what: str
    how_far: str


@dataclass(frozen=True)
class BeingTold:
    """Everything the section is made from.

    Attributes:
        hours: what stands in the fields for times.
        kinds: the ways that can be added, by their value.
        needs: what each of them needs, by the same.
        typed: the way that is chosen, and what was typed into its form, where that was wrong.
        is_planned: whether a car is to be let charge in the night that follows: else there is nothing to miss.
    """

    boxes: list[ChoiceBox]
    hours: dict[str, str]
    ways: list[WayLine]
    kinds: dict[str, str]
    needs: dict[str, str]
    typed: dict[str, str]
    told: list[ToldLine]
    wrong: Wrong | None
    about: str
    leaves: str
    is_planned: bool


def section(services: Services, connection: Connection, person: Member, wrong: Wrong | None) -> Section:
    return Section("notices/being_told.html", read(services, connection, person, wrong))


def read(services: Services, connection: Connection, person: Member, wrong: Wrong | None) -> BeingTold:
    typed = request.form if wrong else {}
    wanted = choices.wanted_by(connection, person.id, person.role)
    if wrong and wrong.field in FIELDS:
        wanted = frozenset(kind for kind in NewsKind if kind.value in request.form.getlist("hear"))
    kept = addresses.of_person(connection, person.id)
    settings = services.settings
    kinds = [*OFFERED, *([WayKind.PRETEND] if settings.is_demo else [])]
    return BeingTold(
        boxes=[_box(kind, wanted) for kind in NewsKind if rules.may_choose(kind, person.role)],
        hours=_hours(choices.hours_of(connection, person.id)) | {k: v for k, v in typed.items() if k in FIELDS},
        ways=[_way(services, connection, way) for way in kept],
        kinds={kind.value: words.way_kind(kind) for kind in kinds},
        needs={kind.value: words.needs(kind, person.role, has_mail=bool(settings.smtp_url)) for kind in kinds},
        typed={"kind": typed.get("kind", _first_choice(settings).value), "address": typed.get("address", "")},
        told=told(connection, person.id, services.now()),
        wrong=wrong,
        about=words.about(has_way=any(way.retired_at is None for way in kept)),
        leaves=words.leaves(person.role),
        is_planned=_is_planned(services, connection),
    )


FIELDS = ("tell_at", "quiet_from", "quiet_to")


def _first_choice(settings: Settings) -> WayKind:
    """This browser, where browsers take notices from here: over https, or on this machine itself."""
    is_secure = request.is_secure or settings.is_https or urlsplit(request.host_url).hostname in LOOPBACK
    return WayKind.BROWSER if is_secure else WayKind.NTFY


def _is_planned(services: Services, connection: Connection) -> bool:
    now = services.now()
    for charger in chargers.in_use(connection, services.settings.charger_ids):
        active = active_rules.read(connection, charger.id, services.zone(charger.id), now)
        if household_watch.next_opening(active, now) is not None:
            return True
    return False


def _box(kind: NewsKind, wanted: frozenset[NewsKind]) -> ChoiceBox:
    return ChoiceBox(kind.value, words.choice(kind), kind in wanted)


def _hours(hours: Hours) -> dict[str, str]:
    evening = rules.EVENING_MINUTES if hours.tell_at is None else hours.tell_at
    shown = {"tell_at": evening, "quiet_from": hours.quiet_from, "quiet_to": hours.quiet_to}
    return {name: "" if at is None else f"{at // 60:02d}:{at % 60:02d}" for name, at in shown.items()}


def _way(services: Services, connection: Connection, way: KeptWay) -> WayLine:
    name = words.way_name(way.kind, addresses.masked(services, way))
    if way.retired_at is not None:
        return WayLine(way.id, name, words.retired(way.retired_at, services.now()))
    is_shut = bool(way.host) and not doors.find(connection, way.host).is_open
    return WayLine(way.id, name, words.waits_for_owner(way.host) if is_shut else "")


def told(connection: Connection, member_id: int, now: datetime) -> list[ToldLine]:
    """The last ones, newest first."""
    columns = (notice_table.c.kind, notice_table.c.asked_at, notice_table.c.opened_at, notice_table.c.how_many)
    rows = connection.execute(
        select(delivery_table, *columns)
        .join(notice_table, notice_table.c.id == delivery_table.c.notice_id)
        .where(notice_table.c.member_id == member_id)
        .order_by(notice_table.c.asked_at.desc(), delivery_table.c.id.desc())
        .limit(SHOWN)
    )
    return [_told(row, now) for row in rows]


def _told(row: Row[Any], now: datetime) -> ToldLine:
    is_opened = row.opened_at is not None and row.stage in (Stage.HANDED_OVER, Stage.PERHAPS)
    stage = Stage.OPENED if is_opened else Stage(row.stage)
    return ToldLine(
        event=row.kind,
        way=row.way_kind,
        stage=stage.value,
        at=formats.moment_near(row.asked_at, now),
        what=words.what_was_told(row.kind, row.how_many),
        how_far=words.how_far(row, stage, now),
    )
