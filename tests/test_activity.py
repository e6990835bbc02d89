"""The log: who did what, in words, by day, filtered, kept for a year."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from dashboard.activity import lines, words
from dashboard.activity import log as activity_log
from dashboard.charger.tables import charger_table
from dashboard.household.members import as_member, find_by_name
from tests.conftest import Household, words_of
from zaptec.charger import Charger, Family

SIX_AT_NIGHT = datetime(2026, 11, 20, 17, tzinfo=UTC)  # in Oslo; a Friday


def write(household: Household, kind: str, **what: Any) -> None:
    with household.database.writing() as connection:
        if who := what.get("member"):
            what["member"] = as_member(find_by_name(connection, who))
        activity_log.record(connection, **({"at": household.clock.now(), "kind": kind} | what))


def add_chargers(household: Household, **names: str) -> None:
    with household.database.writing() as connection:
        connection.execute(charger_table.delete())
        for id, name in names.items():
            record = json.dumps(Charger(id, name, 4, Family.GO).to_record())
            row = {"id": id, "name": name, "record": record, "is_listed": True, "revision": 0}
            connection.execute(charger_table.insert().values(row))


def said(
    kind: str, who: str | None = None, origin: str = "page", charger_table: str | None = None, **details: Any
) -> str:
    return words.sentence(kind, who, origin, charger_table, details, SIX_AT_NIGHT)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (said("command", "Anna", action="pause", outcome="confirmed"), "Anna paused charging (confirmed)"),
        (said("command", "Anna", action="pause", outcome="refused"), "Anna asked to pause charging (refused)"),
        (
            said("command", "Ben", charger="Garage", action="resume", outcome="not confirmed"),
            "Ben asked to resume charging at Garage (not confirmed)",
        ),
        (
            said("command", "Ben", "timer", action="resume", outcome="confirmed"),
            "Ben resumed charging (confirmed, by a timer)",
        ),
        (
            said("command", "Anna", "plan", action="resume", outcome="confirmed"),
            "Anna resumed charging (confirmed, exception from the plan)",
        ),
        (
            said("timer_ended", timer="skip", until="06:00", why="unplugged"),
            "The exception until 06:00 ended, because the car was unplugged",
        ),
        (
            said("timer_ended", timer="pause", until="06:00", why="unplugged"),
            "The timer until 06:00 ended, because the car was unplugged",
        ),
        (said("timer_cancelled", "Ben", timer="skip", until="06:00"), "Ben cancelled the exception until 06:00"),
        (
            said("command", None, "plan", action="pause", outcome="nothing_to_do"),
            "The plan asked to pause charging (nothing to do)",
        ),
        (said("outside", None, "outside", action="pause"), "Charging was paused outside this page"),
        (
            said("outside", None, "outside", "Garage", action="resume"),
            "Charging was resumed outside this page at Garage",
        ),
        (said("charger_renamed", "Anna", old="ZAP1", new="Garage"), "Anna renamed the charger ZAP1 to Garage"),
        (
            said("settings", "Anna", what="order of the chargers"),
            "Anna changed the settings: order of the chargers",
        ),
        (said("a_kind_nobody_knows", "Anna"), "a kind nobody knows"),
        (said("100%"), "100%"),
        (said("role_changed", "Anna"), "Anna made – –"),  # a line of an older version lacks its details
    ],
)
def test_each_kind_has_its_sentence(line: str, words: str) -> None:
    assert line == words


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


def test_the_page_is_by_day_newest_first_in_the_households_time(household: Household) -> None:
    write(household, "settings", member="Anna", details={"what": "one"})
    household.clock.advance(seconds=6 * 3600)  # 00:00 at home
    write(household, "settings", member="Anna", details={"what": "two"})
    page = words_of(household.carla.get("/activity"))
    assert page.index("Sat 21 November 2026") < page.index("00:00") < page.index(": two")
    assert page.index(": two") < page.index("Fri 20 November 2026") < page.index("18:00") < page.index(": one")


def test_it_can_be_filtered_by_person_and_charger(household: Household) -> None:
    add_chargers(household, a="Garage", b="Carport")
    for name, id in (("Anna", "a"), ("Ben", "a"), ("Ben", "b")):
        write(household, "command", member=name, charger_id=id, details={"action": "pause"})

    def lines(query: str) -> int:
        return household.anna.get(f"/activity?{query}").text.count("paused charging")

    assert lines("") == 3
    assert lines("person=2") == 2
    assert lines("charger=a") == 2
    assert lines("person=2&charger=b") == 1
    assert lines("person=1&charger=b") == 0
    nobody = ("person=x", f"person={2**80}", "charger=nobody")
    for nonsense in (*nobody, "page=x", "page=-1", "person=&charger=&page=1"):
        assert lines(nonsense) == 3
    assert household.anna.get(f"/activity?page={2**80}").status_code == 200


def test_chargers_are_named_only_where_there_are_several(household: Household) -> None:
    add_chargers(household, a="Garage")
    write(household, "command", member="Anna", charger_id="a", details={"action": "pause"})
    assert "Garage" not in household.anna.get("/activity").text
    add_chargers(household, a="Garage", b="Carport")
    assert "Anna paused charging at Garage" in words_of(household.anna.get("/activity"))


def test_pages_hold_fifty_lines(household: Household) -> None:
    for number in range(120):
        write(household, "settings", member="Anna", details={"what": f"n{number}."})
    first = household.anna.get("/activity")
    assert (first.text.count("<li>"), "Newer" in first.text, "Older" in first.text) == (50, False, True)
    assert "n119." in first.text
    last = household.anna.get("/activity?page=3&person=1")
    assert (last.text.count("<li>"), "Newer" in last.text, "Older" in last.text) == (20, True, False)
    assert 'href="/activity?page=2&amp;person=1"' in last.text


def test_somebody_who_left_or_was_renamed_is_still_found(household: Household) -> None:
    write(household, "settings", member="Ben", details={"what": "before"})
    household.ben.post("/account/name", data={"name": "Benno"})
    household.anna.post("/household/members/2/remove")
    page = household.anna.get("/activity?person=2").text
    assert '<option value="2" selected>Benno</option>' in page
    assert "Ben changed the settings: before" in page


def test_the_last_lines_about_a_charger_stand_on_its_page(household: Household) -> None:
    for action in ("pause", "resume", "pause", "resume"):
        household.clock.advance(seconds=60)
        write(household, "command", member="Anna", charger_id="a", details={"action": action})
    write(household, "command", member="Anna", charger_id="b", details={"action": "pause"})
    with household.database.reading() as connection:
        found = lines.latest(connection, "a")
        assert [line.words for line in found] == [
            "Anna resumed charging",
            "Anna paused charging",
            "Anna resumed charging",
        ]
        assert found[0].at == household.clock.now()
        assert len(lines.latest(connection, "a", count=10)) == 4


def test_what_happened_outside_is_known_by_its_moment(household: Household) -> None:
    at = household.clock.now()
    write(household, "outside", charger_id="a", origin="outside", details={"action": "pause"})
    with household.database.reading() as connection:
        assert activity_log.was_outside(connection, "a", at)
        assert not activity_log.was_outside(connection, "b", at)
        assert not activity_log.was_outside(connection, "a", at + timedelta(seconds=1))
        assert not activity_log.was_outside(connection, "a", None)


def test_lines_older_than_a_year_are_forgotten(household: Household) -> None:
    write(household, "settings")
    household.clock.advance(seconds=365 * 86400)
    write(household, "settings")
    with household.database.writing() as connection:
        assert activity_log.forget_old(connection, household.clock.now()) == 0
    household.clock.advance(seconds=1)
    with household.database.writing() as connection:
        assert activity_log.forget_old(connection, household.clock.now()) == 1
        assert connection.execute(select(func.count()).select_from(activity_log.activity_log)).scalar() == 1


def test_what_did_not_happen_leaves_no_line(household: Household) -> None:
    class Changed(Exception):
        pass

    with pytest.raises(Changed), household.database.writing() as connection:
        activity_log.record(connection, at=household.clock.now(), kind="settings")
        raise Changed
    assert "Nothing has happened yet." in words_of(household.anna.get("/activity"))
