"""The aim as it stands on a charger's card and on the plan's page: what is set, and the form for the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import g
from sqlalchemy import Connection

from dashboard.charger.view import ChargerView
from dashboard.plan import aim_progress, aim_words, aims, weekly_aim_words, weekly_aims
from dashboard.plan.aim import Aim
from dashboard.plan.aim_form import AimForm
from dashboard.plan.kwh_prices import UsualCharge
from dashboard.services import current_services
from dashboard.web.access import Role
from zaptec.charger import ChargerState


@dataclass(frozen=True)
class WeekLine:
    """What the week wants next, and what can be done about it: skip it, or take that back."""

    text: str
    do: str
    is_skipped: bool = False


@dataclass(frozen=True)
class AimChoices:
    """The form of an aim, with what is set.

    Attributes:
        of_week: what a row of the week wants next; None while it is set, or where there is none.
        line: what is set, with its id to cancel it; empty where nothing is.
        may_wait: whether some hours are cheaper than others; else a sentence says what is missing.
        notes: what the hours are reckoned with, and how exactly energy is known.
    """

    charger_id: str
    may_press: bool
    form: AimForm
    line: str
    aim_id: int | None
    of_week: WeekLine | None
    may_wait: bool
    notes: list[str]

    @property
    def is_active(self) -> bool:
        return bool(self.line or self.form.wrong)


def choices(
    connection: Connection, charger_id: str, state: ChargerState | None, now: datetime, *, may_press: bool
) -> AimChoices:
    """What can be set at this charger, and what is."""
    services = current_services()
    aim = aims.find(connection, charger_id)
    prices = services.kwh_prices(connection, charger_id, now, now)
    usual = services.usual_charge(connection, charger_id)
    return AimChoices(
        charger_id=charger_id,
        may_press=may_press,
        form=g.get("typed_aim") or AimForm.like(aims.last_set(connection, charger_id)),
        line=aim_words.line(aim, now) if aim else "",
        aim_id=aim.id if aim else None,
        of_week=None if aim and aim.is_weekly else _of_week(connection, charger_id, now),
        may_wait=prices.goes_by_time,
        notes=[_power_note(aim, state, usual), aim_words.steps_note()],
    )


def _power_note(aim: Aim | None, state: ChargerState | None, usual: UsualCharge) -> str:
    """How fast the hours are planned for, and how that is known."""
    if aim is not None and aim.power_sessions == aim_progress.SEEN:
        return aim_words.seen_power(aim.power_w)
    expected = aim_progress.expected_power(state, usual)
    cautious = aim_progress.cautious_power(expected, usual)
    if aim_progress.is_held(state) and cautious.watts < expected.watts:
        return aim_words.cautious_power(cautious)
    return aim_words.expected_power(expected)


def _of_week(connection: Connection, charger_id: str, now: datetime) -> WeekLine | None:
    weekly = weekly_aims.find(connection, charger_id, current_services().zone(charger_id))
    if weekly is None or not weekly.is_on:
        return None
    if weekly.skipped and weekly.skipped > now:
        return WeekLine(weekly_aim_words.skipped(weekly.skipped, now), "unskip", is_skipped=True)
    coming = weekly.rows.next_after(now)
    if coming is None:
        return None
    return WeekLine(weekly_aim_words.coming(coming, now), f"skip-{coming.ready_by.timestamp():.0f}")


def alert(aim: Aim | None, now: datetime) -> str:
    """What is asked where it was paused by hand and its latest start has come; empty else."""
    return aim_words.asks(aim, now) if aim and aim.asks_at(now) else ""


def for_view(connection: Connection, view: ChargerView, role: Role) -> AimChoices:
    may_press = role.includes(Role.MEMBER) and view.charger.is_listed and view.charger.takes_commands
    return choices(connection, view.charger.id, view.snapshot.state, view.now, may_press=may_press)
