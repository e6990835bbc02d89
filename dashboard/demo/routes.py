"""The demo: the simulated car and cloud, moved from a page. Without the demo there is no such page."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dashboard.charger import chargers, snapshots
from dashboard.demo import words
from dashboard.demo.moves import GROUPS, MOVES, Move
from dashboard.demo.people import PEOPLE
from dashboard.services import Services, current_services
from dashboard.web.access import Role, allow

demo = Blueprint("demo", __name__)
ANSWER_WITHIN_S = 5
TRIES, TRY_EVERY_S = 25, 0.4


class SimulatorGone(Exception):
    """The simulator does not answer."""


def call(path: str, arguments: dict[str, Any] | None = None) -> dict[str, Any]:
    """Ask the simulator something, or tell it what to do.

    Raises:
        SimulatorGone: it does not answer, or not in JSON.
    """
    import requests  # 150 ms, and only the demo's page needs it here

    address = current_services().settings.zaptec_api_url + path
    method = "GET" if arguments is None else "POST"
    with requests.Session() as session:
        session.trust_env = False  # it runs on this machine: no proxy stands between
        try:
            answer = session.request(method, address, json=arguments, timeout=ANSWER_WITHIN_S)
            answer.raise_for_status()
            return dict(answer.json())
        except (requests.RequestException, ValueError) as error:
            raise SimulatorGone from error


@demo.get("/demo")
@allow(Role.VIEWER)
def show_demo() -> ResponseReturnValue:
    try:
        world = call("/simulator")
    except SimulatorGone:
        world = None
    return render_template("demo/demo.html", groups=GROUPS, world=world)


@demo.post("/demo")
@allow(Role.VIEWER)
def move() -> ResponseReturnValue:
    """Move the simulated car, charger or cloud."""
    chosen = MOVES.get(request.form.get("move", "")) or abort(400)
    try:
        _make(chosen)
    except SimulatorGone:
        flash(words.simulator_gone())
    else:
        if chosen.verb == "heal":
            with current_services().database.writing() as connection:
                current_services().account.try_again(connection)
        _ask_at_once()
        flash(words.done(chosen.label))
    return redirect(url_for("demo.show_demo"), code=303)


def _make(move: Move) -> None:
    subject = "faults" if move.of_cloud else f"chargers/{call('/simulator')['chargers'][0]['id']}"
    call(f"/simulator/{subject}/{move.verb}", dict(move.arguments))
    if move.ends_tokens:
        call("/simulator/faults/expire_tokens", {})


def _ask_at_once() -> None:
    """Have the charger's page show what was moved; of a real charger it learns within a minute."""
    services = current_services()
    with services.database.reading() as connection:
        ids = [charger.id for charger in chargers.all_chargers(connection, services.settings.charger_ids)]
    for id in ids:
        services.background.start(partial(_ask, services, id))


def _ask(services: Services, charger_id: str) -> None:
    """Ask after whoever is asking now: their answer may be from before the move, and may take its time."""
    for _try in range(TRIES):
        if snapshots.ask(services, charger_id, patient=False):
            return
        services.sleep(TRY_EVERY_S)


def init_app(app: Flask) -> None:
    services: Services = app.extensions["services"]
    app.jinja_env.globals["is_demo"] = services.settings.is_demo
    if services.settings.is_demo:
        services.demo_people = tuple(PEOPLE)
        app.register_blueprint(demo)
