"""The browsers people are signed in with: how a session begins, is recognised, and ends."""

from __future__ import annotations

import logging
import re
from datetime import datetime, timedelta
from typing import Any

from flask import Response, after_this_request, current_app, g, request, session
from flask_login import login_user, logout_user
from sqlalchemy import Connection, Row, bindparam, delete, insert, or_, select, update
from sqlalchemy.exc import DBAPIError

from dashboard.activity import log as activity_log
from dashboard.activity.kinds import LineKind
from dashboard.household.members import Member
from dashboard.household.tables import device_table, known_browser, member_table
from dashboard.household.throttle import KNOWN_COOKIE, known_token
from dashboard.household.tokens import hash_of, new_token
from dashboard.news import News, NewsKind
from dashboard.services import current_services
from dashboard.web.access import Role
from dashboard.web.htmx import is_htmx

log = logging.getLogger(__name__)

STAYS = timedelta(days=365)  # of use: each look counts anew
LAPSES = timedelta(hours=24)  # without “Stay signed in”
SEEN_EVERY = timedelta(minutes=10)
COOKIE_RENEWED_EVERY = timedelta(days=1)

# Asked at every refresh of every open page.
_BY_TOKEN = (
    select(
        member_table.c.id,
        member_table.c.name,
        member_table.c.role,
        device_table.c.id.label("device_id"),
        device_table.c.stays,
        device_table.c.last_seen_at,
    )
    .join(member_table, member_table.c.id == device_table.c.member_id)
    .where(device_table.c.token_hash == bindparam("token_hash"))
)


def load_member(token: str) -> Member | None:
    """Who is signed in with this device's token; flask-login asks once per request."""
    now = current_services().now()
    with current_services().database.reading() as connection:
        row = _signed_in(connection, token, now)
    if row is None:
        return None
    if now - row.last_seen_at >= SEEN_EVERY:
        _note_seen(row.id, row.device_id, now)
    g.signed_in_for_long = row.stays
    return Member(row.id, row.name, Role(row.role), row.device_id, token)


def member_with(connection: Connection, token: str, now: datetime) -> Member | None:
    """The member who is signed in with this device's token, as they are in that transaction."""
    row = _signed_in(connection, token, now)
    return None if row is None else Member(row.id, row.name, Role(row.role), row.device_id, token)


def _signed_in(connection: Connection, token: str, now: datetime) -> Row[*tuple[Any, ...]] | None:
    row = connection.execute(_BY_TOKEN, {"token_hash": hash_of(token)}).first()
    return None if row is None or has_lapsed(row.last_seen_at, row.stays, now) else row


def has_lapsed(last_seen_at: datetime, stays: bool, now: datetime) -> bool:
    return now - last_seen_at >= (STAYS if stays else LAPSES)


def _note_seen(member_id: int, device_id: int, now: datetime) -> None:
    try:
        with current_services().database.writing() as connection:
            connection.execute(update(device_table).where(device_table.c.id == device_id).values(last_seen_at=now))
            connection.execute(update(member_table).where(member_table.c.id == member_id).values(last_seen_at=now))
    except DBAPIError:  # a look must work while nothing can be written
        log.warning("could not note that a device was seen")


def begin_session(connection: Connection, who: Member, *, stays: bool = True) -> None:
    """Sign this browser in, inside the caller's transaction; whoever was signed in here no longer is."""
    now = current_services().now()
    if old := session.get("_user_id"):
        connection.execute(delete(device_table).where(device_table.c.token_hash == hash_of(old)))
    _forget_lapsed(connection, now)
    browser, system = describe(request.headers.get("User-Agent", ""))
    token = new_token()
    device_id = connection.execute(
        insert(device_table)
        .values(
            member_id=who.id,
            token_hash=hash_of(token),
            browser=browser,
            system=system,
            stays=stays,
            created_at=now,
            last_seen_at=now,
        )
        .returning(device_table.c.id)
    ).scalar_one()
    connection.execute(update(member_table).where(member_table.c.id == who.id).values(last_seen_at=now))
    if not _remember_browser(connection, who, now):
        details = {"browser": browser, "system": system}
        activity_log.record(connection, at=now, kind=LineKind.SIGNED_IN, member=who, details=details)
        _report_new_device(connection, who, device_id, browser, system)
    session.clear()
    session.permanent = stays
    session["renewed"] = int(now.timestamp())
    login_user(Member(who.id, who.name, who.role, device_id, token))
    session.pop("_id", None)  # a hash of address and browser, which nothing of ours asks for


