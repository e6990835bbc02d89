"""What owners of these chargers met elsewhere: the readings of each case, and what they mean.

Each file in `tests/samples/cases` names its source, the readings with their age in seconds, and what people should
be told.
"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from zaptec.charger import Charger, ChargerState
from zaptec.commands import Action
from zaptec.observation import Observation
from zaptec.situation import Reason, Remedy, SituationName, situation

CASES = Path(__file__).parent.parent / "samples" / "cases"
NOW = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)


def situation_of(case):
    told = json.loads((CASES / f"{case}.json").read_text())
    readings = {
        int(number): Observation(int(number), text, NOW - timedelta(seconds=age_s))
        for number, (text, age_s) in told["state"].items()
    }
    return situation(Charger.from_json(told["charger"]), ChargerState(readings), NOW)


def test_every_case_with_readings_is_tested():
    with_readings = {path.stem for path in CASES.glob("*.json") if "state" in json.loads(path.read_text())}
    assert {each[0] for each in EXPECTED} | {"20-last-session-1970"} == with_readings


# Case, situation, main action, what stands in the button's place or forbids to resume, remedy.
EXPECTED = [
    ("02-limit-0A-mode-5", SituationName.WAITING_POWER, None, Reason.LIMIT_TOO_LOW, Remedy.RAISE_LIMIT),
    (
        "04-not-authorised-mode-5",
        SituationName.WAITING_AUTHORISATION,
        None,
        Reason.WAITING_AUTHORISATION,
        Remedy.AUTHORISE,
    ),
    ("05-final-stop-in-mode-2", SituationName.PAUSING, None, Reason.PAUSE_TAKING_EFFECT, Remedy.WAIT),
    ("06-trickle-at-the-end", SituationName.CHARGING, Action.PAUSE, Reason.ALREADY_CHARGING, Remedy.NOTHING_NEEDED),
    (
        "07-operator-authorises",
        SituationName.WAITING_AUTHORISATION,
        None,
        Reason.WAITING_OPERATOR,
        Remedy.ASK_OPERATOR,
    ),
    ("09-stand-alone-charging", SituationName.STAND_ALONE, None, Reason.STAND_ALONE, Remedy.LEAVE_STAND_ALONE),
    ("31-unknown-warning-bit", SituationName.NOT_DRAWING, Action.PAUSE, Reason.CAR_NOT_DRAWING, Remedy.CHECK_CAR),
    ("32b-too-hot-mode-3", SituationName.NOT_DRAWING, Action.PAUSE, Reason.TOO_HOT, Remedy.LET_COOL),
]


@pytest.mark.parametrize(("case", "name", "main", "reason", "remedy"), EXPECTED)
def test_the_readings_mean_what_the_case_expects(case, name, main, reason, remedy):
    found = situation_of(case)
    refusal = found.why_not or found.refusals[Action.RESUME]
    assert (found.name, found.main_action) == (name, main)
    assert (refusal.reason, refusal.remedy) == (reason, remedy)


def test_a_trickle_after_a_long_charge_is_no_beginning():
    found = situation_of("06-trickle-at-the-end")
    assert (found.is_power_flowing, found.has_charged) == (False, True)


def test_a_charger_on_its_own_says_that_it_charges_and_can_be_asked_to_pause():
    found = situation_of("09-stand-alone-charging")
    assert (found.besides, found.is_power_flowing) == (SituationName.CHARGING, True)
    assert found.allows(Action.PAUSE)


def test_a_warning_nobody_knows_is_told_apart_from_those_worth_an_alert():
    found = situation_of("31-unknown-warning-bit")
    assert (found.warnings, found.unknown_warnings) == ((), (33,))


def test_heat_is_why_no_power_flows():
    found = situation_of("32b-too-hot-mode-3")
    assert (found.fault, found.evidence[0].id) == (Reason.TOO_HOT, 804)
