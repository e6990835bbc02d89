"""What owners met elsewhere with their sessions, in the page's words; the inputs lie in `tests/samples/cases`."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from dashboard.charger import chargers
from simulator import Cloud
from tests.conftest import Household, words_of
from tests.history.conftest import book, collect_all, number_of, services_of, session

pytestmark = pytest.mark.one_database

CASES = Path(__file__).parent.parent / "samples" / "cases"


def case(name: str) -> Any:
    return json.loads((CASES / f"{name}.json").read_text())


def put_sessions(cloud: Cloud, told: dict[str, Any]) -> None:
    """Into the simulated history as they were told; it files them by the end they have, if that is a time."""
    for odd in told["sessions"]:
        start, end = (datetime.fromisoformat(odd[key]) for key in ("startDateTime", "endDateTime"))
        older = {key[:1].upper() + key[1:]: value for key, value in odd.items()}
        cloud.add_session(start, end, odd["energy"] or 0.0, id=odd["id"], told_as=odd | older)


def test_a_session_of_1970_has_no_known_time_on_the_card_in_the_list_the_file_and_the_years(
    household: Household, cloud: Cloud
) -> None:
    told = case("20-last-session-1970")
    put_sessions(cloud, told)
    for number, (value, _age_s) in told["state"].items():
        cloud.charger.set_value(int(number), value)
    collect_all(household.app)
    services = services_of(household.app)
    chargers.read_list(services, force=True)
    for _ in range(2):
        card = words_of(household.anna.get(f"/chargers/{cloud.charger.id}"))
    assert "Last session time not known 7.7 kWh" in card
    history = household.carla.get("/history")
    page = words_of(history)
    assert "2 sessions (13.9 kWh) are in no total: their times are not known." in page
    assert page.count("time not known") >= 2 and "time not known – Tue 10 November 2026, 13:00" in page
    file = household.carla.get("/history.csv").text
    assert file.count("time not known") == 2
    for text in (card, page, history.text, file):
        assert "1970" not in text and "20767" not in text and "498419" not in text


@pytest.mark.parametrize("end", ["2027-01-15T12:00:00Z", "2031-01-01T00:00:00Z"])
def test_a_last_session_that_ends_in_the_future_has_no_known_time(
    household: Household, cloud: Cloud, end: str
) -> None:
    told = case("20-last-session-1970")
    last = json.loads(told["state"]["723"][0]) | {"StartDateTime": "2026-11-20T10:00:00Z", "EndDateTime": end}
    cloud.charger.set_value(723, json.dumps(last))
    chargers.read_list(services_of(household.app), force=True)
    for _ in range(2):
        card = words_of(household.anna.get(f"/chargers/{cloud.charger.id}"))
    assert "Last session time not known 7.7 kWh" in card and "20" + end[2:4] not in card.split("Last session")[1]


ESCAPED, EXTRA_BAR = case("23-ocmf-escaped-or-extra-bar")["ocmf"]


@pytest.mark.parametrize(
    ("text", "check", "is_signed"),
    [
        (case("22-ocmf-odd-unit")["ocmf"], "110.200 − 100.000 = 10.200 kWh", True),
        (ESCAPED, "100.000 − 100.000 = 0.000 kWh", False),
        (EXTRA_BAR, "100.000 − 100.000 = 0.000 kWh", True),
    ],
)
def test_a_meters_text_that_others_stumbled_over_is_read(
    household: Household, text: str, check: str, is_signed: bool
) -> None:
    book(household, [session("metered", 2, ocmf_text=text)])
    page = words_of(household.carla.get(f"/history/sessions/{number_of(household, 'metered')}"))
    assert "came without readings" not in page and "could not be understood" not in page
    assert check in page
    assert ("are signed" in page) is is_signed


@pytest.mark.parametrize("endpoint", ["sessions", "chargehistory"])
def test_a_session_without_energy_is_listed_with_its_times(
    household: Household, cloud: Cloud, endpoint: str
) -> None:
    cloud.turn_off("chargehistory" if endpoint == "sessions" else "sessions")
    put_sessions(cloud, case("25-session-without-energy"))
    collect_all(household.app)
    page = words_of(household.carla.get("/history?month=2026-11"))
    assert "Sun 1, 11:00 – 13:00" in page and "energy not known" in page


def test_the_hour_that_comes_twice_is_told_apart(household: Household, cloud: Cloud) -> None:
    put_sessions(cloud, case("27-dst-session"))
    collect_all(household.app)
    page = words_of(household.carla.get("/history?month=2026-10"))
    assert "Sun 25, 02:10 summer time – 02:20 winter time" in page and "8.0 kWh" in page
