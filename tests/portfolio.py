"""Every situation of the truth table on one page, made by the simulator and shown by the real dashboard.

For looking at, while working on the page; it is no part of the product:

    python -m flask --app tests.portfolio run

Time stands still in it, so that a command stays under way. *Enter the demo* signs in; `/portfolio` shows the cards
side by side, as its owner sees it; each links to its page. `/portfolio/charging?alert=silent&receipt=asked`
is such a page with that alert and that stage of a receipt; `/portfolio/charging/alerts` lists them all.
"""

from __future__ import annotations

import atexit
import json
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask, render_template, render_template_string, request
from markupsafe import Markup
from sqlalchemy import select

from app import create_app as create_dashboard
from dashboard.background import AtOnce
from dashboard.card import page as card_page
from dashboard.card.receipt_line import ReceiptLine
from dashboard.charger import chargers, snapshots
from dashboard.charger.receipt import ACCEPTED, ASKED
from dashboard.charger.tables import charger_table, command, snapshot_table
from dashboard.demo.people import seed_demo
from dashboard.demo.prices import SOURCE as PRICE_SOURCE
from dashboard.demo.prices import seed_prices
from dashboard.services import Services, current_services, utc_now
from dashboard.settings import Settings
from dashboard.tariff import spot_prices
from dashboard.tariff.contract import QUARTER
from dashboard.tariff.sources.answer import DayPrices, delivery_day
from dashboard.tariff.spot_prices import PriceArea
from dashboard.web.access import Role, allow
from simulator import Cloud, ManualClock, SimulatedCharger, serve
from tests.portfolio_alerts import ALERTS, RECEIPTS
from zaptec.charger import ChargerState
from zaptec.commands import Baseline
from zaptec.situation import SituationName

Do = Callable[[Cloud, SimulatedCharger], None]


def _charging(cloud: Cloud, it: SimulatedCharger) -> None:
    it.plug_in_and_charge()


def _power_stops(cloud: Cloud, it: SimulatedCharger) -> None:
    it.plug_in_and_charge()
    it.car_sleeps()


def _waits_for_permission(cloud: Cloud, it: SimulatedCharger) -> None:
    it.require_authorisation()
    it.plug_in()


def _waits_for_power(cloud: Cloud, it: SimulatedCharger) -> None:
    it.limit_current(0)
    it.plug_in()


def _paused(cloud: Cloud, it: SimulatedCharger) -> None:
    it.plug_in_and_charge()
    it.pause_elsewhere()


def _scheduled(cloud: Cloud, it: SimulatedCharger) -> None:
    it.plug_in_and_charge()
    it.hold_by_schedule()


def _waits_for_the_car(cloud: Cloud, it: SimulatedCharger) -> None:
    it.set_value(710, "2")
    it.set_value(702, "9")


def _offline(cloud: Cloud, it: SimulatedCharger) -> None:
    it.plug_in_and_charge()
    it.go_offline()


MADE_BY: dict[SituationName, Do] = {
    SituationName.CHARGING: _charging,
    SituationName.PAUSING: _charging,  # and a command under way, see below
    SituationName.PAUSED: _paused,
    SituationName.RESUMING: _paused,  # the same
    SituationName.NOT_DRAWING: _power_stops,
    SituationName.WAITING_CAR: _waits_for_the_car,
    SituationName.WAITING_POWER: _waits_for_power,
    SituationName.WAITING_AUTHORISATION: _waits_for_permission,
    SituationName.SCHEDULED: _scheduled,
    SituationName.FINISHED: lambda cloud, it: it.plug_in_full(),
    SituationName.DISCONNECTED: lambda cloud, it: None,
    SituationName.OFFLINE: _offline,
    SituationName.DISABLED: lambda cloud, it: it.disable(),
    SituationName.STAND_ALONE: lambda cloud, it: it.stand_alone(),
    SituationName.NO_ACCESS: lambda cloud, it: cloud.give_role(it, 1),
    SituationName.NO_DATA: lambda cloud, it: it.serve_recording([]),
    SituationName.UNKNOWN: lambda cloud, it: it.set_value(710, "4"),
}


PAGE = """
{% extends "base.html" %}
{% block head %}<link rel="stylesheet" href="/portfolio.css">{% endblock %}
{% block main %}
<h1>Portfolio</h1>
{% for card in cards %}
<section>
<p><a href="/chargers/{{ card.charger.id }}">{{ card.charger.name }}</a></p>
{% include "fragments/charger.html" %}</section>
{% endfor %}
{% endblock %}
"""
LINKS = """
{% extends "base.html" %}
{% block main %}
<h1>{{ name }}</h1>
<table>{% for alert, make in alerts.items() %}
<tr><th scope="row">{{ make().text }}</th><td>{% for stage in stages %}
<a class="go" href="/portfolio/{{ name }}?alert={{ alert }}&amp;receipt={{ stage }}">{{ stage or "no receipt" }}</a>
{% endfor %}</td></tr>
{% endfor %}</table>
{% endblock %}
"""
STYLE = """
main { max-width: none; grid-template-columns: repeat(auto-fill, 336px); align-items: start; }
main > h1 { grid-column: 1 / -1; }
.card { padding: .875rem 1rem; }
h1, .says { font-size: var(--says, 1.5rem); }
.charger:not(.compact) { display: grid; }
.charger:not(.compact) > :is(.quick, :has(> .numbers)), .charger:not(.compact) > * {
  float: none; width: auto; margin: 0;
}
"""


