"""Every raw reading: on a page, as text, JSON and CSV; private values only on the owners' page."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from flask.testing import FlaskClient

from simulator import SimulatedCharger
from tests.one_charger import SAMPLES, Household, page, sample, situation_of, words_of

pytestmark = pytest.mark.one_database

# §17 of the notes on the API names the situation of each recording.
RECORDED = {
    "idle": "disconnected",
    "requesting": "waiting_power",
    "charging": "charging",
    "starting": "waiting_car",
    "paused": "paused",
    "finished": "finished",
    "offline": "offline",
    "waiting-authorisation": "waiting_authorisation",
    "scheduled": "scheduled",
}
each_recording = pytest.mark.parametrize("name", RECORDED)


def show(household: Household, charger: SimulatedCharger, name: str) -> list[dict[str, object]]:
    """Let the charger answer a recording, and the dashboard read it."""
    entries: list[dict[str, object]] = sample(f"state-go-{name}.json")
    charger.serve_recording(entries)
    household.clock.advance(seconds=61)
    household.anna.get(page(charger))
    return entries


def file_of(browser: FlaskClient, charger: SimulatedCharger, kind: str) -> str:
    answer = browser.get(page(charger, f"observations.{kind}"))
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def report(household: Household, charger: SimulatedCharger, values: dict[int, str | None]) -> None:
    for number, text in values.items():
        charger.set_value(number, text)
    household.clock.advance(seconds=61)
    household.anna.get(page(charger))


def lines_of(household: Household, charger: SimulatedCharger) -> dict[int, str]:
    lines = file_of(household.anna, charger, "txt").removesuffix("\n").split("\n")
    return {int(line.split(" = ")[0].removesuffix(" =")): line for line in lines}


def test_every_recording_is_tried() -> None:
    assert {path.stem.removeprefix("state-go-") for path in SAMPLES.glob("state-go-*.json")} == set(RECORDED)


@each_recording
def test_a_recorded_state_gives_its_situation(household: Household, charger: SimulatedCharger, name: str) -> None:
    show(household, charger, name)
    for address in (page(charger), "/", "/pause"):
        assert situation_of(household.carla.get(address)) == RECORDED[name]


@each_recording
def test_the_page_names_every_id_of_a_recording(household: Household, charger: SimulatedCharger, name: str) -> None:
    entries = show(household, charger, name)
    for browser in (household.anna, household.carla):
        listed = browser.get(page(charger, "observations")).text
        cells = re.findall(r'<tr><td>(-?\d+)</td><th scope="row">([^<]*)</th>', listed)
        assert {int(number) for number, _name in cells} == {one["StateId"] for one in entries}
        assert all(name for _number, name in cells)


@each_recording
def test_the_text_file_has_one_line_per_id(household: Household, charger: SimulatedCharger, name: str) -> None:
    entries = show(household, charger, name)
    text = file_of(household.carla, charger, "txt")
    assert text.endswith("\n")
    lines = text.removesuffix("\n").split("\n")
    assert len(lines) == len({one["StateId"] for one in entries})
    for line in lines:
        assert re.fullmatch(r"-?\d+ =( .+)?", line), line
    raw = {one["StateId"]: one.get("ValueAsString") for one in entries}
    assert f"710 = {raw[710]}" in lines
    assert f"513 = {raw[513]}" in lines


def test_a_line_break_inside_a_value_becomes_a_space(household: Household, charger: SimulatedCharger) -> None:
    report(household, charger, {807: "a\nb\r\nc\rd\u2028e\u0085f\x0bg"})
    assert lines_of(household, charger)[807] == "807 = a b c d e f g"


def test_a_value_that_was_cleared_has_nothing_after_the_equals_sign(
    household: Household, charger: SimulatedCharger
) -> None:
    report(household, charger, {763: None, 807: ""})
    lines = lines_of(household, charger)
    assert (lines[763], lines[807]) == ("763 =", "807 =")
    known = {
        one["id"]: one["value"] for one in json.loads(file_of(household.anna, charger, "json"))["observations"]
    }
    assert known[763] is None


def test_ids_nobody_knows_and_ids_sent_twice_are_listed_once(
    household: Household, charger: SimulatedCharger
) -> None:
    charger.double_value(807, "the first, older")
    report(household, charger, {99_999: "what is this?"})
    assert lines_of(household, charger)[99_999] == "99999 = (private)"  # nobody knows what it may hold
    assert "what is this?" in household.anna.get(page(charger, "observations")).text
    assert file_of(household.anna, charger, "txt").count("\n807 = ") == 1


@pytest.mark.parametrize("kind", ["txt", "json", "csv"])
def test_files_hold_no_private_value_for_anybody(
    household: Household, charger: SimulatedCharger, kind: str
) -> None:
    charger.require_authorisation()
    charger.authorise("nfc-PRIVATE1")
    report(
        household, charger, {554: 'OCMF|{"IS":"PRIVATE2"}|{}', 723: '{"SessionId":"x","SignedSession":"PRIVATE3"}'}
    )
    for browser in (household.anna, household.ben, household.carla):
        text = file_of(browser, charger, kind)
        assert "(private)" in text
        assert "PRIVATE" not in text
        assert "OCMF|" not in text


def test_on_the_page_owners_see_private_values_and_others_do_not(
    household: Household, charger: SimulatedCharger
) -> None:
    charger.require_authorisation()
    charger.authorise("nfc-PRIVATE1")
    report(household, charger, {554: 'OCMF|{"IS":"PRIVATE2"}|{}'})
    for address in (page(charger, "observations"), page(charger)):
        for browser in (household.ben, household.carla):
            assert "PRIVATE" not in browser.get(address).text
    owners = household.anna.get(page(charger, "observations")).text
    assert "PRIVATE1" in owners
    assert "PRIVATE2" in owners


def test_evidence_that_is_private_is_told_without_its_text(household: Household, charger: SimulatedCharger) -> None:
    """Waiting for permission rests on 722, whose text is a card's number."""
    show(household, charger, "waiting-authorisation")
    for browser in (household.anna, household.carla):
        assert "Nobody has given permission.</li>" in browser.get(page(charger)).text  # and not: 43 min ago


