"""A line of the log in words: facts, read in the language and the time of whoever looks."""

from datetime import UTC, datetime
from typing import Any

import pytest

from dashboard.activity import words
from tests.conftest import Household

SIX_AT_NIGHT = datetime(2026, 11, 20, 17, tzinfo=UTC)  # in Oslo; a Friday


def said(kind: str, who: str | None = None, origin: str = "page", at: str | None = None, **details: Any) -> str:
    return words.sentence(kind, who, origin, at, details, SIX_AT_NIGHT)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (said("command", "Anna", action="pause", outcome="confirmed"), "Anna paused charging"),
        (said("command", "Anna", action="pause", outcome="refused"), "Anna asked to pause charging (refused)"),
        (
            said("command", "Ben", at="Garage", action="resume", outcome="not_confirmed"),
            "Ben asked to resume charging at Garage (not confirmed)",
        ),
        (
            said("command", "Ben", "timer", action="resume", outcome="confirmed"),
            "Ben’s timer resumed charging",
        ),
        (
            said("command", "Anna", "plan", action="pause", outcome="confirmed"),
            "Anna paused charging (to skip the plan)",
        ),
        (
            said("command", "Anna", "plan", action="resume", outcome="confirmed"),
            "Anna resumed charging (outside the plan’s times)",
        ),
        (
            said("command", None, "plan", action="pause", outcome="nothing_to_do"),
            "The plan asked to pause charging (nothing to do)",
        ),
        (said("command", "Anna", action="dance"), "Anna sent a command: dance"),
        (
            said("timer_ended", timer="skip", until="06:00", why="unplugged"),
            "The car was unplugged, so nothing is skipped until 06:00",
        ),
        (
            said("timer_ended", timer="skip", until="06:00", why="over", at="Garage"),
            "The plan counts again at Garage: it was skipped until 06:00",
        ),
        (
            said("timer_ended", timer="skip", until="06:00", why="plan_changed"),
            "The plan was changed, so nothing is skipped until 06:00",
        ),
        (
            said("timer_ended", timer="skip", until="06:00", why="not_taken", reason="offline"),
            "The plan is not skipped until 06:00: no command reaches it",
        ),
        (
            said("timer_late", timer="skip", until="06:00"),
            "The plan is skipped until 06:00 after all: the charger did it late",
        ),
        (
            said("timer_ended", timer="charge_now", until="06:00", why="unplugged"),
            "The charge until 06:00 ended, because the car was unplugged",
        ),
        (
            said("plan_step", action="resume", outcome="nothing_to_do", due_at="23:00", reason="exception"),
            "Nothing to do for the start of charging of 23:00: the plan is skipped",
        ),
        (
            said("timer_ended", timer="pause", until="06:00", why="unplugged"),
            "The timer until 06:00 ended, because the car was unplugged",
        ),
        (said("timer_ended", timer="pause", until="06:00", why="magic"), "The timer until 06:00 ended"),
        (
            said("timer_cancelled", "Ben", timer="skip", until="06:00"),
            "Ben cancelled skipping the plan until 06:00",
        ),
        (
            said("plan_step", action="resume", outcome="late", due_at="06:00"),
            "The start of charging of 06:00 came late",
        ),
        (said("outside", None, "outside", action="pause"), "Charging was paused outside this page"),
        (
            said("outside", None, "outside", "Garage", action="resume"),
            "Charging was resumed outside this page at Garage",
        ),
        (said("charger_renamed", "Anna", old="ZAP1", new="Garage"), "Anna renamed the charger ZAP1 to Garage"),
        (said("role_changed", "Anna", name="Ben", role="owner"), "Anna made Ben an owner"),
        (said("role_changed", "Anna", name="Ben", role="king"), "Anna made Ben king"),
        (said("role_changed", "Anna"), "Anna made – –"),  # a line of an older version lacks its details
        (said("a_kind_nobody_knows", "Anna"), "a kind nobody knows"),
        (said("100%"), "100%"),
    ],
)
def test_each_kind_has_its_sentence(line: str, sentence: str) -> None:
    assert line == sentence


