"""The price house: believable days, its port, and the verbs that move it."""

import json
from datetime import UTC, date, datetime, timedelta
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from simulator import ManualClock, PriceHouse, serve_prices

TODAY = date(2026, 11, 20)


@pytest.fixture
def house(clock):
    return PriceHouse(clock)


@pytest.fixture
def ask(house):
    """Asks over HTTP, on a connection of its own each time."""
    with serve_prices(house) as url:

        def ask(path, body=None, **headers):
            connection = HTTPConnection(urlsplit(url).netloc, timeout=60)
            connection.request("GET" if body is None else "POST", path, body, headers)
            answer = connection.getresponse()
            text = answer.read()
            connection.close()
            return answer.status, json.loads(text) if text.startswith((b"{", b"[")) else text

        yield ask


def test_evenings_are_dear_nights_are_cheap_and_some_sundays_pay(house):
    a_year = [TODAY - timedelta(days=number) for number in range(364)]
    days = {day: [quoted.eur_per_mwh for quoted in house.day("NL", day)] for day in a_year}
    assert all(max(prices[17 * 4 : 21 * 4]) > max(prices[2 * 4 : 5 * 4]) for prices in days.values())
    below = {day for day, prices in days.items() if min(prices) < 0}
    assert len(below) > 10 and {day.weekday() for day in below} == {6}


def test_a_day_is_told_as_it_was_before(house):
    assert house.day("NL", TODAY) == house.day("NL", TODAY) != house.day("BE", TODAY)


def test_tomorrow_is_told_from_shortly_before_one_o_clock(house, clock):
    clock.advance(seconds=-(5 * 3600 + 4 * 60))  # 12:56
    assert house.day("NL", TODAY) and not house.day("NL", TODAY + timedelta(days=1))
    clock.advance(seconds=60)
    assert house.day("NL", TODAY + timedelta(days=1)) and not house.day("NL", TODAY + timedelta(days=2))


def test_every_verb_can_be_called_from_outside_and_healed(ask, house):
    _status, told = ask("/simulator")
    assert told["faults"] == [] and all(verb["does"] for verb in told["verbs"])
    needed = {"area": "NL", "begin": "2026-11-20T00:00:00Z"}
    for verb in told["verbs"]:
        arguments = {name: value for name, value in needed.items() if name in verb["arguments"]}
        status, _told = ask(f"/simulator/{verb['name']}", json.dumps(arguments))
        assert status == 200
    assert ask("/simulator/tomorrow_late", "{}")[1]["faults"] == ["tomorrow_late"]
    assert ask("/simulator/heal", "{}")[1]["faults"] == []


def test_verbs_are_for_this_machine_and_for_posts(ask):
    assert ask("/simulator/tomorrow_late")[0] == 404
    assert ask("/simulator/nothing", "{}")[0] == 404
    assert ask("/simulator/fail", "status=many")[0] == 400
    assert ask("/simulator/fail", "{}", **{"Sec-Fetch-Site": "cross-site"})[0] == 403


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/other.example/price",
        "/api.energy-charts.info/other",
        "/www.hvakosterstrommen.no/api/v1/prices/2026/11-20.json",
        "/api.energidataservice.dk/other",
        "/dashboard.elering.ee/other",
    ],
)
def test_what_no_house_has_is_not_found(ask, path):
    assert ask(path)[0] == 404


@pytest.mark.parametrize(
    "path",
    [
        "/api.energy-charts.info/price?bzn=NL",
        "/api.energidataservice.dk/dataset/DayAheadPrices?start=2026-11-20&end=2026-11-21",
        "/dashboard.elering.ee/api/nps/price",
        "/www.elprisetjustnu.se/api/v1/prices/2026/99-99_SE3.json",
    ],
)
def test_a_question_that_makes_no_sense_is_refused(ask, path):
    assert ask(path)[0] == 400


def test_a_price_that_was_set_or_left_out_stays_so(ask, house):
    at = datetime(2026, 11, 20, 12, tzinfo=UTC)
    house.set_price("NL", at, -7.5)
    house.leave_out("NL", at + timedelta(minutes=15))
    house.heal()
    _status, told = ask("/api.energy-charts.info/price?bzn=NL&start=2026-11-20&end=2026-11-20")
    prices = dict(zip(told["unix_seconds"], told["price"], strict=True))
    assert len(prices) == 95 and prices[int(at.timestamp())] == -7.5


def test_it_listens_where_it_is_told(clock: ManualClock):
    with serve_prices(PriceHouse(clock), "::1") as url:
        assert url.startswith("http://[::1]:")


@pytest.mark.parametrize(("day", "usual"), [(TODAY, 96), (date(2026, 3, 29), 92), (date(2026, 10, 25), 100)])
def test_a_day_may_have_as_many_quarters_as_one_on_which_the_clock_is_set(house, day, usual):
    assert len(house.day("NL", day)) == usual
    for quarters in (92, 96, 100):
        house.count_quarters(quarters)
        begins = [quoted.begin for quoted in house.day("NL", day)]
        assert len(set(begins)) == quarters and begins == sorted(begins)
    with pytest.raises(ValueError, match="quarters"):
        house.count_quarters(4)
