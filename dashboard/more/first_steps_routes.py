"""`/setup/next`: where `/setup` goes on, one step after the other, for owners; each may be left out."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.charger import chargers
from dashboard.household import member_routes
from dashboard.household import words as household_words
from dashboard.household.links import Link
from dashboard.more import charger_routes, first_steps, home_screen
from dashboard.more import first_steps_words as words
from dashboard.more.blueprint import more
from dashboard.more.first_steps import FirstStep
from dashboard.services import current_services
from dashboard.web.access import Role, allow, button_on
from dashboard.web.forms import Wrong


@more.get("/setup/next")
@allow(Role.OWNER)
def show_first_steps() -> ResponseReturnValue:
    """The first step that is not done; `after` names one that was passed over."""
    services = current_services()
    passed = first_steps.step_named(request.args.get("after", ""))
    with services.database.reading() as connection:
        step = first_steps.read(connection, services).next_after(passed)
    if step is None:
        return redirect(url_for("card.show_all"))
    if step is FirstStep.CHARGER:
        services.background.start(lambda: chargers.read_list(services))
    return _page(step)


def _page(step: FirstStep, *, wrong: Wrong | None = None, link: Link | None = None) -> ResponseReturnValue:
    services = current_services()
    with services.database.reading() as connection:
        steps = first_steps.read(connection, services)
        screen = home_screen.read(connection, services, current_user)
    answer = render_template(
        "more/first_steps.html",
        step=step.value,
        place=words.place(step),
        chargers=steps.chargers,
        found=words.found(steps.chargers),
        may_only_look=words.may_only_look(steps.chargers),
        not_found=words.not_found(steps.status),
        roles=household_words.roles(),
        role_names={role.value: household_words.role(role) for role in Role},
        screen=screen,
        wrong=wrong,
        link=link,
    )
    return (answer, wrong.status, wrong.headers) if wrong else answer


@more.post("/setup/next/name")
@allow(Role.OWNER)
@button_on("more.show_first_steps")
def name_chargers() -> ResponseReturnValue:
    try:
        charger_routes.save()
    except Wrong as wrong:
        return _page(FirstStep.NAME, wrong=wrong)
    return redirect(url_for("more.show_first_steps", after=FirstStep.NAME.value), code=303)


@more.post("/setup/next/invite")
@allow(Role.OWNER)
@button_on("more.show_first_steps")
def invite_first() -> ResponseReturnValue:
    """Make an invitation; its link is in this answer and nowhere else."""
    try:
        return _page(FirstStep.INVITE, link=member_routes.new_invitation())
    except Wrong as wrong:
        return _page(FirstStep.INVITE, wrong=wrong)
