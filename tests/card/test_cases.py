"""What owners of these chargers met elsewhere, in the words of the page: sentence, button or reason, and what next.

Each file in `tests/samples/cases` names its source; what its readings mean is tested with the library.
"""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import NamedTuple

import pytest
from sqlalchemy import update
from werkzeug.test import TestResponse

from dashboard.charger import chargers
from dashboard.charger.tables import charger_table, snapshot_table
from simulator import SimulatedCharger
from tests.one_charger import SAMPLES, Household, act, alerts, card_of, in_words, next_of, page, sentence, since
from zaptec.charger import Charger, ChargerState
from zaptec.observation import Observation

pytestmark = pytest.mark.one_database


class Told(NamedTuple):
    """What the page says of a case.

    Attributes:
        act: the button, or the reason and the remedy in its place.
    """

    sentence: str
    act: str
    next: str
    alert: str = ""


WITHOUT_ZAPTEC = (
    "Pause and resume may have no effect while it runs without Zaptec "
    "An owner can end this “stand-alone mode” in Zaptec’s app."
)
EXPECTED = {
    "02-limit-0A-mode-5": Told(
        "Plugged in, waiting for power",
        "The current set for this charger is under 6 A, the least a car charges with "
        "An owner can raise the limit in Zaptec’s app or portal.",
        "Begins once the limit is raised.",
    ),
    "04-not-authorised-mode-5": Told(
        "Plugged in, waiting for permission",
        "Hold your card to the charger, or allow it in Zaptec’s app.",
        "Begins once somebody allows it.",
    ),
    "05-final-stop-in-mode-2": Told("Pausing…", "Pausing…", "You can close this page meanwhile."),
    "06-trickle-at-the-end": Told(
        "Charging, but hardly any power flows any more",
        "Pause charging",
        "Nothing planned: charges until the car is full.",
    ),
    "07-operator-authorises": Told(
        "Plugged in, waiting for permission",
        "The charger’s operator has not allowed this charge yet Use the operator’s card or app, not Zaptec’s.",
        "Begins once it is allowed.",
    ),
    "09-stand-alone-charging": Told(
        "Charging with 7.2 kW, set to run without Zaptec", WITHOUT_ZAPTEC, "Nothing planned."
    ),
    "31-unknown-warning-bit": Told(
        "Ready, but the car takes no power",
        "Pause charging",
        "Nothing planned: the car decides when it goes on.",
        "The charger reports a warning this page does not know.",
    ),
    "32b-too-hot-mode-3": Told(
        "Not charging: the charger is too hot",
        "Pause charging",
        "Goes on by itself when the charger has cooled down.",
        "The charger reports: too hot.",
    ),
}


def show(household: Household, charger: SimulatedCharger, case: str, **other_texts: str) -> TestResponse:
    """The charger's page as it is with the readings of a case; further readings as `_712="1"`."""
    told = json.loads((SAMPLES / "cases" / f"{case}.json").read_text(encoding="utf-8"))
    texts = {int(number): tuple(reading) for number, reading in told["state"].items()}
    texts |= {int(number.removeprefix("_")): (text, 600) for number, text in other_texts.items()}
    now = household.clock.now()
    state = ChargerState(
        {
            number: Observation(number, text, now - timedelta(seconds=age_s))
            for number, (text, age_s) in texts.items()
        }
    )
    listed = Charger.from_json({**told["charger"], "Id": charger.id})
    with household.database.writing() as connection:
        chargers.touch(connection, charger.id)
        connection.execute(update(charger_table).values(record=json.dumps(listed.to_record())))
        record = json.dumps(state.to_record())
        connection.execute(
            update(snapshot_table).values(state=record, fetched_at=now, failure=None, is_lively=True)
        )
    return household.ben.get(page(charger))


def test_every_case_with_readings_is_told() -> None:
    with_readings = {
        path.stem for path in (SAMPLES / "cases").glob("*.json") if "state" in json.loads(path.read_text())
    }
    assert EXPECTED.keys() | {"20-last-session-1970"} == with_readings  # that one is about the history


@pytest.mark.parametrize("case", EXPECTED)
def test_a_case_is_told_as_it_should_be(household: Household, charger: SimulatedCharger, case: str) -> None:
    answer = show(household, charger, case)
    told = Told(sentence(answer), in_words(act(answer)), next_of(answer), alerts(answer))
    assert told == EXPECTED[case]


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({"_711": "0"}, "Charging with 7.2 kW, though switched off in Zaptec’s portal"),
        ({"_711": "0", "_710": "1", "_513": "0"}, "Not charging: switched off in Zaptec’s portal"),
        ({"_711": "0", "_710": "5", "_513": "0", "_718": "1"}, "Not charging: switched off in Zaptec’s portal"),
        ({"_710": "1", "_513": "0"}, "Not charging, set to run without Zaptec"),
        ({"_710": "3", "_513": "0"}, "Not charging, set to run without Zaptec"),
        ({"_710": "3", "_513": "?"}, "Charging, set to run without Zaptec"),
        ({"_710": "9", "_702": "?"}, "Set to run without Zaptec"),
    ],
)
def test_a_charger_that_does_not_listen_says_whether_it_charges(
    household: Household, charger: SimulatedCharger, texts: dict[str, str], said: str
) -> None:
    answer = show(household, charger, "09-stand-alone-charging", **texts)
    assert sentence(answer) == said
    assert ('data-tone="flowing"' in answer.text) is said.startswith("Charging")


