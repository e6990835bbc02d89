"""`/plan`: one charger's week, its timers, and the forms that change them."""

from __future__ import annotations

from dataclasses import replace

from flask import Flask, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard import formats, reasons
from dashboard.charger import chargers
from dashboard.household import actor
from dashboard.plan import (
    active_rules,
    aim_routes,
    next_line,
    page,
    steps,
    timers,
    weekly,
    weekly_aim_making,
    weekly_aim_words,
    words,
)
from dashboard.plan.aim_choice import choose_aim
from dashboard.plan.aim_rows import AimRows
from dashboard.plan.blueprint import blueprint
from dashboard.plan.forms import OnceForm, PlanForm
from dashboard.plan.page import ChargerPlan
from dashboard.plan.quick_choices import said
from dashboard.plan.week import Week
from dashboard.services import current_services
from dashboard.web.access import Role, allow, button_on
from dashboard.web.forms import Wrong
from dashboard.web.htmx import HEADERS, is_htmx

TOPICS = (aim_routes,)


@blueprint.get("/plan")
@allow(Role.VIEWER)
def show_plan() -> ResponseReturnValue:
    plan = _read(request.args.get("charger"))
    return _show(plan) if plan else render_template("plan/none.html")


def _read(charger_id: str | None) -> ChargerPlan | None:
    try:
        return page.read(current_services(), charger_id)
    except LookupError:
        abort(404)


def _show(
    plan: ChargerPlan,
    *,
    form: PlanForm | None = None,
    once: OnceForm | None = None,
    status: int = 200,
    template: str = "plan/plan.html",
) -> ResponseReturnValue:
    with formats.in_zone_of(plan.charger.id):
        shown = page.page_of(plan, current_services(), Role(current_user.role), form=form, once=once)
        return render_template(template, page=shown, words=words), status, HEADERS


def _back_to(plan: ChargerPlan, message: str) -> ResponseReturnValue:
    flash(message)
    return redirect(url_for("plan.show_plan", charger=plan.charger.id), code=303)


@blueprint.post("/plan")
@allow(Role.MEMBER)
def save_plan() -> ResponseReturnValue:
    """Save the week; the other buttons change the form only, so that all works without JavaScript."""
    plan = _read(request.form.get("charger") or None) or abort(404)
    if not plan.charger.is_listed:
        return _back_to(plan, reasons.not_listed())
    form = PlanForm.from_typed(request.form)
    if (button := request.form.get("do", "save")) != "save":
        template = "fragments/week_form.html" if is_htmx() else "plan/plan.html"
        return _show(plan, form=form.after(button), template=template)
    form = form.checked()
    if form.problems or form.aim_problems:
        return _show(plan, form=form, status=400)
    return _back_to(plan, _save(plan, form))


def _save(plan: ChargerPlan, form: PlanForm) -> str:
    """Keep the week, which rules at once; what to say about it."""
    services, charger_id = current_services(), plan.charger.id
    now = services.now()
    week, aim_rows = Week(form.windows(), plan.zone), AimRows(form.aim_rows(), plan.zone)
    with services.database.writing() as connection:
        member = actor.confirm(connection)
        chargers.touch(connection, charger_id)  # first: everybody locks the charger's row before others
        is_other = weekly_aim_making.save(services, connection, charger_id, aim_rows, form.is_on, member)
        is_on = form.is_on and bool(week.windows)
        step = weekly.save(connection, charger_id, week, is_on, now, member, is_other=is_other)
        rules = active_rules.read(connection, charger_id, plan.zone, now)
    if step is None:
        is_on = form.is_on and bool(aim_rows.rows)
        return weekly_aim_words.saved() if is_on else next_line.saved_off(plan.situation)
    press = steps.take_at_once(services, step, plan.zone)
    with formats.in_zone_of(charger_id):
        return next_line.saved(rules, plan.situation, press, now)


@blueprint.post("/plan/once")
@allow(Role.MEMBER)
@button_on("plan.show_plan")
def charge_once() -> ResponseReturnValue:
    """Charge once, from one time to another; a start earlier than now means tomorrow."""
    plan = _read(request.form.get("charger") or None) or abort(404)
    if not plan.charger.is_listed:
        return _back_to(plan, reasons.not_listed())
    form = OnceForm.from_typed(request.form)
    try:
        with formats.in_zone_of(plan.charger.id):
            return _back_to(plan, _charge_once(plan, form, anyway="anyway" in request.form))
    except Wrong as wrong:
        form = replace(form, wrong=wrong, has_contradiction=isinstance(wrong, Contradiction))
        return _show(plan, once=form, status=wrong.status)


@blueprint.post("/plan/ready-by")
@allow(Role.MEMBER)
@button_on("plan.show_plan")
def charge_by() -> ResponseReturnValue:
    """Charge so that the car is ready by a time, or cancel that."""
    plan = _read(request.form.get("charger") or None) or abort(404)
    try:
        return _back_to(plan, choose_aim(plan.charger, request.form))
    except Wrong as wrong:
        return _show(plan, status=wrong.status)


class Contradiction(Wrong):
    """Another timer wants the opposite for part of the time; it may be set all the same."""


def _charge_once(plan: ChargerPlan, form: OnceForm, *, anyway: bool) -> str:
    """Set a single charge; what to say about it.

    Raises:
        Wrong: what was typed is no time, or contradicts another timer.
    """
    services, now = current_services(), current_services().now()
    start, end = form.times()
    wish = timers.charge_once(now, start, end, plan.zone, has_plan=plan.rules.week is not None)
    other = timers.contradiction(plan.rules, wish, now)
    if other and not anyway:
        raise Contradiction(words.contradicts(other, now), "once-start", status=409)
    timer, press = timers.begin(services, plan.charger.id, wish, current_user, plan.zone)
    return said(plan.charger, timer, press) or next_line.charge_is_set(plan.rules, timer, now)


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
