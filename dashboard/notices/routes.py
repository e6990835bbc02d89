"""*Being told*: what one hears, by which way, a test, and that a notice was opened."""

from __future__ import annotations

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import Connection

from dashboard import doors
from dashboard.activity import log as activity_log
from dashboard.activity.kinds import LineKind
from dashboard.background import ends_soon
from dashboard.household import account_routes, actor
from dashboard.household.members import Member
from dashboard.news import NewsKind
from dashboard.notices import addresses, choices, deliveries, listening, log_lines, page, telling, ways, words
from dashboard.notices.addresses import KeptWay
from dashboard.notices.blueprint import notices
from dashboard.notices.choices import TEST, Hours
from dashboard.notices.message import WayKind
from dashboard.services import current_services
from dashboard.web.access import Role, allow, button_on, own_address
from dashboard.web.forms import Wrong, minutes_of

ACCOUNT, SECTION = "household.show_account", "being-told"
MOST_WAYS = 20
A_WAY = "/account/notices/ways/<int(max=2147483647):way_id>"


def _back(*messages: str) -> ResponseReturnValue:
    """To where the form was; on one's own account what is said stands in the section, which one is led to."""
    elsewhere = own_address(request.form.get("next"))
    for message in messages:
        flash(message, "message" if elsewhere else SECTION)
    return redirect(elsewhere or url_for(ACCOUNT, _anchor=SECTION), code=303)


@notices.post("/account/notices")
@allow(Role.VIEWER)
@button_on(ACCOUNT, anchor=SECTION)
def save_choices() -> ResponseReturnValue:
    """What somebody wants to hear, and when."""
    wanted = [kind for kind in NewsKind if kind.value in request.form.getlist("hear")]
    try:
        hours = _typed_hours()
    except Wrong as wrong:
        return account_routes.show_with(wrong)
    with current_services().database.writing() as connection:
        choices.save(connection, actor.confirm(connection).id, wanted, hours)
    return _back(words.saved())


def _typed_hours() -> Hours:
    """The times as typed.

    Raises:
        Wrong: one is no time, or only one end of the quiet hours is there.
    """
    typed = {name: request.form.get(name, "").strip() for name in page.FIELDS}
    minutes = {name: minutes_of(text) if text else None for name, text in typed.items()}
    for name, text in typed.items():
        if text and minutes[name] is None:
            raise Wrong(words.no_time(), name)
    if bool(typed["quiet_from"]) is not bool(typed["quiet_to"]):
        raise Wrong(words.one_of_two(), "quiet_to" if typed["quiet_from"] else "quiet_from")
    return Hours(**minutes)


@notices.post("/account/notices/ways")
@allow(Role.VIEWER)
@button_on(ACCOUNT, anchor=SECTION)
def add_way() -> ResponseReturnValue:
    """Keep a way; an owner who adds one lets it leave the house by that."""
    services = current_services()
    try:
        kind = _typed_kind()
        with services.database.reading() as connection:
            is_owner = actor.confirm(connection).role is Role.OWNER
        typed = request.form.get("address", "").strip()
        topic = "" if typed or kind is not WayKind.NTFY else ways.new_topic()
        address = "" if kind is WayKind.PRETEND else ways.parse(kind, typed or topic, is_owner=is_owner)
        with services.database.writing() as connection:
            added = _add(connection, actor.confirm(connection), kind, address)
        return _back(*([words.topic_made(topic, ways.topic_in_app(topic))] if topic else []), added)
    except Wrong as wrong:
        return account_routes.show_with(wrong)
    finally:
        listening.look_again(services)


def _typed_kind() -> WayKind:
    """The kind that was chosen.

    Raises:
        Wrong: there is no such kind here.
    """
    typed = request.form.get("kind", "")
    offered = {*page.OFFERED, *([WayKind.PRETEND] if current_services().settings.is_demo else [])}
    if typed not in offered:
        raise Wrong(words.unknown_way(), "kind")
    return WayKind(typed)


def _add(connection: Connection, person: Member, kind: WayKind, address: str) -> str:
    """Keep it; what is said to that."""
    services = current_services()
    if len(addresses.of_person(connection, person.id)) >= MOST_WAYS:
        raise Wrong(words.too_many(MOST_WAYS), "address")
    way = addresses.add(services, connection, person, kind, address, request.url_root.rstrip("/"))
    name = words.way_name(kind, addresses.masked(services, way))
    door = doors.find(connection, way.host) if way.host else None
    if door is None or door.is_open:
        return words.way_added(name)
    if person.role is not Role.OWNER or door.switched_at is not None:  # shut again by an owner, who shall open it
        return words.way_added_and_waits(name, way.host)
    doors.switch(connection, way.host, True, services.now(), person.name)
    activity_log.record(
        connection, at=services.now(), kind=LineKind.DOOR_OPENED, member=person, details={"host": way.host}
    )
    return words.way_added(name, switched_on=way.host)


@notices.post(f"{A_WAY}/test")
@allow(Role.VIEWER)
@button_on(ACCOUNT, anchor=SECTION)
def send_test(way_id: int) -> ResponseReturnValue:
    """Send a test, and wait a moment for what becomes of it."""
    services = current_services()
    with services.database.writing() as connection:
        person = actor.confirm(connection)
        way = addresses.find(connection, way_id, person.id)
        if way is None:
            return _back(words.way_gone())
        notice_id = telling.add_notice(connection, member_id=person.id, kind=TEST, asked_at=services.now())
        telling.add_deliveries(connection, notice_id or 0, (way.id,), services.now())
    for sending in deliveries.begin_senders(services):
        ends_soon(sending)
    with services.database.reading() as connection:
        sent = page.told(connection, person.id, services.now())[0]
    return _back(words.test_sent(words.way_name(way.kind, addresses.masked(services, way)), sent.how_far))


@notices.get(f"{A_WAY}/remove")
@allow(Role.VIEWER)
def ask_removal(way_id: int) -> ResponseReturnValue:
    services = current_services()
    with services.database.reading() as connection:
        way = addresses.find(connection, way_id, current_user.id)
    if way is None:
        return _back(words.way_gone())
    name = words.way_name(way.kind, addresses.masked(services, way))
    return render_template("notices/remove.html", way=way, name=name, means=words.removal_means())


@notices.post(f"{A_WAY}/remove")
@allow(Role.VIEWER)
def remove_way(way_id: int) -> ResponseReturnValue:
    services = current_services()
    with services.database.writing() as connection:
        way: KeptWay | None = addresses.find(connection, way_id, actor.confirm(connection).id)
        if way is None:
            return _back(words.way_gone())
        addresses.remove(connection, way)
    listening.look_again(services)
    return _back(words.way_removed(words.way_name(way.kind, addresses.masked(services, way))))


@notices.post("/account/notices/<tag>/opened")
@allow(Role.VIEWER)
@button_on(ACCOUNT, anchor=SECTION)
def note_opened(tag: str) -> ResponseReturnValue:
    """Somebody has come by the link of a notice; it counts only if the notice was theirs."""
    services = current_services()
    with services.database.writing() as connection:
        log_lines.note_opened(connection, tag, actor.confirm(connection).id, services.now())
    return _back() if request.form.get("next") else ("", 204)


def init_app(app: Flask) -> None:
    app.register_blueprint(notices)
