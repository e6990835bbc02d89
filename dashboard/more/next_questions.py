"""Which questions to Zaptec come next, of every room, when and why: for owners, on More."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from dashboard import formats
from dashboard.charger import chargers
from dashboard.charger.next_requests import next_requests
from dashboard.charger.tables import snapshot_table
from dashboard.history.tables import history_source
from dashboard.plan import clock_job
from dashboard.plan.tables import step_table, weekly_plan
from dashboard.services import Services
from dashboard.texts import _


@dataclass(frozen=True)
class Next:
    """A planned question: when (None: when somebody looks) and why."""

    at: datetime | None
    why: str

    def when(self, now: datetime) -> str:
        """14:03:12 today, else with its day; empty when somebody has to look first."""
        return formats.second_near(self.at, now) if self.at else ""


def next_questions(connection: Connection, services: Services) -> list[Next]:
    """What is due comes first; what waits for somebody to look comes last."""
    now = services.now()
    known = chargers.all_chargers(connection, services.settings.charger_ids)
    names = {one.id: one.name for one in known if one.is_listed}
    found = [
        *(Next(request.at, request.why) for request in next_requests(connection, names, now)),
        *_of_plans(connection, names, now),
        *_of_history(connection, names, now),
    ]
    found = [Next(max(one.at, now) if one.at else None, one.why) for one in found]
    found += [
        Next(None, _("while somebody looks at the history: finished sessions, every 15 minutes")),
    ]
    return sorted(found, key=lambda one: (one.at is None, one.at or now))


def _of_plans(connection: Connection, names: dict[str, str], now: datetime) -> Iterator[Next]:
    """While a plan or a timer runs, news are needed though nobody looks; and a change asks for itself."""
    coming = select(step_table.c.charger_id, step_table.c.look_at).where(step_table.c.look_at.is_not(None))
    changes = [(row.charger_id, row.look_at) for row in connection.execute(coming)]
    plans = {row.charger_id: row for row in connection.execute(select(weekly_plan).where(weekly_plan.c.is_on))}
    held = set(connection.scalars(clock_job.HELD_BACK))
    for news in connection.execute(select(snapshot_table)):
        id, plan = news.charger_id, plans.get(news.charger_id)
        if id not in names or not (plan or any(id == one for one, _at in changes)):
            continue
        is_closed = id in held or (plan is not None and not plan.is_open)
        every = (
            clock_job.EVERY_CHARGING if news.is_lively else clock_job.EVERY_CLOSED if is_closed else clock_job.EVERY
        )
        at = max(news.fetched_at + every if news.fetched_at else now, news.ask_again_at or now)
        yield Next(at, _("%s: its state, for the plan or a timer") % names[id])
    changes += [(id, plan.next_at) for id, plan in plans.items() if plan.next_at]
    for id, at in changes:
        if id in names and at is not None:
            yield Next(at, _("%s: a change by the plan or a timer") % names[id])


def _of_history(connection: Connection, names: dict[str, str], now: datetime) -> Iterator[Next]:
    for row in connection.execute(select(history_source)):
        if row.charger_id not in names:
            continue
        at = max(row.due_at if row.is_filled else now, row.again_at or now)
        if row.is_filled:
            yield Next(at, _("%s: finished sessions") % names[row.charger_id])
        else:
            yield Next(at, _("%s: the sessions of earlier months") % names[row.charger_id])
