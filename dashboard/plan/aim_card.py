"""The aim as it stands on a charger's card and on the plan's page: what is set, and the form for the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import g
from sqlalchemy import Connection

from dashboard.charger.view import ChargerView
from dashboard.plan import aim_progress, aim_words, aims
from dashboard.plan.aim import Aim
from dashboard.plan.aim_form import AimForm
from dashboard.services import current_services
from dashboard.web.access import Role
from zaptec.charger import ChargerState


@dataclass(frozen=True)
class AimChoices:
    """The form of an aim, with what is set.

    Attributes:
        line: what is set, with its id to cancel it; empty where nothing is.
        may_wait: whether some hours are cheaper than others; else a sentence says what is missing.
        notes: what the hours are reckoned with, and how exactly energy is known.
    """

    charger_id: str
    may_press: bool
    form: AimForm
    line: str
    aim_id: int | None
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
    power = aim_progress.expected_power(state, services.usual_charge(connection, charger_id))
    return AimChoices(
        charger_id=charger_id,
        may_press=may_press,
        form=g.get("typed_aim") or AimForm.like(aims.last_set(connection, charger_id)),
        line=aim_words.line(aim, now) if aim else "",
        aim_id=aim.id if aim else None,
        may_wait=prices.goes_by_time,
        notes=[aim_words.expected_power(power), aim_words.steps_note()],
    )


def alert(aim: Aim | None, now: datetime) -> str:
    """What is asked where it was paused by hand and its latest start has come; empty else."""
    return aim_words.asks(aim, now) if aim and aim.asks_at(now) else ""


def for_view(connection: Connection, view: ChargerView, role: Role) -> AimChoices:
    may_press = role.includes(Role.MEMBER) and view.charger.is_listed and view.charger.takes_commands
    return choices(connection, view.charger.id, view.snapshot.state, view.now, may_press=may_press)
