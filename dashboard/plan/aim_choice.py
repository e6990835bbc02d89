"""What a press in the form of an aim does."""

from __future__ import annotations

from flask import g
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from dashboard import formats, reasons
from dashboard.charger.chargers import HouseholdCharger
from dashboard.household import actor
from dashboard.plan import (
    aim_setting,
    aim_words,
    aims,
    failure_words,
    weekly_aim_making,
    weekly_aim_words,
    weekly_aims,
)
from dashboard.plan.aim_form import AimForm
from dashboard.services import current_services
from dashboard.web.forms import Wrong


def choose_aim(charger: HouseholdCharger, form: MultiDict[str, str]) -> str:
    """Set an aim, or cancel it; what to say in passing.

    Raises:
        Wrong: what was typed cannot be taken; nothing was done, and the form keeps it.
    """
    verb, _dash, number = form.get("do", "").partition("-")
    if verb == "cancel" and number.isdecimal() and len(number) < 10:
        return _cancel(charger, int(number))
    if verb in ("skip", "unskip"):
        return _skip(charger, number)
    if not charger.is_listed:
        return reasons.not_listed()
    typed = AimForm.from_typed(form)
    try:
        return _set(charger, typed)
    except Wrong as wrong:
        g.typed_aim = typed.with_wrong(wrong)
        raise


def _set(charger: HouseholdCharger, typed: AimForm) -> str:
    services = current_services()
    with services.database.reading() as connection:
        now = services.now()
        may_wait = services.kwh_prices(connection, charger.id, now, now).goes_by_time
    wish = typed.wish(charger.id, may_wait=may_wait)
    with formats.in_zone_of(charger.id) as zone:
        aim, press = aim_setting.begin(services, charger.id, wish, current_user, zone)
        answer = aim_words.set(aim, services.now(), has_car=aim.has_car)
    return f"{answer} {failure_words.not_yet(press)}".strip() if press else answer


def _skip(charger: HouseholdCharger, number: str) -> str:
    """Leave what the week wants next out, or with no number take that back."""
    services, now = current_services(), current_services().now()
    with formats.in_zone_of(charger.id) as zone, services.database.writing() as connection:
        member = actor.confirm(connection)
        weekly = weekly_aims.find(connection, charger.id, zone)
        if weekly is None or not weekly.is_on:
            return weekly_aim_words.has_passed()
        if not number:
            weekly_aim_making.take_back_skip(connection, weekly, now, member)
            return weekly_aim_words.not_skipped()
        coming = weekly.rows.next_after(now)
        if coming is None or f"{coming.ready_by.timestamp():.0f}" != number:
            return weekly_aim_words.has_passed()
        weekly_aim_making.skip(connection, weekly, coming, now, member)
        return weekly_aim_words.skips(coming, now)


def _cancel(charger: HouseholdCharger, aim_id: int) -> str:
    services = current_services()
    with services.database.writing() as connection:
        member = actor.confirm(connection)
        aims.cancel(connection, charger.id, aim_id, services.now(), member)
    return aim_words.cancelled()
