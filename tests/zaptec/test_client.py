"""The client against the simulated cloud in good weather: what it asks and what it commands."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from simulator import Cloud, ManualClock, RealClock, serve
from zaptec.charger import AccountRole
from zaptec.client import ZaptecClient
from zaptec.errors import (
    CommandRefused,
    NoAccess,
    UnknownCharger,
)
from zaptec.sessions import CompletedSession
from zaptec.state import OperationMode

HOME = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
NOBODY = "99999999-2222-4333-8444-555555555555"
EVER = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))


def finish_a_session(cloud, hours=2):
    cloud.charger.plug_in_and_charge(level=0.1)
    cloud.clock.advance(hours * 3600)
    cloud.charger.unplug()
    cloud.clock.advance(60)


# What is asked.


def test_the_chargers_of_a_household_are_listed_without_its_meter_reader(client, cloud):
    assert [each.name for each in client.chargers()] == ["Carport", "Guest place"]
    assert client.chargers()[0].roles == AccountRole.USER | AccountRole.OWNER


def test_a_charger_seen_as_a_mere_user_is_listed_and_its_state_is_not_told(client, cloud):
    cloud.take_role_away()
    assert client.chargers()[0].roles == AccountRole.USER
    with pytest.raises(NoAccess):
        client.charger_state(cloud.charger.id)


def test_the_state_is_read(client, cloud):
    cloud.charger.plug_in_and_charge()
    cloud.clock.advance(60)
    state = client.charger_state(cloud.charger.id)
    assert state.mode is OperationMode.CONNECTED_CHARGING
    assert state.power_w > 1000


def test_the_installation_tells_its_time_zone(client, cloud):
    assert client.installation(HOME).time_zone == "Europe/Oslo"


def test_firmware_is_told_to_the_owner_and_denied_to_a_user(client, cloud):
    first, _ = client.firmware(HOME)
    assert (first.charger_id, first.is_up_to_date is not None) == (cloud.charger.id, True)
    assert first.current_version
    cloud.take_role_away()
    with pytest.raises(NoAccess):
        client.firmware(HOME)


def test_both_histories_tell_the_same(client, cloud):
    finish_a_session(cloud)
    [new] = client.completed_sessions(*EVER, charger_id=cloud.charger.id)
    [old] = client.charge_history(*EVER, charger_id=cloud.charger.id)
    assert (new.id, new.start, new.end, new.intervals) == (old.id, old.start, old.end, old.intervals)
    assert new.energy_kwh == old.energy_kwh > Decimal(1)
    assert abs(sum(energy for _, energy in new.intervals) - new.energy_kwh) <= Decimal("0.01")


def test_every_page_of_both_histories_is_read(client, cloud):
    for _ in range(101):
        finish_a_session(cloud, hours=0.1)
    sessions = list(client.completed_sessions(*EVER, charger_id=cloud.charger.id))
    assert len(sessions) == 101
    assert [each.end for each in sessions] == sorted(each.end for each in sessions)
    assert {each.id for each in client.charge_history(*EVER, charger_id=cloud.charger.id)} == {
        each.id for each in sessions
    }
    assert (cloud.asked("sessions"), cloud.asked("chargehistory")) == (2, 2)


def test_history_can_be_asked_for_a_whole_installation(client, cloud):
    finish_a_session(cloud)
    assert len(list(client.completed_sessions(*EVER, installation_id=HOME))) == 1
    assert (
        list(client.completed_sessions(EVER[0], cloud.clock.now() - timedelta(days=1), installation_id=HOME)) == []
    )


@pytest.mark.parametrize("whose", [{}, {"charger_id": "a", "installation_id": "b"}])
def test_history_needs_exactly_one_owner(client, whose):
    with pytest.raises(ValueError, match="either"):
        list(client.completed_sessions(*EVER, **whose))


def test_a_user_may_not_see_the_new_history(client, cloud):
    cloud.take_role_away()
    with pytest.raises(NoAccess):
        next(client.completed_sessions(*EVER, charger_id=cloud.charger.id))


def test_the_charger_s_last_session_is_the_one_in_the_history(client, cloud):
    finish_a_session(cloud)
    text = client.charger_state(cloud.charger.id).last_session_text
    told = CompletedSession.from_observation(text, cloud.charger.id)
    [kept] = client.completed_sessions(*EVER, charger_id=cloud.charger.id)
    assert (told.id, told.energy_kwh, told.ocmf_text) == (kept.id, kept.energy_kwh, kept.ocmf_text)


def test_a_charger_nobody_knows(client):
    with pytest.raises(UnknownCharger):
        client.charger_state(NOBODY)


def test_a_forgotten_charger_is_unknown(client, cloud):
    charger_id = cloud.charger.id
    cloud.forget_charger(charger_id)
    with pytest.raises(UnknownCharger):
        client.pause(charger_id)


# Commands.


def test_a_pause_and_a_resume_reach_the_charger(client, cloud):
    cloud.charger.plug_in_and_charge()
    cloud.clock.advance(60)
    client.pause(cloud.charger.id)
    cloud.clock.advance(20)
    assert client.charger_state(cloud.charger.id).is_paused
    client.resume(cloud.charger.id)
    cloud.clock.advance(60)
    assert client.charger_state(cloud.charger.id).mode is OperationMode.CONNECTED_CHARGING
    assert cloud.charger.commands == [506, 507]


def test_a_refused_command_says_why(client, cloud):
    with pytest.raises(CommandRefused) as refusal:
        client.resume(cloud.charger.id)
    assert refusal.value.code == 528
    assert refusal.value.details == "Charging is not Paused nor Scheduled; Resume command cannot be sent"
    assert refusal.value.details not in str(refusal.value)
    assert cloud.asked("command") == 1


def test_deauthorizing_works_although_zaptec_answers_500(client, cloud):
    cloud.charger.plug_in_and_charge()
    client.deauthorize_and_stop(cloud.charger.id)
    assert cloud.charger.commands == [10001]
    assert [each.status for each in cloud.requests] == [500]


def test_a_restart_is_sent(client, cloud):
    client.restart(cloud.charger.id)
    assert cloud.charger.commands == [102]


def test_a_command_to_an_offline_charger_is_refused(client, cloud):
    cloud.charger.plug_in_and_charge()
    cloud.charger.go_offline()
    cloud.clock.advance(3600)
    for command in ("pause", "resume", "deauthorize_and_stop", "restart"):
        with pytest.raises(CommandRefused) as refusal:
            getattr(client, command)(cloud.charger.id)
        assert refusal.value.code == 520


@pytest.mark.parametrize("command", ["pause", "resume", "deauthorize_and_stop", "restart"])
def test_a_user_may_not_command(client, cloud, command):
    cloud.take_role_away()
    with pytest.raises(NoAccess):
        getattr(client, command)(cloud.charger.id)
    assert cloud.charger.commands == []


def test_the_skew_of_our_clock_is_known_after_the_first_answer(session):
    cloud = Cloud.household(clock=RealClock())
    cloud.skew_clock(-120)
    with serve(cloud) as url:
        client = ZaptecClient.with_password(cloud.username, cloud.password, api_url=url, session=session)
        assert client.clock_skew_s is None
        client.chargers()
        assert client.clock_skew_s == pytest.approx(120, abs=2)


def test_the_clock_that_is_compared_with_zaptecs_may_be_any(session):
    cloud = Cloud.household(clock=ManualClock())
    with serve(cloud) as url:
        client = ZaptecClient.with_password(
            cloud.username, cloud.password, api_url=url, session=session, now=cloud.clock.now
        )
        client.chargers()
        assert abs(client.clock_skew_s or 0) < 1
