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
from dashboard.plan.card import PlanLine
from dashboard.plan.forms import MOST_ROWS, PlanForm, WindowRow, hours_of, minutes_of
from dashboard.plan.quick_choices import said
from dashboard.plan.rules import ActiveRules, TimerKind
from dashboard.plan.week import Week, next_time
from dashboard.plan.weekly import WeeklyPlan
from dashboard.services import current_services
from dashboard.web.access import Role, allow
from dashboard.web.htmx import HEADERS
from zaptec.charger import ChargerState
from zaptec.situation import Situation

blueprint = Blueprint("plan", __name__)
WEEKDAYS, EVERY_DAY = frozenset(range(5)), frozenset(range(7))


@dataclass(frozen=True)
class OnceForm:
    """The form of a single charge, as typed; `wrong` is the first field that a problem is about."""

    start: str
    hours: str = "4"
    problem: str = ""
    wrong: str = ""
    has_contradiction: bool = False


@dataclass(frozen=True)
class ChargerPlan:
    """Everything the page is made from."""

    charger: HouseholdCharger
    all_chargers: list[HouseholdCharger]
    rules: ActiveRules
    weekly: WeeklyPlan | None
    state: ChargerState | None
    situation: Situation


def read(charger_id: str | None) -> ChargerPlan | None:
    """Read what there is about this charger, else the first; None while no charger is known.

    Also 404 for a charger that is unknown or not to be seen.
    """
    services, zone = current_services(), formats.zone()
    with services.database.reading() as connection:
        everyone = chargers.all_chargers(connection, services.settings.charger_ids)
        if not everyone and charger_id is None:
            return None
        named = [charger for charger in everyone if charger_id in (None, charger.id)]
        charger = chargers.first(named) or abort(404)
        snapshot = snapshots.read(connection, charger.id) or abort(404)
        rules = queries.active_rules(connection, charger.id, zone)
        weekly_plan = weekly.find(connection, charger.id, zone)
    situation = press.check(services, charger.id, snapshot)
    return ChargerPlan(charger, everyone, rules, weekly_plan, snapshot.state, situation)


@blueprint.get("/plan")
@allow(Role.VIEWER)
def show_plan() -> ResponseReturnValue:
    plan = read(request.args.get("charger"))
    return show(plan) if plan else render_template("plan/none.html")


def show(
    plan: ChargerPlan, form: PlanForm | None = None, once: OnceForm | None = None, status: int = 200
) -> ResponseReturnValue:
    services, now, zone = current_services(), current_services().now(), formats.zone()
    weekly_plan, rules = plan.weekly, plan.rules
    form = form or (PlanForm.from_week(weekly_plan.week, weekly_plan.is_on) if weekly_plan else PlanForm())
    with services.database.reading() as connection:
        owners = members.owner_names(connection)
    codes = conflicts.of(plan.charger.as_listed, plan.state, plan.situation)
    week = weekly_plan.week if weekly_plan else Week((), zone)
    page = render_template(
        "plan/plan.html",
        plan=plan,
        form=form,
        once=once or _once(plan),
        words=words,
        picture=week_chart.rows(week.windows, now.astimezone(zone)),
        windows=[words.window(window) for window in week.windows],
        next=_next(plan, now),
        timers=[PlanLine(timer.id, words.timer(timer, now)) for timer in rules.timers],
        conflicts=[words.conflict(code) for code in codes],
        contradicts=conflicts.contradicting_timers(rules),
        why_not=_why_not(plan.charger, owners),
        zone=words.zone(zone, is_given=bool(services.settings.time_zone)),
    )
    return page, status, HEADERS


def _next(plan: ChargerPlan, now: datetime) -> str:
    if text := next_line.next_line(plan.rules, plan.situation, now):
        return text
    return next_line.nothing_planned(plan.situation, is_off=plan.weekly is not None and not plan.weekly.is_on)


def _why_not(charger: HouseholdCharger, owners: list[str]) -> str:
    """Why this person cannot change the plan plan, and what helps; empty where they can."""
    if not charger.is_listed:
        return reasons.not_listed()
    return "" if Role(current_user.role).includes(Role.MEMBER) else words.only_look(owners)


