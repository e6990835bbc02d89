"""`/plan`: one charger's week, its timers, and the forms that change them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard import formats, reasons
from dashboard.charger import chargers, press, snapshots
from dashboard.charger.chargers import HouseholdCharger
from dashboard.household import members
from dashboard.plan import conflicts, next_line, queries, timers, week_chart, weekly, words
from dashboard.plan.card import Line
from dashboard.plan.forms import MOST_ROWS, PlanForm, Row, hours_of, minutes_of
from dashboard.plan.quick_choices import said
from dashboard.plan.rules import ActiveRules, Kind
from dashboard.plan.week import Week, next_time
from dashboard.plan.weekly import Kept
from dashboard.services import current_services
from dashboard.web.access import Role, allow
from dashboard.web.htmx import HEADERS
from zaptec.charger import ChargerState
from zaptec.situation import Situation

plan = Blueprint("plan", __name__)
WEEKDAYS, EVERY_DAY = frozenset(range(5)), frozenset(range(7))


@dataclass(frozen=True)
class Once:
    """The form of a single charge, as typed; `wrong` is the first field that a problem is about."""

    start: str
    hours: str = "4"
    problem: str = ""
    wrong: str = ""
    has_contradiction: bool = False


@dataclass(frozen=True)
class Known:
    """Everything the page is made from."""

    charger: HouseholdCharger
    others: list[HouseholdCharger]
    standing: ActiveRules
    kept: Kept | None
    state: ChargerState | None
    found: Situation


def known(charger_id: str | None) -> Known | None:
    """Read what there is about this charger, else the first; None while no charger is known.

    Also 404 for a charger that is unknown or not to be seen.
    """
    services, zone = current_services(), formats.zone()
    with services.database.reading() as connection:
        everyone = chargers.all_chargers(connection, services.settings.charger_ids)
        if not everyone and charger_id is None:
            return None
        named = [one for one in everyone if charger_id in (None, one.id)]
        charger = chargers.first(named) or abort(404)
        snapshot = snapshots.read(connection, charger.id) or abort(404)
        standing = queries.standing(connection, charger.id, zone)
        kept = weekly.find(connection, charger.id, zone)
    found = press.check(services, charger.id, snapshot)
    return Known(charger, everyone, standing, kept, snapshot.state, found)


@plan.get("/plan")
@allow(Role.VIEWER)
def show_plan() -> ResponseReturnValue:
    here = known(request.args.get("charger"))
    return show(here) if here else render_template("plan/none.html")


def show(
    here: Known, form: PlanForm | None = None, once: Once | None = None, status: int = 200
) -> ResponseReturnValue:
    services, now, zone = current_services(), current_services().now(), formats.zone()
    kept, standing = here.kept, here.standing
    form = form or (PlanForm.from_week(kept.week, kept.is_on) if kept else PlanForm())
    with services.database.reading() as connection:
        owners = members.owner_names(connection)
    week = kept.week if kept else Week((), zone)
    page = render_template(
        "plan/plan.html",
        here=here,
        form=form,
        once=once or _once(here),
        words=words,
        picture=week_chart.rows(week.windows, now.astimezone(zone)),
        windows=[words.window(one) for one in week.windows],
        next=_next(here, now),
        timers=[Line(one.id, words.timer(one, now)) for one in standing.timers],
        conflicts=[words.conflict(code) for code in conflicts.of(here.charger.as_listed, here.state, here.found)],
        contradicts=conflicts.contradicting_timers(standing),
        why_not=_why_not(here.charger, owners),
        zone=words.zone(zone, is_given=bool(services.settings.time_zone)),
    )
    return page, status, HEADERS


def _next(here: Known, now: datetime) -> str:
    if text := next_line.next_line(here.standing, here.found, now):
        return text
    return next_line.nothing_planned(here.found, is_off=here.kept is not None and not here.kept.is_on)


def _why_not(charger: HouseholdCharger, owners: list[str]) -> str:
    """Why this person cannot change the plan here, and what helps; empty where they can."""
    if not charger.is_listed:
        return reasons.not_listed()
    return "" if Role(current_user.role).includes(Role.MEMBER) else words.only_look(owners)


def _not_listed(here: Known) -> ResponseReturnValue:
    """The answer to a form for a charger that has left the account meanwhile."""
    flash(reasons.not_listed())
    return redirect(url_for("plan.show_plan", charger=here.charger.id), code=303)


def _once(here: Known) -> Once:
    """What the form of a single charge begins with: what is set already, else tonight."""
    one = here.standing.timer(Kind.CHARGE)
    if one is None:
        return Once("23:00")
    start = formats.local(one.starts_at)
    hours = (one.ends_at - one.starts_at).total_seconds() / 3600
    return Once(f"{start.hour:02}:{start.minute:02}", f"{hours:g}")


@plan.post("/plan")
@allow(Role.MEMBER)
def save_plan() -> ResponseReturnValue:
    """Save the week; the other buttons change the form only, so that all works without JavaScript."""
    here = known(request.form.get("charger") or None) or abort(404)
    if not here.charger.is_listed:
        return _not_listed(here)
    form = PlanForm.from_typed(request.form)
    if (wish := request.form.get("do", "save")) != "save":
        return show(here, _changed(form, wish))
    form = form.checked()
    if form.problems:
        return show(here, form, status=400)
    services, zone = current_services(), formats.zone()
    with services.database.writing() as connection:
        weekly.save(
            connection, here.charger.id, Week(form.windows(), zone), form.is_on, services.now(), current_user
        )
        standing = queries.standing(connection, here.charger.id, zone)
    flash(next_line.saved(standing, here.found, form.is_on, services.now()))
    return redirect(url_for("plan.show_plan", charger=here.charger.id), code=303)


def _changed(form: PlanForm, wish: str) -> PlanForm:
    """The form with another row, without one, or with days ticked in its last row."""
    verb, _dash, number = wish.partition("-")
    index = int(number) if number.isdigit() and len(number) < 3 else 0
    rows = list(form.rows)
    if verb == "more" and len(rows) < MOST_ROWS:
        rows.append(Row(start=rows[-1].start, end=rows[-1].end))
    elif verb == "remove" and index < len(rows):
        del rows[index]
    elif verb in ("weekdays", "every") and index < len(rows):
        rows[index] = replace(rows[index], days=WEEKDAYS if verb == "weekdays" else EVERY_DAY)
    return replace(form, rows=tuple(rows) or (Row(),))


@plan.get("/plan/once")
@allow(Role.VIEWER)
def show_once() -> ResponseReturnValue:
    return redirect(url_for("plan.show_plan"))


@plan.post("/plan/once")
@allow(Role.MEMBER)
def charge_once() -> ResponseReturnValue:
    """Charge from a time for some hours, once; a start earlier than now means tomorrow."""
    here = known(request.form.get("charger") or None) or abort(404)
    if not here.charger.is_listed:
        return _not_listed(here)
    typed = Once(request.form.get("start", "").strip()[:20], request.form.get("hours", "").strip()[:20])
    start, hours = minutes_of(typed.start), hours_of(typed.hours)
    if start is None:
        return show(here, once=replace(typed, problem=words.not_a_time(typed.start), wrong="start"), status=400)
    if hours is None:
        return show(here, once=replace(typed, problem=words.not_hours(typed.hours), wrong="hours"), status=400)
    services, zone = current_services(), formats.zone()
    now = services.now()
    wish = timers.charge_from(now, next_time(start, now, zone), hours, has_plan=here.standing.week is not None)
    other = timers.contradiction(here.standing, wish, now)
    if other and not request.form.get("anyway"):
        typed = replace(typed, problem=words.contradicts(other, now), wrong="start", has_contradiction=True)
        return show(here, once=typed, status=409)
    made, done = timers.begin(services, here.charger.id, wish, current_user, zone)
    flash(said(here.charger, made, done) or next_line.charge_is_set(here.standing, made, now))
    return redirect(url_for("plan.show_plan", charger=here.charger.id), code=303)


def init_app(app: Flask) -> None:
    app.register_blueprint(plan)
