"""The demo: the simulated car and cloud, moved from a page. Without the demo there is no such page."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dashboard.charger import chargers, snapshots
from dashboard.demo.people import PEOPLE
from dashboard.services import Services, current_services
from dashboard.texts import _, mark
from dashboard.web.access import Role, allow

demo = Blueprint("demo", __name__)
TRIES, TRY_EVERY_S = 25, 0.4


@dataclass(frozen=True)
class Move:
    """One button of the demo page.

    Attributes:
        verb: the simulator's name for it; `cloud` verbs move the cloud, the others the first charger.
        ends_tokens: so that the next question has to sign in; a token lives a day.
    """

    verb: str
    label: str
    of_cloud: bool = False
    arguments: tuple[tuple[str, Any], ...] = ()
    ends_tokens: bool = False

    @property
    def key(self) -> str:
        return "-".join((self.verb, *(str(value) for _name, value in self.arguments)))


GROUPS = (
    (
        mark("The car"),
        (
            Move("plug_in_and_charge", mark("Plug in and charge")),
            Move("plug_in", mark("Plug in, the car waits")),
            Move("fill_up", mark("Fill the battery")),
            Move("car_sleeps", mark("The car falls asleep")),
            Move("car_wakes", mark("The car wakes up")),
            Move("unplug", mark("Unplug")),
        ),
    ),
    (
        mark("The charger"),
        (
            Move("go_offline", mark("Goes offline")),
            Move("come_online", mark("Comes back")),
            Move("pause_elsewhere", mark("Paused in Zaptec’s app")),
            Move("resume_elsewhere", mark("Resumed in Zaptec’s app")),
            Move("limit_current", mark("No power free for it"), arguments=(("amps", 0),)),
            Move("limit_current", mark("Power free again"), arguments=(("amps", 16),)),
            Move("require_authorisation", mark("Asks for permission"), arguments=(("required", True),)),
            Move("require_authorisation", mark("Asks for none"), arguments=(("required", False),)),
        ),
    ),
    (
        mark("Zaptec’s cloud"),
        (
            Move("be_slow", mark("Slow: 5 s for each answer"), of_cloud=True, arguments=(("seconds", 5),)),
            Move("go_down", mark("Down"), of_cloud=True),
            Move("answer_html", mark("Answers nonsense"), of_cloud=True),
            Move("lose_commands", mark("Takes commands and forgets them"), of_cloud=True),
            Move("reject_sign_in", mark("Refuses the sign-in"), of_cloud=True, ends_tokens=True),
            Move("heal", mark("All well again"), of_cloud=True),
        ),
    ),
)
MOVES = {move.key: move for _title, moves in GROUPS for move in moves}


class SimulatorGone(Exception):
    """The simulator does not answer."""


def call(path: str, arguments: dict[str, Any] | None = None) -> dict[str, Any]:
    """Ask the simulator something, or tell it what to do."""
    address = current_services().settings.zaptec_api_url + path
    body = None if arguments is None else json.dumps(arguments).encode()
    question = urllib.request.Request(address, data=body, headers={"Content-Type": "application/json"})  # noqa: S310
    try:
        with urllib.request.urlopen(question, timeout=5) as answer:  # noqa: S310 - our own loopback address
            return dict(json.load(answer))
    except (OSError, ValueError) as error:
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
    wish = MOVES.get(request.form.get("move", ""))
    if wish is None:
        abort(400)
    try:
        _make(wish)
    except SimulatorGone:
        flash(_("The simulated charger does not answer; is the demo still starting?"))
    else:
        if wish.verb == "heal":
            current_services().account.try_again()
        _ask_at_once()
        flash(_("Done: %s.") % _(wish.label))
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
        ids = [one.id for one in chargers.all_chargers(connection, services.settings.charger_ids)]
    for id in ids:
        services.background.start(partial(_ask, services, id))


def _ask(services: Services, charger_id: str) -> None:
    """Ask after whoever is asking now: their answer may be from before the move, and may take its time."""
    for _try in range(TRIES):
        if snapshots.ask(services, charger_id, patient=False):
            return
        time.sleep(TRY_EVERY_S)


def init_app(app: Flask) -> None:
    services: Services = app.extensions["services"]
    app.jinja_env.globals["is_demo"] = services.settings.is_demo
    if services.settings.is_demo:
        services.demo_people = tuple(PEOPLE)
        app.register_blueprint(demo)