def test_the_json_says_what_is_known_of_each(household: Household, charger: SimulatedCharger) -> None:
    body = json.loads(file_of(household.anna, charger, "json"))
    assert body["charger"] == charger.id
    assert body["fetched_at"] == "2026-11-20T17:01:00+00:00"
    mode = next(one for one in body["observations"] if one["id"] == 710)
    assert mode["name"] == "ChargerOperationMode"
    assert mode["value"] == "3"
    assert mode["changed_at"].startswith("2026-11-20T17:00:00")
    power = next(one for one in body["observations"] if one["id"] == 513)
    assert power["unit"] == "W"


@pytest.mark.parametrize("text", ["=1+1", "+49 1", "-cmd|' /C calc'!A0", "@SUM(A1)"])
def test_the_csv_holds_no_formula(household: Household, charger: SimulatedCharger, text: str) -> None:
    report(household, charger, {807: text, 809: "-58.0"})
    answer = household.anna.get(page(charger, "observations.csv"))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="observations-555555.csv"'
    assert answer.mimetype == "text/csv"
    table = {row["id"]: row for row in csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))}
    assert table["807"]["value"] == f"'{text}"
    assert table["809"]["value"] == "-58.0"  # a number stays one


@pytest.mark.parametrize("address", ["observations", "observations.txt", "observations.json", "observations.csv"])
def test_before_the_first_answer_there_is_an_empty_list(household: Household, address: str) -> None:
    assert household.stranger.get(f"/chargers/x/{address}").location.startswith("/login?next=")
    assert household.anna.get(f"/chargers/x/{address}").status_code == 404


def test_the_page_says_how_old_each_value_is(household: Household, charger: SimulatedCharger) -> None:
    charger.set_value(807, "new")
    household.clock.advance(seconds=3 * 86400)
    household.anna.get(page(charger))
    row = words_of(household.anna.get(page(charger, "observations"))).split(" 807 ")[1].split(" 808 ")[0]
    assert "new" in row
    assert row.endswith("3 days")
