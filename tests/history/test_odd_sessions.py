"""Sessions that cannot be right: each is shown as what it is, or counted as missing, and takes no other away."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from dashboard.charger import chargers
from dashboard.history import fetching
from dashboard.history.booking import SESSIONS, Booking
from dashboard.history.tables import charge_session, charge_share, history_source, unusable_sessions
from simulator import Cloud
from tests.conftest import Household, words_of
from tests.history.conftest import add_price, book, collect_all, number_of, session
from zaptec.sessions import CompletedSession

UNSET = datetime(1970, 1, 1, 0, 0, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def tell(cloud: Cloud, **told_as: Any) -> None:
    """A session of an hour, an hour ago, told in an odd way; keys as the newer endpoint spells them."""
    end = cloud.clock.now() - HOUR
    older = {key[:1].upper() + key[1:]: value for key, value in told_as.items()}
    cloud.add_session(end - HOUR, end, 10.0, told_as=told_as | older)


def booked(household: Household) -> int:
    with household.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(charge_session)).scalar_one()


def total_mwh(household: Household) -> int:
    with household.database.reading() as connection:
        return int(connection.execute(select(func.sum(charge_share.c.energy_mwh))).scalar() or 0)


def rows_of(household: Household, query: str = "") -> list[dict[str, str]]:
    text = household.carla.get(f"/history.csv{query}").text.removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("endpoint", ["sessions", "chargehistory"])
@pytest.mark.parametrize(
    "odd",
    [
        {"id": None},
        {"id": "x" * 200},
        {"endDateTime": "soon"},
        {"startDateTime": None, "energy": 1e308},
        {"id": "\ud83d", "energy": "many"},
        {"deviceName": "\ud83d", "tokenName": "a\0b\ud83d", "energy": 10**40},
        {"energyDetails": [{"timestamp": "2026-11-20T15:00:00Z", "energy": 1e308}, None, 7]},
        {"sessionSignature": "OCMF|{\ud83d", "replacedBySessionId": "\0"},
        {"voided": "perhaps", "offline": {"a": [1]}, "chargerFirmwareVersion": [1, 2]},
    ],
)
def test_one_odd_session_takes_no_other_away(
    household: Household, cloud: Cloud, odd: dict[str, Any], endpoint: str
) -> None:
    cloud.turn_off("chargehistory" if endpoint == "sessions" else "sessions")
    cloud.add_session(cloud.clock.now() - 5 * HOUR, cloud.clock.now() - 4 * HOUR, 5.0)
    tell(cloud, **odd)
    cloud.add_session(cloud.clock.now() - 0.5 * HOUR, cloud.clock.now() - 0.25 * HOUR, 2.0)
    collect_all(household.app)
    assert booked(household) in (2, 3)
    assert total_mwh(household) in (7_000_000, 17_000_000)
    page = words_of(household.carla.get("/history"))
    assert booked(household) == 3 or "1 session of Zaptec’s list could not be read" in page
    assert "tried again" not in page
    for address in ("/history.csv", "/history.json", "/history/statement"):
        assert household.carla.get(address).status_code == 200


def test_what_cannot_be_used_is_counted_once_and_no_longer_when_zaptec_corrects_it(
    household: Household, cloud: Cloud
) -> None:
    tell(cloud, startDateTime="never")
    collect_all(household.app)
    sentence = "1 session of Zaptec’s list could not be read and is missing here: November 2026."
    for _ in range(3):
        household.clock.advance(seconds=86400)
        collect_all(household.app)
        assert sentence in words_of(household.carla.get("/history"))
    assert json.loads(household.carla.get("/history.json").text)["unusable"] == 1
    assert sentence in words_of(household.carla.get("/history/statement"))
    cloud.past_sessions[-1].told_as.clear()
    household.clock.advance(seconds=86400)
    collect_all(household.app)
    assert "cannot be used" not in words_of(household.carla.get("/history"))
    assert booked(household) == 1


def test_a_session_that_cannot_be_booked_is_counted_as_one_that_cannot_be_used(
    household: Household, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        cloud.add_session(cloud.clock.now() - (number + 2) * HOUR, cloud.clock.now() - (number + 1) * HOUR, 5.0)
    write, hard = Booking._write, cloud.past_sessions[1].id

    def fails(self: Booking, zaptec_id: str, *arguments: Any) -> int:
        if zaptec_id == hard:
            raise OverflowError
        return write(self, zaptec_id, *arguments)

    monkeypatch.setattr(Booking, "_write", fails)
    collect_all(household.app)
    assert (booked(household), total_mwh(household)) == (2, 10_000_000)
    assert "1 session of Zaptec’s list could not be read" in words_of(household.carla.get("/history"))
    with household.database.reading() as connection:
        assert connection.execute(select(history_source.c.failure)).scalars().all() == [None] * len(cloud.chargers)
        assert connection.execute(select(unusable_sessions.c.count)).scalars().all() == [1]


IMPOSSIBLE = {
    "of a clock that was never set": (UNSET, UNSET + 2 * HOUR),
    "that begins in 1970": (UNSET, datetime(2026, 11, 10, 12, tzinfo=UTC)),
    "of next year": (datetime(2027, 1, 15, 10, tzinfo=UTC), datetime(2027, 1, 15, 12, tzinfo=UTC)),
    "that ends next year": (datetime(2026, 11, 15, 10, tzinfo=UTC), datetime(2027, 1, 15, 12, tzinfo=UTC)),
    "that ends long before it begins": (
        datetime(2026, 11, 15, 10, tzinfo=UTC),
        datetime(2026, 11, 1, 10, tzinfo=UTC),
    ),
}


def impossible(start: datetime, end: datetime) -> CompletedSession:
    return session("odd", 3, start=start, end=end, intervals=(), has_reliable_clock=False)


@pytest.mark.parametrize(("start", "end"), IMPOSSIBLE.values(), ids=list(IMPOSSIBLE))
def test_a_time_that_cannot_be_is_not_known_and_in_no_total(
    household: Household, start: datetime, end: datetime
) -> None:
    book(household, [session("good", 2), impossible(start, end)])
    add_price(household)
    assert total_mwh(household) == 10_000_000
    page = words_of(household.carla.get("/history"))
    assert "1 session (10.0 kWh) is in no total: its time is not known." in page
    assert "time not known" in page and "1970" not in page and "2027" not in page
    assert "10.0 kWh · 2.50 € · 1 session" in page.replace("\N{NO-BREAK SPACE}", " ")
    shown = words_of(household.carla.get(f"/history/sessions/{number_of(household, 'odd')}"))
    assert "Session whose time is not known" in shown and "does not count in any total" in shown
    assert " d " not in shown.split("Energy")[0] and "1970" not in shown and "2027" not in shown
    rows = {row["session"]: row for row in rows_of(household)}
    row = rows[str(number_of(household, "odd"))]
    assert (row["hours"], row["average_kw"], row["counted_kwh"], row["counts"]) == ("", "", "0", "no")
    assert "time not known" in row["remarks"] and "1970" not in row["start"] and "2027" not in row["end"]
    assert household.anna.get("/history/recalculate?year=1970").status_code == 200


def test_the_end_that_is_known_is_told(household: Household) -> None:
    book(household, [impossible(*IMPOSSIBLE["that begins in 1970"])])
    page = words_of(household.carla.get("/history?month=2026-11"))
    assert "time not known – Tue 10 November 2026, 13:00" in page
    [row] = rows_of(household, "?month=2026-11")
    assert (row["start"], row["end"]) == ("", "2026-11-10T13:00:00")


def test_a_session_up_to_a_day_ahead_may_be_a_clock_that_is_a_little_fast(household: Household) -> None:
    now = household.clock.now()
    book(household, [session("fast", 2, start=now, end=now + timedelta(hours=24), intervals=())])
    assert total_mwh(household) == 10_000_000


def test_whether_a_time_lies_ahead_is_told_by_zaptecs_clock(household: Household, cloud: Cloud) -> None:
    cloud.skew_clock(30 * 86400)  # our clock is a month behind
    services = household.app.extensions["services"]
    chargers.read_list(services, force=True)
    ahead = fetching.zaptec_now(services) - services.now()
    assert abs(ahead - timedelta(days=30)) < timedelta(minutes=1)
    now = services.now() + timedelta(days=30)
    told = session("later", 2, start=now - HOUR, end=now, intervals=())
    with household.app.app_context(), household.database.writing() as connection:
        booking = Booking(connection, services.zone, services.now(), fetching.zaptec_now(services))
        booking.store([told], str(told.charger_id), SESSIONS)
    assert total_mwh(household) == 10_000_000


def test_a_session_whose_time_becomes_known_comes_into_the_totals(household: Household) -> None:
    book(household, [impossible(UNSET, UNSET + HOUR)])
    assert total_mwh(household) == 0
    book(household, [session("odd", 3)])
    assert total_mwh(household) == 10_000_000
    assert "not known" not in words_of(household.carla.get("/history"))


def test_the_last_session_on_the_card_has_no_time_that_cannot_be(household: Household, cloud: Cloud) -> None:
    collect_all(household.app)
    told = {
        "SessionId": "10000000-0000-4000-8000-000000000070",
        "Energy": 7.7,
        "StartDateTime": "1970-01-01T00:00:12Z",
        "EndDateTime": "1970-01-01T02:10:12Z",
        "ReliableClock": False,
        "SignedSession": "OCMF|{}",
    }
    book(household, [session("good", 2)])
    cloud.charger.report(723, json.dumps(told))
    household.clock.advance(seconds=61)
    for _ in range(2):
        card = words_of(household.anna.get(f"/chargers/{cloud.charger.id}"))
    assert "Last session time not known 7.7 kWh" in card
    assert "1970" not in card


@pytest.mark.parametrize("energy", [None, 1e308, "much", -3.0, 10.0**8])
def test_a_session_without_usable_energy_is_listed_with_its_times(
    household: Household, cloud: Cloud, energy: object
) -> None:
    tell(cloud, energy=energy)
    collect_all(household.app)
    assert (booked(household), total_mwh(household)) == (1, 0)
    page = words_of(household.carla.get("/history"))
    assert "energy not known" in page and "Fri 20, 16:00 – 17:00" in page
    shown = words_of(household.carla.get("/history/sessions/1"))
    assert "Zaptec does not say how much energy it took" in shown and "0.000" not in shown
    [row] = rows_of(household)
    assert (row["energy_kwh"], row["counts"], row["hours"]) == ("", "no", "1")


def test_a_session_that_took_no_energy_says_so(household: Household) -> None:
    book(household, [session("none", 2, energy_kwh=Decimal(0), intervals=())])
    assert "no energy" in words_of(household.carla.get("/history"))
    assert "took no energy" in words_of(household.carla.get("/history/sessions/1"))


@pytest.mark.parametrize("stray", [UNSET, datetime(2026, 11, 2, 18, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)])
def test_readings_outside_a_sessions_times_do_not_say_when_its_energy_flowed(
    household: Household, stray: datetime
) -> None:
    start = datetime(2026, 11, 2, 12, tzinfo=UTC)
    readings = ((start, Decimal(0)), (start + HOUR, Decimal(4)), (stray, Decimal(6)))
    book(household, [session("stray", 2, intervals=tuple(sorted(readings)))])
    with household.database.reading() as connection:
        days = connection.execute(select(charge_share.c.day, charge_share.c.energy_mwh)).all()
    assert [(str(day), energy) for day, energy in days] == [("2026-11-02", 10_000_000)]
    assert "readings outside its times" in words_of(household.carla.get("/history"))
    shown = words_of(household.carla.get("/history/sessions/1"))
    assert "Its readings lie outside its times" in shown and "Readings, as a table" not in shown
    assert rows_of(household, "?what=intervals") == []


def test_the_hour_that_comes_twice_is_told_apart(household: Household) -> None:
    start = datetime(2026, 10, 25, 0, 10, tzinfo=UTC)
    end = start + timedelta(minutes=70)
    readings = ((start, Decimal(0)), (start + timedelta(minutes=10), Decimal(1)), (end, Decimal(7)))
    book(household, [session("twice", 1, start=start, end=end, energy_kwh=Decimal(8), intervals=readings)])
    told = "Sun 25, 02:10 summer time – 02:20 winter time"
    assert told in words_of(household.carla.get("/history?month=2026-10"))
    page = words_of(household.carla.get("/history/sessions/1"))
    assert f"{told} · 1 h 10 min" in page
    assert "Sun 25, 02:10 summer time – 02:20 summer time 1.000" in page
    statement = words_of(household.carla.get("/history/statement?month=2026-10"))
    assert "02:10 summer time" in statement and "02:20 winter time" in statement


def test_a_stay_over_the_end_of_a_month_says_both(household: Household) -> None:
    start = datetime(2026, 10, 31, 21, tzinfo=UTC)
    book(household, [session("long", 1, start=start, end=start + 9 * HOUR, intervals=())])
    assert "Sat 31 October, 22:00 – Sun 1 November, 07:00" in words_of(household.carla.get("/history"))


def ocmf(*readings: dict[str, Any]) -> str:
    return "OCMF|" + json.dumps({"RD": [{"TM": "2026-11-02T12:00:00,000+00:00 S"} | each for each in readings]})


FIRST, LAST = {"RV": 100.0, "RU": "kWh", "ST": "G"}, {"RV": 110.0, "ST": "G"}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (ocmf(FIRST, {"RV": 16.0, "RI": "1-0:32.7.0", "RU": "A"}, LAST | {"RI": "1-0:1.8.0"}), "something else"),
        (ocmf(FIRST, LAST, {"RV": 0.0, "ST": "E"}), "marks 1 reading of the meter as doubtful"),
        (ocmf(FIRST, LAST).replace('"', '\\"'), "110.000 − 100.000 = 10.000 kWh"),
        (ocmf(FIRST, LAST) + '|{"SD":"abc"}|', "The readings are signed"),
    ],
)
def test_a_meters_text_with_something_odd_in_it_still_checks_the_session(
    household: Household, text: str, sentence: str
) -> None:
    book(household, [session("metered", 2, ocmf_text=text)])
    page = words_of(household.carla.get("/history/sessions/1"))
    assert sentence in page
    assert "110.000 − 100.000 = 10.000 kWh" in page and "is the session’s energy" in page


def test_a_meters_text_that_cannot_be_read_is_not_called_missing(household: Household) -> None:
    book(household, [session("metered", 2, ocmf_text="OCMF|{half of it")])
    page = words_of(household.carla.get("/history/sessions/1"))
    assert "could not be understood" in page and "came without readings" not in page
