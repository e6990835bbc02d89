"""The demo: the simulated car, cloud and price house, moved from a page. Without the demo there is no such page."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.charger import chargers, snapshots
from dashboard.demo import prices, words
from dashboard.demo.moves import GROUPS, MOVES, Move, Moved
from dashboard.demo.people import PEOPLE
from dashboard.notices import phone
from dashboard.services import Services, current_services
from dashboard.web.access import Role, allow

demo = Blueprint("demo", __name__)
ANSWER_WITHIN_S = 5
TRIES, TRY_EVERY_S = 25, 0.4


class SimulatorGone(Exception):
    """The simulator does not answer."""


def call(path: str, arguments: dict[str, Any] | None = None, *, at: str = "") -> dict[str, Any]:
    """Ask the simulator something, or tell it what to do.

    Args:
        at: the address of another house than the simulated cloud.

    Raises:
        SimulatorGone: it does not answer, or not in JSON.
    """
    import requests  # 150 ms, and only the demo's page needs it here

    address = (at or current_services().settings.zaptec_api_url) + path
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
    price_trouble = _price_trouble()
    groups = [group for group in GROUPS if not group.is_of_prices or price_trouble is not None]
    services = current_services()
    with services.database.reading() as connection:
        held = phone.of_person(services, connection, current_user)
    trouble = price_trouble or []
    return render_template("demo/demo.html", groups=groups, world=world, price_trouble=trouble, phone=held)


def _price_trouble() -> list[str] | None:
    """What goes wrong with the prices; None where there is no price house."""
    address = current_services().settings.price_api_url
    try:
        faults = call("/simulator", at=address)["faults"] if address else None
    except SimulatorGone:
        return None
    labels = {move.trouble: words.trouble(move.label) for move in MOVES.values()}
    return None if faults is None else [labels.get(fault, fault) for fault in faults]


@demo.post("/demo")
@allow(Role.VIEWER)
def move() -> ResponseReturnValue:
    """Move the simulated car, charger, cloud or price house."""
    chosen = MOVES.get(request.form.get("move", "")) or abort(400)
    try:
        _make(chosen)
    except SimulatorGone:
        flash(words.simulator_gone())
    else:
        if chosen.moved is Moved.CLOUD and chosen.verb == "heal":
            with current_services().database.writing() as connection:
                current_services().account.try_again(connection)
        _ask_at_once()
        flash(words.done(chosen.label))
    return redirect(url_for("demo.show_demo"), code=303)


def _make(move: Move) -> None:
    services = current_services()
    if move.moved is Moved.PRICES:
        for verb, arguments in (("heal", {}), (move.verb, dict(move.arguments))):
            call(f"/simulator/{verb}", arguments, at=services.settings.price_api_url)
        with services.database.writing() as connection:
            prices.begin_anew(connection, services.now())
        return
    is_of_cloud = move.moved is Moved.CLOUD
    subject = "faults" if is_of_cloud else f"chargers/{call('/simulator')['chargers'][0]['id']}"
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
