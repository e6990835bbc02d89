"""What a situation is, and allows, while a command is under way; and when a car can be deauthorized."""

import pytest

from tests.zaptec.readings import (
    CHARGING,
    DEAUTHORIZE,
    FINISHED,
    NOW,
    PAUSE,
    PAUSED,
    READY,
    REQUESTING,
    RESTART,
    RESUME,
    SCHEDULE,
    find,
    under_way,
)
from zaptec.commands import Action
from zaptec.situation import Reason, Refusal, Remedy, SituationName


@pytest.mark.parametrize(
    ("action", "before", "after", "name"),
    [
        (PAUSE, CHARGING, CHARGING, SituationName.PAUSING),
        (PAUSE, CHARGING, CHARGING | {718: "1"}, SituationName.PAUSING),
        (PAUSE, REQUESTING, REQUESTING, SituationName.PAUSING),
        (PAUSE, FINISHED, FINISHED, SituationName.PAUSING),
        (RESUME, PAUSED, PAUSED, SituationName.RESUMING),
        (RESUME, PAUSED, PAUSED | {718: "0"}, SituationName.RESUMING),
        (RESUME, FINISHED | SCHEDULE, FINISHED | SCHEDULE, SituationName.RESUMING),
        (RESUME, REQUESTING | SCHEDULE, REQUESTING | SCHEDULE, SituationName.RESUMING),
    ],
)
def test_our_pause_and_resume_show_until_the_charger_has_done_them(action, before, after, name):
    command = under_way(action, before)
    found = find(after, command=command)
    assert (found.name, found.since) == (name, command.asked_at)
    assert found.why_not == Refusal(Reason.COMMAND_UNDER_WAY, Remedy.WAIT)
    assert {refusal.reason for refusal in found.refusals.values()} == {Reason.COMMAND_UNDER_WAY}
    assert set(found.refusals) == set(Action)


@pytest.mark.parametrize(
    ("action", "before", "after", "name"),
    [
        (PAUSE, CHARGING, PAUSED, SituationName.PAUSED),
        (RESUME, PAUSED, CHARGING, SituationName.CHARGING),
        (RESUME, PAUSED, REQUESTING, SituationName.WAITING_CAR),
        (DEAUTHORIZE, CHARGING, REQUESTING, SituationName.WAITING_CAR),
    ],
)
def test_a_command_that_is_done_is_in_nobodys_way(action, before, after, name):
    found = find(after, at=dict.fromkeys(after, NOW), command=under_way(action, before))
    assert found.name is name
    assert found.main_action is not None


@pytest.mark.parametrize(
    ("texts", "name"),
    [
        (CHARGING | {-2: "0"}, SituationName.OFFLINE),
        (CHARGING | {711: "0"}, SituationName.DISABLED),
        (CHARGING | {712: "1"}, SituationName.STAND_ALONE),
        (READY | {710: "1"}, SituationName.DISCONNECTED),
        (READY | {710: "6"}, SituationName.UNKNOWN),
    ],
)
def test_a_command_under_way_does_not_hide_what_makes_it_pointless(texts, name):
    assert find(texts, command=under_way(PAUSE, CHARGING)).name is name


@pytest.mark.parametrize("action", [DEAUTHORIZE, RESTART])
def test_while_another_command_is_under_way_nothing_else_can_be_asked_for(action):
    found = find(PAUSED, command=under_way(action, PAUSED))
    assert found.name is SituationName.PAUSED
    assert found.why_not == Refusal(Reason.COMMAND_UNDER_WAY, Remedy.WAIT)
    assert set(found.refusals) == set(Action)


# Deauthorize and restart


@pytest.mark.parametrize(
    ("texts", "reason"),
    [
        (REQUESTING, None),
        (CHARGING, None),
        (FINISHED, None),
        (PAUSED, None),
        (CHARGING | {711: "0"}, None),
        (READY | {710: "1"}, Reason.NOT_PLUGGED_IN),
        (READY | {710: "6"}, Reason.UNKNOWN_MODE),
        (CHARGING | {712: "1"}, None),
        (READY | {710: "6", 702: "9"}, None),
        (CHARGING | {-2: "0"}, Reason.OFFLINE),
    ],
)
def test_deauthorizing_needs_a_car(texts, reason):
    refusal = find(texts).refusals.get(DEAUTHORIZE)
    assert (refusal and refusal.reason) is reason


def test_nothing_reaches_a_charger_that_is_offline():
    found = find(CHARGING | {-2: "0"})
    assert {action: refusal.reason for action, refusal in found.refusals.items()} == dict.fromkeys(
        Action, Reason.OFFLINE
    )


def test_an_offline_charger_was_last_known_to_do_something():
    assert find(CHARGING | {-2: "0"}).last_known is SituationName.CHARGING
    assert find(CHARGING).last_known is None