def _report_new_device(connection: Connection, who: Member, device_id: int, browser: str, system: str) -> None:
    """That somebody signs in as an owner with a browser that nobody knows: owners may want to hear of it."""
    if who.role is Role.OWNER:
        now, facts = current_services().now(), {"who": who.name, "device": [browser, system]}
        news = News(NewsKind.OWNER, f"{NewsKind.OWNER}:device:{device_id}", now, facts=facts)
        current_services().report(connection, news)


def end_session(connection: Connection) -> None:
    """Sign this browser out: its row goes, so a copy of the cookie is worth nothing."""
    token = session.get("_user_id")
    logout_user()
    session.clear()
    if token:
        connection.execute(delete(device_table).where(device_table.c.token_hash == hash_of(token)))


def sign_out(connection: Connection, member_id: int, *, except_device: int | None = None) -> int:
    """Sign out a member's devices, or all but one; how many there were."""
    statement = delete(device_table).where(device_table.c.member_id == member_id)
    if except_device is not None:
        statement = statement.where(device_table.c.id != except_device)
    return connection.execute(statement).rowcount


def _forget_lapsed(connection: Connection, now: datetime) -> None:
    if not current_services().account.is_clock_right(connection):
        return  # a clock that is ahead would sign everybody out for good
    connection.execute(
        delete(device_table).where(
            or_(
                device_table.c.last_seen_at < now - STAYS,
                device_table.c.stays.is_(False) & (device_table.c.last_seen_at < now - LAPSES),
            )
        )
    )
    connection.execute(delete(known_browser).where(known_browser.c.last_used_at < now - STAYS))


def _remember_browser(connection: Connection, who: Member, now: datetime) -> bool:
    """Note that this person has signed in with this browser; whether they had before."""
    token = known_token()
    ours = known_browser.c.token_hash == hash_of(token)
    if not token or connection.execute(select(known_browser.c.member_id).where(ours)).first() is None:
        token = new_token()  # only tokens that we made are worth anything
        ours = known_browser.c.token_hash == hash_of(token)
    was_known = connection.execute(
        update(known_browser).where(ours, known_browser.c.member_id == who.id).values(last_used_at=now)
    ).rowcount
    if not was_known:
        row = {"token_hash": hash_of(token), "member_id": who.id, "last_used_at": now}
        connection.execute(insert(known_browser).values(row))

    @after_this_request
    def keep(response: Response) -> Response:
        response.set_cookie(
            KNOWN_COOKIE,
            token,
            max_age=STAYS,
            path=current_app.config["SESSION_COOKIE_PATH"],
            httponly=True,
            samesite="Lax",
            secure=current_services().settings.is_https,
        )
        return response

    return bool(was_known)


def renew_cookie(response: Response) -> Response:
    """Send the cookie again, with whole pages and at most once a day: it lasts a year of use, not of age."""
    if (
        g.get("signed_in_for_long")
        and request.method == "GET"
        and response.status_code == 200
        and response.mimetype == "text/html"
        and not is_htmx()
    ):
        now = int(current_services().now().timestamp())
        if now - session.get("renewed", 0) >= COOKIE_RENEWED_EVERY.total_seconds():
            session["renewed"] = now
    return response


# Each says it is several others too, so the order decides.
_BROWSERS = (
    ("Edg(e|A|iOS)?/", "Edge"),
    ("OPR/|Opera", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/|FxiOS/", "Firefox"),
    ("Chrome/|Chromium/|CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X|Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def describe(user_agent: str) -> tuple[str, str]:
    """Browser and system as people call them; empty where unknown."""

    def first(table: tuple[tuple[str, str], ...]) -> str:
        return next((name for pattern, name in table if re.search(pattern, user_agent)), "")

    return first(_BROWSERS), first(_SYSTEMS)
