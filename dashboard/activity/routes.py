"""`/activity`: the log by day, newest first."""

from __future__ import annotations

from collections.abc import Collection
from itertools import groupby

from flask import Blueprint, Flask, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from dashboard.activity import log
from dashboard.activity.kinds import Topic
from dashboard.activity.lines import LogLine, line_of
from dashboard.charger import chargers
from dashboard.formats import day, local
from dashboard.services import current_services
from dashboard.web.access import Role, allow

PAGE = 50
LAST_PAGE = 10_000
activity = Blueprint("activity", __name__)


def _chargers(connection: Connection) -> dict[str, str]:
    """Each charger's name by id, in the household's order."""
    everyone = chargers.all_chargers(connection, current_services().settings.charger_ids)
    return {charger.id: charger.name for charger in everyone}


@activity.get("/activity")
@allow(Role.VIEWER)
def show_activity() -> ResponseReturnValue:
    """Show the log by day, newest first; `?topic=`, `?person=`, `?charger=` and `?page=` choose."""
    page = min(max(request.args.get("page", 1, type=int), 1), LAST_PAGE)
    with current_services().database.reading() as connection:
        people, names = log.people(connection), _chargers(connection)
        choice = _choice(people, names)
        rows = list(log.newest(connection, choice, PAGE + 1, PAGE * (page - 1)))
    lines = [line_of(row, names) for row in rows[:PAGE]]
    return render_template(
        "activity/activity.html",
        days=[(day(of_day[0].at), of_day) for of_day in _by_day(lines)],
        people=people,
        chargers=names,
        topics=Topic,
        choice=choice,
        in_address={"topic": choice.topic or None, "person": choice.person, "charger": choice.charger_id},
        page=page,
        has_older=len(rows) > PAGE,
    )


def _choice(people: Collection[int], chargers: Collection[str]) -> log.LineFilter:
    """What is asked for; what there is none of is not."""
    person, charger_id = request.args.get("person", type=int), request.args.get("charger")
    return log.LineFilter(
        topic=Topic.named(request.args.get("topic", "")),
        person=person if person in people else None,
        charger_id=charger_id if charger_id in chargers else None,
    )


def _by_day(lines: list[LogLine]) -> list[list[LogLine]]:
    return [list(of_day) for _date, of_day in groupby(lines, key=lambda line: local(line.at).date())]


def init_app(app: Flask) -> None:
    app.register_blueprint(activity)