@pytest.mark.parametrize(
    ("kind", "details", "sentence"),
    [
        (
            "price_added",
            {"micro_per_kwh": 287_500, "currency": "EUR", "day": "2026-03-01"},
            "Anna added a price: 0.2875\N{NO-BREAK SPACE}€ per kWh from Sun 1 March 2026",
        ),
        (
            "price_removed",
            {"micro_per_kwh": 2_000_000, "currency": "PLN", "day": "2026-03-01"},
            "Anna removed the price of 2.00\N{NO-BREAK SPACE}PLN per kWh from Sun 1 March 2026",
        ),
        (
            "price_added",
            {"micro_per_kwh": 300_000, "currency": "NOK"},
            "Anna added a price: 0.30\N{NO-BREAK SPACE}kr per kWh from the first session on",
        ),
        (
            "price_changed",
            {"micro_per_kwh": 300_000, "before_micro": 2_000_000, "currency": "NOK", "day": "2026-03-01"},
            "Anna changed a price to 0.30\N{NO-BREAK SPACE}kr per kWh from Sun 1 March 2026; "
            "it was 2.00\N{NO-BREAK SPACE}kr",
        ),
        (
            "door_opened",
            {"host": "prices.example"},
            "Anna switched on prices.example: it may be asked from now on",
        ),
        ("door_shut", {"host": "prices.example"}, "Anna switched off prices.example: it is not asked any more"),
        (
            "contract_saved",
            {"contract": "by the clock", "day": "2026-03-01"},
            "Anna saved a contract from Sun 1 March 2026 on: by the clock",
        ),
        (
            "contract_removed",
            {"contract": "by the hour"},
            "Anna removed the contract from the first session on: by the hour",
        ),
        (
            "costs_recalculated",
            {"count": 2, "year": 2026},
            "Anna recalculated the costs of 2026 (sessions changed: 2)",
        ),
        (
            "charge_assigned",
            {"name": "Ben", "day": "2026-03-01"},
            "Anna noted whose charge it was on Sun 1 March 2026: Ben",
        ),
        (
            "charge_assigned",
            {"is_guest": True, "day": "2026-03-01"},
            "Anna noted whose charge it was on Sun 1 March 2026: A guest",
        ),
        (
            "charges_claimed",
            {"count": 9, "month": "2026-03"},
            "Anna noted 9 charges of March 2026 as theirs, which were not assigned",
        ),
        ("usual_person", {"name": "Ben"}, "Anna noted who usually charges: Ben"),
        (
            "usual_person_of_card",
            {"is_nobody": True},
            "Anna noted who usually charges with a card: nobody any more",
        ),
        (
            "signed_in",
            {"browser": "Firefox", "system": "Android"},
            "Anna signed in on a new device: Firefox on Android",
        ),
        ("signed_in", {"browser": "", "system": "Linux"}, "Anna signed in on a new device: Linux"),
        ("signed_in", {"browser": "", "system": ""}, "Anna signed in on a new device: an unknown browser"),
    ],
)
def test_facts_become_words_when_they_are_shown(
    household: Household, kind: str, details: dict[str, Any], sentence: str
) -> None:
    with household.app.app_context():
        assert said(kind, "Anna", **details) == sentence


@pytest.mark.parametrize(
    ("kind", "details", "sentence"),
    [
        (
            "price_added",
            {"price": "0.30 kr", "day": "Sun 1 March 2026"},
            "Anna added a price: 0.30 kr per kWh from Sun 1 March 2026",
        ),
        ("signed_in", {"device": "Netscape on OS/2"}, "Anna signed in on a new device: Netscape on OS/2"),
        (
            "charge_assigned",
            {"name": "A guest", "day": "day 7"},
            "Anna noted whose charge it was on day 7: A guest",
        ),
    ],
)
def test_what_an_older_version_stored_as_words_stays_readable(
    kind: str, details: dict[str, Any], sentence: str
) -> None:
    assert said(kind, "Anna", **details) == sentence


@pytest.mark.parametrize(
    ("until", "words"),
    [
        ("2026-11-20T20:43:00+00:00", "until 21:43"),
        ("2026-11-20T23:30:00+00:00", "until Sat 00:30"),  # the day is the household's
        ("2026-11-26T20:43:00+00:00", "until Thu 21:43"),
        ("2026-11-27T20:43:00+00:00", "until 27 Nov 2026, 21:43"),
        ("2026-11-19T20:43:00+00:00", "until Thu 21:43"),
        ("soon", "until soon"),
    ],
)
def test_a_time_of_the_lines_own_day_has_no_day_beside_it(household: Household, until: str, words: str) -> None:
    with household.app.app_context():
        assert said("timer_set", "Ben", timer="pause", until=until) == f"Ben set a timer: pause {words}"
