"""A household with one charger, and short ways to press, to tick and to read what a page says.

The rooms whose tests are about that charger take the fixtures into their own conftest.py.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from dashboard.background import Background, Threads
from dashboard.charger.tables import command
from dashboard.services import Services
from dashboard.settings import Settings
from simulator import Cloud, ManualClock, SimulatedCharger
from tests.conftest import Household, words_of

SAMPLES = Path(__file__).parent / "samples"
MakeApp = Callable[..., Flask]


@pytest.fixture
def make_app(clock: ManualClock, make_app: Callable[[Settings], Flask]) -> MakeApp:
    """As everywhere; the sign-in at Zaptec goes by the shared clock too, and no history is collected."""

    def make(settings: Settings) -> Flask:
        app = make_app(settings)
        services = house_of(app)
        services.account.client.login._now = lambda: clock.now().timestamp()  # type: ignore[attr-defined]
        services.clock.jobs = [job for job in services.clock.jobs if job.name != "history"]
        return app

    return make


@pytest.fixture
def threads(household: Household) -> Iterator[Background]:
    """Have the household's dashboard use real threads."""
    services = house_of(household.app)
    services.background = services.presses = Threads(household.app.app_context)
    yield services.background
    services.background.stop()


@pytest.fixture
def charger(household: Household, cloud: Cloud) -> SimulatedCharger:
    """The only charger of the household: known to the dashboard, charging a car, looked at just now."""
    cloud.forget_charger(cloud.chargers[1].id)
    charger = cloud.charger
    charger.plug_in_and_charge()
    cloud.clock.advance(seconds=60)
    get_to_know(household.app)
    household.anna.get(page(charger))
    cloud.forget_requests()
    return charger


def house_of(app: Flask) -> Services:
    services: Services = app.extensions["services"]
    return services


def get_to_know(app: Flask) -> None:
    """What the first tick does for the chargers; hundreds of tests need no more of it."""
    clock = house_of(app).clock
    jobs = clock.jobs
    clock.jobs = [job for job in jobs if job.name == "charger"]
    tick(app)
    clock.jobs = jobs


def tick(app: Flask) -> float:
    """Let the clock of one process do what is due."""
    with app.app_context():
        pause_s: float = app.extensions["services"].clock.tick()
    return pause_s


def pass_time(household: Household, seconds: int, *, step: int = 1) -> None:
    """Let time pass, the clock ticking."""
    for _ in range(seconds // step):
        household.clock.advance(seconds=step)
        tick(household.app)


def page(charger: SimulatedCharger, action: str = "") -> str:
    return f"/chargers/{charger.id}/{action}".rstrip("/")


def press(browser: FlaskClient, charger: SimulatedCharger, action: str, **headers: str) -> TestResponse:
    """Press a button without JavaScript, and follow where it leads."""
    return browser.post(page(charger, action), headers=headers, follow_redirects=True)


def htmx(browser: FlaskClient, address: str, **more: Any) -> TestResponse:
    return browser.get(address, headers={"HX-Request": "true"}, **more)


def seen(answer: TestResponse) -> str:
    """The address a card's refresh asks for."""
    found = re.search(r'hx-get="([^"]+)"', answer.text)
    assert found, "no card"
    return unescape(found[1])


def receipt(answer: TestResponse) -> str:
    """The stage of the receipt and what it says, as a person would read it; nothing where there is none."""
    found = re.search(r'<div class="receipt"[^>]*?(?: data-stage="(\w+)")?>.*?</div>', answer.text, re.DOTALL)
    assert found, answer.text
    return f"{(found[1] or '').replace('_', ' ')}: {in_words(found[0])}" if found[1] else ""


def situation_of(answer: TestResponse) -> str:
    found = re.search(r'data-situation="([^"]+)"', answer.text)
    assert found, answer.text
    return found[1]


def sentence(answer: TestResponse) -> str:
    found = re.search(r'<h[12] class="says"[^>]*>(.*?)</h[12]>', answer.text, re.DOTALL)
    assert found, answer.text
    return in_words(found[1])


def since(answer: TestResponse) -> str:
    """The line below the sentence."""
    return in_words(answer.text.split('<p class="meta">', 1)[1].split("</p>", 1)[0])


def act(answer: TestResponse) -> str:
    """The place of the one action: its button, or the reason there is none."""
    found = re.search(r'<div class="act">(.*?)</div>', answer.text, re.DOTALL)
    assert found, answer.text
    return found[1]


def next_of(answer: TestResponse) -> str:
    """What happens next, as the card says it."""
    found = re.search(r'<p class="next">(.*?)</p>', answer.text, re.DOTALL)
    assert found, answer.text
    return in_words(found[1])


def alerts(answer: TestResponse) -> str:
    found = re.findall(r'<(?:p|div) class="alert.*?</(?:p|div)>', card_of(answer), re.DOTALL)
    return " | ".join(in_words(one) for one in found)


def why(answer: TestResponse) -> str:
    """What the sentence rests on."""
    return in_words(answer.text.split('<ul class="why">', 1)[1].split("</ul>", 1)[0])


def card_of(answer: TestResponse) -> str:
    found = re.search(r"<article.*?</article>", answer.text, re.DOTALL)
    assert found, answer.text
    return found[0]


def in_words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def log_of(household: Household) -> str:
    return words_of(household.anna.get("/activity"))


def rows(household: Household) -> list[Any]:
    """The receipts as they are kept."""
    with household.database.reading() as connection:
        return list(connection.execute(select(command).order_by(command.c.id)))


def sample(name: str) -> Any:
    return json.loads((SAMPLES / name).read_text(encoding="utf-8"))


__all__ = ["Household", "words_of"]
