"""What a situation allows, forbids and rests on."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.zaptec.readings import (
    CHARGING,
    DEAUTHORIZE,
    FINISHED,
    GO,
    NOW,
    PAUSE,
    PAUSED,
    PRO,
    READY,
    REQUESTING,
    RESUME,
    SCHEDULE,
    find,
    state,
    under_way,
    without,
)
from zaptec.charger import AccountRole, Charger, ChargerState, Family, OperationMode
from zaptec.commands import Action
from zaptec.situation import Reason, Refusal, Remedy, SituationName, situation

# No access, no data


def test_a_mere_user_has_no_access_and_still_sees_what_the_list_says():
    user = Charger.from_json(
        {"Id": "a", "DeviceType": 4, "CurrentUserRoles": 1, "OperatingMode": 3, "IsOnline": True}
    )
    found = situation(user, None, NOW)
    assert found.name is SituationName.NO_ACCESS
    assert found.why_not == Refusal(Reason.NO_ACCESS, Remedy.ASK_OWNER)
    assert [(reading.id, reading.text, reading.at) for reading in found.evidence] == [
        (-2, "1", None),
        (710, "3", None),
    ]
    assert set(found.refusals) == set(Action)


def test_what_was_read_before_the_role_was_lost_is_not_used():
    found = situation(replace(GO, roles=AccountRole.USER), state(PAUSED | {804: "262144"}), NOW)
    assert (found.name, found.evidence, found.warnings) == (SituationName.NO_ACCESS, (), ())


def test_zaptecs_refusal_counts_more_than_the_roles_in_the_list():
    found = situation(replace(GO, is_online=True), state(CHARGING), NOW, is_forbidden=True)
    assert (found.name, found.evidence[0].text) == (SituationName.NO_ACCESS, "1")
    assert set(found.refusals) == set(Action)


@pytest.mark.parametrize(
    "roles", [None, AccountRole.OWNER, AccountRole.SERVICE, AccountRole.USER | AccountRole.OWNER]
)
def test_owners_service_and_unnamed_roles_have_access(roles):
    assert situation(replace(GO, roles=roles), state(CHARGING), NOW).name is SituationName.CHARGING


@pytest.mark.parametrize("observations", [None, ChargerState({})])
def test_before_the_first_reading_there_is_no_data(observations):
    listed = replace(GO, is_online=True, operation_mode=OperationMode.CONNECTED_FINISHED)
    found = situation(listed, observations, NOW)
    assert found.name is SituationName.NO_DATA
    assert found.why_not == Refusal(Reason.NO_DATA, Remedy.WAIT)
    assert [reading.text for reading in found.evidence] == ["1", "5"]
    assert set(found.refusals) == set(Action)
    assert found.since is None


# Missing values


@pytest.mark.parametrize(
    ("texts", "listed", "name"),
    [
        (without(CHARGING, 711), {}, SituationName.CHARGING),
        (without(CHARGING, 712), {}, SituationName.CHARGING),
        (without(CHARGING, 718), {}, SituationName.CHARGING),
        (without(FINISHED, 718), {}, SituationName.FINISHED),
        (FINISHED | {763: None}, {}, SituationName.FINISHED),
        (FINISHED | {763: " "}, {}, SituationName.FINISHED),
        (without(CHARGING, -2), {"is_online": True}, SituationName.CHARGING),
        (without(CHARGING, -2), {"is_online": False}, SituationName.OFFLINE),
        (without(CHARGING, -2), {"is_online": None}, SituationName.CHARGING),
        (CHARGING, {"is_online": False}, SituationName.CHARGING),
        (without(REQUESTING, 120), {"is_authorisation_required": True}, SituationName.WAITING_AUTHORISATION),
        (without(REQUESTING, 120), {"is_authorisation_required": None}, SituationName.WAITING_CAR),
        (REQUESTING, {"is_authorisation_required": True}, SituationName.WAITING_CAR),
        (without(REQUESTING, 708, 510), {}, SituationName.WAITING_CAR),
        (without(CHARGING, 710), {"operation_mode": OperationMode.CONNECTED_CHARGING}, SituationName.UNKNOWN),
    ],
)
def test_a_missing_value_is_taken_as_unremarkable_or_from_the_list(texts, listed, name):
    assert situation(replace(GO, **listed), state(texts), NOW).name is name


def test_where_the_list_stands_in_the_evidence_has_no_time():
    found = situation(replace(GO, is_online=False), state(without(CHARGING, -2)), NOW)
    assert (found.evidence[0].id, found.evidence[0].text, found.evidence[0].at) == (-2, "0", None)
    assert found.since is None


# Firmware


@pytest.mark.parametrize("firmware", ["3.2", "3.2.0.0", "3.1.9", "2.0.4.6", "3"])
def test_an_old_pro_can_neither_pause_nor_resume(firmware):
    charging = find(CHARGING | {911: firmware}, PRO)
    assert charging.name is SituationName.CHARGING
    assert charging.why_not == Refusal(Reason.FIRMWARE_TOO_OLD, Remedy.UPDATE_FIRMWARE)
    paused = find(PAUSED | {911: firmware}, PRO)
    assert paused.why_not.reason is Reason.FIRMWARE_TOO_OLD
    assert paused.refusals[PAUSE].reason is Reason.ALREADY_PAUSED
    assert paused.allows(DEAUTHORIZE)


@pytest.mark.parametrize(
    ("charger", "firmware"),
    [(PRO, "3.2.1"), (PRO, "3.10"), (PRO, "4.0.0.1"), (PRO, "beta"), (PRO, None), (GO, "2.0")],
)
def test_a_newer_pro_and_any_go_can_pause(charger, firmware):
    assert find(CHARGING | {911: firmware}, charger).main_action is PAUSE


# What else is so


def test_a_charger_on_its_own_offers_quietly_what_may_have_no_effect():
    found = find(CHARGING | {712: "1"})
    assert (found.main_action, found.why_not) == (None, Refusal(Reason.STAND_ALONE, Remedy.LEAVE_STAND_ALONE))
    assert found.allows(PAUSE) and found.allows(DEAUTHORIZE)


@pytest.mark.parametrize("number", [711, 712])
@pytest.mark.parametrize(
    ("texts", "besides", "is_flowing"),
    [(CHARGING, SituationName.CHARGING, True), (PAUSED, SituationName.PAUSED, False)],
)
def test_disabled_and_stand_alone_say_what_the_charger_does_besides(number, texts, besides, is_flowing):
    found = find(texts | {number: "0" if number == 711 else "1"})
    assert (found.besides, found.is_power_flowing) == (besides, is_flowing)
    assert find(texts).besides is None


@pytest.mark.parametrize(
    ("texts", "is_flowing", "has_charged"),
    [
        (CHARGING, True, False),
        (CHARGING | {513: "9.7", 553: "0.0"}, False, False),
        (CHARGING | {513: "9.7", 553: "14.2"}, False, True),
        (without(CHARGING, 513), None, False),
        (FINISHED | {553: "14.2"}, False, True),
    ],
)
def test_no_power_yet_is_told_from_hardly_any_power_any_more(texts, is_flowing, has_charged):
    found = find(texts)
    assert (found.is_power_flowing, found.has_charged) == (is_flowing, has_charged)


# Evidence


@pytest.mark.parametrize(
    ("texts", "decided_by"),
    [
        (CHARGING | {-2: "0"}, -2),
        (CHARGING | {711: "0"}, 711),
        (CHARGING | {712: "1"}, 712),
        (CHARGING, 710),
        (CHARGING | {718: "1"}, 718),
        (PAUSED, 718),
        (FINISHED | SCHEDULE, 710),
        (REQUESTING | {708: "0"}, 710),
        (READY | {710: "6"}, 710),
    ],
)
def test_the_deciding_reading_comes_first_and_says_since_when(texts, decided_by):
    at = NOW - timedelta(minutes=17)
    found = find(texts, at={decided_by: at})
    assert found.evidence[0].id == decided_by
    assert found.evidence[0].text == texts[decided_by]
    assert found.since == at


def test_without_a_timestamp_nobody_knows_since_when():
    found = situation(GO, ChargerState.from_json([{"StateId": 710, "ValueAsString": "1"}]), NOW)
    assert (found.name, found.since) == (SituationName.DISCONNECTED, None)


# Refusals


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_remedy(reason):
    assert Refusal.because(reason).remedy in Remedy


def test_a_refusal_tells_what_is_so_already_from_what_is_pointless():
    assert find(PAUSED).refusals[PAUSE].is_already_so
    assert find(CHARGING).refusals[RESUME].is_already_so
    assert find(READY | {710: "1"}).refusals[PAUSE].is_pointless
    assert find(FINISHED).refusals[RESUME].is_pointless
    offline = find(PAUSED | {-2: "0"}).refusals[RESUME]
    assert (offline.is_already_so, offline.is_pointless) == (False, False)


TEXTS = st.sampled_from(["0", "1", "2", "3", "5", "6", "9", "12", "128", "2.0", ""]) | st.none() | st.text()
READINGS = st.dictionaries(
    st.sampled_from([-2, -1, 100, 120, 147, 513, 553, 702, 708, 710, 711, 712, 718, 721, 722, 763, 804, 911]),
    TEXTS,
)


@given(
    READINGS,
    READINGS,
    st.none() | st.sampled_from(Action),
    st.sampled_from(Family),
    st.none() | st.sampled_from([AccountRole.USER, AccountRole.OWNER]),
)
def test_whatever_the_readings_there_is_a_button_or_a_reason(texts, before, action, family, roles):
    command = under_way(action, before) if action else None
    found = situation(replace(GO, family=family, roles=roles), state(texts), NOW, command)
    assert (found.main_action is None) != (found.why_not is None)
    assert found.main_action is None or found.allows(found.main_action)
    assert not (found.is_unsafe and found.allows(RESUME))