@pytest.mark.parametrize(
    ("case", "texts", "said"),
    [
        ("09-stand-alone-charging", {}, "without Zaptec since"),  # it charges since an hour, not since nine days
        ("09-stand-alone-charging", {"_711": "0"}, "switched off since"),
        ("09-stand-alone-charging", {"_711": "0", "_710": "1", "_513": "0"}, "since"),
        ("06-trickle-at-the-end", {}, "charging since"),  # the power has gone later
        ("32b-too-hot-mode-3", {}, "since"),
        ("32b-too-hot-mode-3", {"_804": "0", "_702": "-12"}, ""),  # since the charge began, not since the fault
    ],
)
def test_the_time_below_the_sentence_says_what_it_counts_from(
    household: Household, charger: SimulatedCharger, case: str, texts: dict[str, str], said: str
) -> None:
    told = since(show(household, charger, case, **texts))
    assert re.split(r" ?(?:yesterday|\d)", told)[0] == said


def test_on_its_own_it_may_be_tried_to_pause_quietly(household: Household, charger: SimulatedCharger) -> None:
    answer = show(household, charger, "09-stand-alone-charging")
    assert "Pause charging" not in in_words(act(answer))
    assert f'id="other-pause-{charger.id}"' in answer.text


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({"_804": "4096"}, "Not charging: the charger has found an earth fault"),
        ({"_804": "16"}, "Not charging: the charger reports a fault"),
        ({"_702": "-12"}, "Not charging: the charger reports a fault"),
        ({"_804": "4", "_513": "7200"}, "Charging with 7.2 kW"),
    ],
)
def test_a_fault_is_named_before_the_car_is_blamed(
    household: Household, charger: SimulatedCharger, texts: dict[str, str], said: str
) -> None:
    texts = {"_804": "0"} | texts
    answer = show(household, charger, "32b-too-hot-mode-3", **texts)
    assert sentence(answer) == said
    assert "the car decides" not in next_of(answer)


def test_below_the_button_a_limit_says_what_helps(household: Household, charger: SimulatedCharger) -> None:
    answer = show(household, charger, "02-limit-0A-mode-5", _710="2")
    assert in_words(act(answer)).startswith("Pause charging")
    assert next_of(answer) == "Begins when somebody raises the charger’s limit, in Zaptec’s app or portal."


@pytest.mark.parametrize("mode", ["3", "5"], ids=["a button stands there", "the reason stands there"])
@pytest.mark.parametrize(
    ("bit", "remedy"),
    [("4096", "Unplug the car"), ("16", "Look at the charger and its cable"), ("4", "cooled down")],
)
def test_what_helps_against_a_fault_is_said_once(
    household: Household, charger: SimulatedCharger, mode: str, bit: str, remedy: str
) -> None:
    answer = show(household, charger, "32b-too-hot-mode-3", _804=bit, _710=mode)
    assert ("<button" in act(answer)) is (mode == "3")
    assert f"{in_words(act(answer))} {next_of(answer)}".count(remedy) == 1


def test_an_alert_does_not_deny_the_sentence(household: Household, charger: SimulatedCharger) -> None:
    answer = show(household, charger, "32b-too-hot-mode-3", _513="7200")
    assert (sentence(answer), alerts(answer)) == ("Charging with 7.2 kW", "The charger reports: too hot.")


def test_a_stuck_relay_says_stop_once(household: Household, charger: SimulatedCharger) -> None:
    answer = show(household, charger, "32b-too-hot-mode-3", _804=str(1 << 49))
    assert alerts(answer) == "The charger reports a dangerous fault: relay stuck. Stop using it."


def test_below_a_dangerous_fault_no_full_car_is_promised(household: Household, charger: SimulatedCharger) -> None:
    answer = show(household, charger, "32b-too-hot-mode-3", _804=str(1 << 21), _513="7200")
    assert "Stop using it" in alerts(answer)
    assert next_of(answer) == "Nothing planned."


def test_below_a_dangerous_fault_power_that_flows_can_be_stopped_and_nothing_else_begun(
    household: Household, charger: SimulatedCharger
) -> None:
    show(household, charger, "32b-too-hot-mode-3", _804=str(1 << 21), _513="7200")
    for answer in (household.ben.get(page(charger)), household.ben.get(page(charger, "pause"))):
        assert since(answer) == "Dangerous fault: stop using it."
        assert "Pause charging" in in_words(act(answer))
    assert "<button" not in act(household.ben.get(page(charger, "resume")))
    household.ben.post(page(charger, "pause"))
    assert charger.commands == [506]


def test_a_device_nobody_knows_is_shown_without_buttons(household: Household, charger: SimulatedCharger) -> None:
    show(household, charger, "06-trickle-at-the-end")
    with household.database.writing() as connection:
        listed = Charger.from_json({"Id": charger.id, "Name": "New", "DeviceType": 99, "CurrentUserRoles": 3})
        chargers.touch(connection, charger.id)
        connection.execute(update(charger_table).values(record=json.dumps(listed.to_record())))
    answer = household.anna.get(page(charger))
    assert sentence(answer) == "Charging, but hardly any power flows any more"
    assert "Zaptec lists a kind of device that this page does not know" in in_words(act(answer))
    assert "<button" not in card_of(answer)


def test_a_schedule_that_lets_go_tomorrow_says_so(household: Household, charger: SimulatedCharger) -> None:
    schedule = {"_710": "5", "_513": "0", "_763": "2026-11-21T05:37:00Z"}
    answer = show(household, charger, "06-trickle-at-the-end", **schedule)
    assert sentence(answer) == "Zaptec’s own schedule starts it tomorrow 06:37"
    assert next_of(answer) == "Nothing else planned."  # the sentence has said when it begins
