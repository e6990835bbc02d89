"""One notice in words, with the page it leads to: made at the moment in which it leaves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from dashboard import formats
from dashboard.charger import chargers, snapshots
from dashboard.charger.view import read_view
from dashboard.history.totals import Month
from dashboard.household.tables import member_table
from dashboard.news import NewsKind
from dashboard.notices import message_words, month
from dashboard.notices.choices import MORE
from dashboard.notices.events import Event
from dashboard.notices.message import Message, MessageLink
from dashboard.notices.rules import MUST_ARRIVE
from dashboard.plan import active_rules, next_words
from dashboard.plan.next_line import next_line
from dashboard.services import Services
from dashboard.web.access import Role
from zaptec.commands import Action

WITH_A_PAGE = {Action.PAUSE.value, Action.RESUME.value}


def compose(
    services: Services, connection: Connection, notice: Row[Any], event: Event | None, base_url: str
) -> Message:
    """What is handed over.

    Args:
        event: None of a test, and of “and 7 more”.
        base_url: of the links, where the settings name no public address.
    """
    base = services.settings.public_url or base_url
    now = services.now()
    if event is None:
        told = message_words.more(notice.how_many or 0) if notice.kind == MORE else message_words.test()
        return Message(*told, _link(base, "/account", notice.tag), notice.tag, notice.asked_at)
    title, body = words_of(services, connection, event, now)
    if notice.is_in_place_of_another:
        body = f"{body} {message_words.in_place_of_another(event.facts.get('who'))}"
    is_urgent, link = event.kind in MUST_ARRIVE, _link(base, _path(event), notice.tag)
    links = _more_links(services, connection, event, notice, base)
    return Message(title, body, link, notice.tag, event.at, is_urgent, links)


def words_of(services: Services, connection: Connection, event: Event, now: datetime) -> tuple[str, str]:
    """Title and text."""
    if event.charger_id is None:
        return _of_household(connection, event)
    charger = chargers.find(connection, event.charger_id)
    with formats.in_zone_of(event.charger_id):
        title, text = _of_charger(services, connection, event, now)
        name = charger.name if charger else ""
        return title, message_words.at_charger(name, event.at, now, text)


def _of_household(connection: Connection, event: Event) -> tuple[str, str]:
    if event.kind is NewsKind.MONTH:
        of_month = Month.from_key(event.facts["month"])
        return month.words(connection, of_month) if of_month else ("", "")
    return message_words.owner(event.facts)


def _of_charger(services: Services, connection: Connection, event: Event, now: datetime) -> tuple[str, str]:
    if event.kind is NewsKind.PLUGGED_IN:
        return message_words.plugged_in(_what_happens_next(services, connection, event.charger_id or "", now))
    if event.kind is NewsKind.WARNING:
        return message_words.warning(_warnings(connection, event.charger_id or "", now))
    return message_words.WORDS[event.kind](event.facts, now)


def _what_happens_next(services: Services, connection: Connection, charger_id: str, now: datetime) -> str:
    rules = active_rules.read(connection, charger_id, services.zone(charger_id), now)
    situation = read_view(connection, charger_id, now).situation
    return next_line(rules, situation, now) or next_words.nothing_planned(situation)


def _warnings(connection: Connection, charger_id: str, now: datetime) -> tuple[str, ...]:
    has_state = snapshots.read(connection, charger_id) is not None
    return read_view(connection, charger_id, now).situation.warnings if has_state else ()


def _path(event: Event) -> str:
    """The page it leads to, with the button that makes sense there in focus; opening it never acts."""
    if event.kind is NewsKind.MONTH:
        return f"/history/statement?month={event.facts['month']}"
    if event.kind is NewsKind.OWNER:
        return "/doors" if "host" in event.facts else "/more"
    page = f"/chargers/{event.charger_id}"
    if event.kind is NewsKind.NOT_TAKEN and event.facts.get("action") in WITH_A_PAGE:
        return f"{page}/{event.facts['action']}"
    return f"{page}/resume" if event.kind is NewsKind.NOT_CHARGING else page


def _more_links(
    services: Services, connection: Connection, event: Event, notice: Row[Any], base: str
) -> tuple[MessageLink, ...]:
    """Of a car that has come: to let it charge now, tonight, or when it costs least, for whoever may say so."""
    if event.kind is not NewsKind.PLUGGED_IN or not _may_press(connection, notice.member_id):
        return ()
    charger, plan, now = event.charger_id, f"/plan?charger={event.charger_id}", services.now()
    pages = [f"/chargers/{charger}/resume", f"{plan}#once-start"]
    if services.kwh_prices(connection, charger, now, now).goes_by_time:
        pages.append(f"{plan}#ready-by-{charger}")
    labels = message_words.now_tonight_cheapest()
    return tuple(
        MessageLink(label, _link(base, page, notice.tag)) for label, page in zip(labels, pages, strict=False)
    )


def _may_press(connection: Connection, member_id: int) -> bool:
    role = connection.scalar(select(member_table.c.role).where(member_table.c.id == member_id))
    return role is not None and Role(role).includes(Role.MEMBER)


def _link(base: str, path: str, tag: str) -> str:
    page, hash, part = path.partition("#")
    return f"{base}{page}{'&' if '?' in page else '?'}told={tag}{hash}{part}"