def make_world(clock: ManualClock) -> Cloud:
    """A cloud with one charger for each situation, named after it."""
    cloud = Cloud.household(clock, names=[name.value for name in MADE_BY])
    cloud.state_cache_s = 0
    for it, do in zip(cloud.chargers, MADE_BY.values(), strict=True):
        do(cloud, it)
    clock.advance(seconds=1500)
    return cloud


def create_app() -> Flask:
    clock = ManualClock(utc_now() - timedelta(seconds=1500))
    cloud = make_world(clock)
    stack = ExitStack()
    atexit.register(stack.close)
    url = stack.enter_context(serve(cloud))
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    settings = Settings(
        zaptec_username=cloud.username,
        zaptec_password=cloud.password,
        zaptec_api_url=url,
        database_url=f"sqlite:///{folder / 'portfolio.db'}",
        secret_key="a secret only for looking",
        time_zone="Europe/Oslo",
        is_demo=True,
        is_demo_wanted=True,
        instance=folder,
    )
    app = create_dashboard(settings, now=clock.now, background=AtOnce)
    services: Services = app.extensions["services"]
    seed_demo(services.database, clock.now())
    with app.app_context():
        chargers.read_list(services)
        _see_all(services, clock.now())
        _tell_prices(services, clock)
    app.extensions["portfolio"] = {it.name: it.id for it in cloud.chargers}
    app.add_url_rule("/portfolio", view_func=allow(Role.VIEWER)(show_portfolio))
    app.add_url_rule("/portfolio/<name>", view_func=allow(Role.VIEWER)(show_with_more))
    app.add_url_rule("/portfolio/<name>/alerts", view_func=allow(Role.VIEWER)(show_alerts))
    app.add_url_rule("/portfolio.css", view_func=allow(Role.VIEWER)(show_style))
    return app


def _tell_prices(services: Services, clock: ManualClock) -> None:
    """Prices by the hour for today and tomorrow, some below nothing, of one hour none."""
    seed_prices(services.database, clock.now())
    where, today = PriceArea(PRICE_SOURCE, "NO1"), clock.now().date()
    with services.database.writing() as connection:
        for day in (today, today + timedelta(days=1)):
            begin, end = delivery_day(day)
            quarters = [begin + number * QUARTER for number in range((end - begin) // QUARTER)]
            prices = {at: 1_500_000 - 80_000 * abs(13 - at.hour) - 2_000_000 * (at.hour == 3) for at in quarters}
            told = {at: micro for at, micro in prices.items() if at.hour != 20}
            spot_prices.keep(connection, where, day, DayPrices({"NOK": told}, False), clock.now())


def _see_all(services: Services, now: datetime) -> None:
    """Ask for each state; then give what is under way, or was just done, the receipt of it."""
    with services.database.reading() as connection:
        rows = {row.name: row.id for row in connection.execute(select(charger_table.c.id, charger_table.c.name))}
    for id in rows.values():
        snapshots.ask(services, id)
    with services.database.writing() as connection:
        connection.execute(command.delete())
        for name, action in (("pausing", "pause"), ("paused", "pause"), ("resuming", "resume")):
            record = connection.execute(
                select(snapshot_table.c.state).where(snapshot_table.c.charger_id == rows[name])
            ).scalar_one()
            state = ChargerState.from_record(json.loads(record))
            ended = {
                "ended_at": now - timedelta(seconds=5),
                "outcome": "confirmed",
                "proof": state.final_stop_changed_at.isoformat(),
            }
            connection.execute(
                command.insert().values(
                    charger_id=rows[name],
                    action=action,
                    origin="page",
                    member_name="Anna",
                    asked_at=now - timedelta(seconds=14),
                    sent_at=now - timedelta(seconds=14),
                    accepted_at=now - timedelta(seconds=13),
                    baseline=json.dumps(Baseline.from_state(state).to_record()),
                    **(ended if name == "paused" else {"look_at": now + timedelta(minutes=5)}),
                )
            )


def show_portfolio() -> str:
    services = current_services()
    with services.database.reading() as connection:
        found = chargers.all_chargers(connection, ())
    order = [name.value for name in MADE_BY]
    cards = [card_page.card_of(one) for one in sorted(found, key=lambda one: order.index(one.name))]
    return render_template_string(PAGE, cards=cards)


def show_with_more(name: str) -> str:
    """One situation's page with the alerts and the stage of a receipt that the address names; without: none."""
    with current_services().database.reading() as connection:
        (charger,) = (each for each in chargers.all_chargers(connection, ()) if each.name == name)
    stage = request.args.get("receipt", "")
    receipt = ReceiptLine(1, stage, RECEIPTS[stage], "", stage in (ASKED, ACCEPTED)) if stage else None
    alerts = [make() for alert, make in ALERTS.items() if alert in request.args.getlist("alert")]
    card = replace(card_page.card_of(charger), alerts=alerts, receipt=receipt)
    html = Markup(render_template("fragments/charger.html", card=card, has_autofocus=False))
    return render_template("card/charger.html", card=card, card_html=html, focus=None)


def show_alerts(name: str) -> str:
    """Links to a situation's page with each alert and each stage of a receipt."""
    stages = ("", *RECEIPTS)
    return render_template_string(LINKS, name=name, alerts=ALERTS, stages=stages)


def show_style() -> tuple[str, dict[str, str]]:
    return STYLE, {"Content-Type": "text/css"}