def _not_listed(plan: ChargerPlan) -> ResponseReturnValue:
    """The answer to a form for a charger that has left the account meanwhile."""
    flash(reasons.not_listed())
    return redirect(url_for("plan.show_plan", charger=plan.charger.id), code=303)


def _once(plan: ChargerPlan) -> OnceForm:
    """What the form of a single charge begins with: what is set already, else tonight."""
    timer = plan.rules.timer(TimerKind.CHARGE)
    if timer is None:
        return OnceForm("23:00")
    start = formats.local(timer.starts_at)
    hours = (timer.ends_at - timer.starts_at).total_seconds() / 3600
    return OnceForm(f"{start.hour:02}:{start.minute:02}", f"{hours:g}")


@blueprint.post("/plan")
@allow(Role.MEMBER)
def save_plan() -> ResponseReturnValue:
    """Save the week; the other buttons change the form only, so that all works without JavaScript."""
    plan = read(request.form.get("charger") or None) or abort(404)
    if not plan.charger.is_listed:
        return _not_listed(plan)
    form = PlanForm.from_typed(request.form)
    if (wish := request.form.get("do", "save")) != "save":
        return show(plan, _changed(form, wish))
    form = form.checked()
    if form.problems:
        return show(plan, form, status=400)
    services, zone = current_services(), formats.zone()
    with services.database.writing() as connection:
        weekly.save(
            connection, plan.charger.id, Week(form.windows(), zone), form.is_on, services.now(), current_user
        )
        rules = queries.active_rules(connection, plan.charger.id, zone)
    flash(next_line.saved(rules, plan.situation, form.is_on, services.now()))
    return redirect(url_for("plan.show_plan", charger=plan.charger.id), code=303)


def _changed(form: PlanForm, wish: str) -> PlanForm:
    """The form with another row, without one, or with days ticked in its last row."""
    verb, _dash, number = wish.partition("-")
    index = int(number) if number.isdigit() and len(number) < 3 else 0
    rows = list(form.rows)
    if verb == "more" and len(rows) < MOST_ROWS:
        rows.append(WindowRow(start=rows[-1].start, end=rows[-1].end))
    elif verb == "remove" and index < len(rows):
        del rows[index]
    elif verb in ("weekdays", "every") and index < len(rows):
        rows[index] = replace(rows[index], days=WEEKDAYS if verb == "weekdays" else EVERY_DAY)
    return replace(form, rows=tuple(rows) or (WindowRow(),))


@blueprint.get("/plan/once")
@allow(Role.VIEWER)
def show_once() -> ResponseReturnValue:
    return redirect(url_for("plan.show_plan"))


@blueprint.post("/plan/once")
@allow(Role.MEMBER)
def charge_once() -> ResponseReturnValue:
    """Charge from a time for some hours, once; a start earlier than now means tomorrow."""
    plan = read(request.form.get("charger") or None) or abort(404)
    if not plan.charger.is_listed:
        return _not_listed(plan)
    typed = OnceForm(request.form.get("start", "").strip()[:20], request.form.get("hours", "").strip()[:20])
    start, hours = minutes_of(typed.start), hours_of(typed.hours)
    if start is None:
        return show(plan, once=replace(typed, problem=words.not_a_time(typed.start), wrong="start"), status=400)
    if hours is None:
        return show(plan, once=replace(typed, problem=words.not_hours(typed.hours), wrong="hours"), status=400)
    services, zone = current_services(), formats.zone()
    now = services.now()
    wish = timers.charge_from(now, next_time(start, now, zone), hours, has_plan=plan.rules.week is not None)
    other = timers.contradiction(plan.rules, wish, now)
    if other and not request.form.get("anyway"):
        typed = replace(typed, problem=words.contradicts(other, now), wrong="start", has_contradiction=True)
        return show(plan, once=typed, status=409)
    timer, press = timers.begin(services, plan.charger.id, wish, current_user, zone)
    flash(said(plan.charger, timer, press) or next_line.charge_is_set(plan.rules, timer, now))
    return redirect(url_for("plan.show_plan", charger=plan.charger.id), code=303)


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
