"""The client in bad weather: what it makes of it, and that a command is sent once whatever happens."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from zaptec.client import ZaptecClient
from zaptec.errors import NoAccess, NotUnderstood, SignInEnded, SignInRejected, TryLater, UnknownCharger

HOME = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
EVER = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))

COMMANDS = ["pause", "resume", "deauthorize_and_stop", "restart"]
QUESTIONS = {
    "chargers": lambda client, charger: client.chargers(),
    "state": lambda client, charger: client.charger_state(charger.id),
    "installation": lambda client, charger: client.installation(HOME),
    "firmware": lambda client, charger: client.firmware(HOME),
    "sessions": lambda client, charger: list(client.completed_sessions(*EVER, charger_id=charger.id)),
    "history": lambda client, charger: list(client.charge_history(*EVER, charger_id=charger.id)),
}


def ask(client, cloud, question):
    return QUESTIONS[question](client, cloud.charger)


WEATHER = [
    (lambda cloud: cloud.go_down(502), TryLater, "unavailable"),
    (lambda cloud: cloud.go_down(503), TryLater, "unavailable"),
    (lambda cloud: cloud.go_down(504), TryLater, "unavailable"),
    (lambda cloud: cloud.fail_next(99, 500), TryLater, "unavailable"),
    (lambda cloud: cloud.fail_next(99, 524, "<html>"), TryLater, "unavailable"),
    (lambda cloud: cloud.rate_limit(1), TryLater, "rate_limited"),
    (lambda cloud: cloud.reset_connections(), TryLater, "unreachable"),
    (lambda cloud: cloud.fail_next(99, 302, retry_after=1), NotUnderstood, None),
    (lambda cloud: cloud.fail_next(99, 403), NoAccess, None),
    (lambda cloud: cloud.fail_next(99, 404), UnknownCharger, None),
]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(("spoil", "error", "cause"), WEATHER)
def test_a_command_is_sent_once_in_any_weather(client, cloud, command, spoil, error, cause):
    spoil(cloud)
    with pytest.raises(error) as trouble:
        getattr(client, command)(cloud.charger.id)
    assert getattr(trouble.value, "cause", None) == cause
    assert getattr(trouble.value, "was_not_carried_out", None) in (None, cause == "rate_limited")
    assert (cloud.asked("command"), len(cloud.requests)) == (1, 1)


def test_a_command_whose_answer_is_lost_was_sent_once_and_may_have_happened(client, cloud):
    cloud.charger.plug_in_and_charge()
    cloud.swallow_answers()
    with pytest.raises(TryLater) as trouble:
        client.pause(cloud.charger.id)
    assert (trouble.value.cause, trouble.value.was_not_carried_out) == ("unreachable", False)
    assert cloud.charger.commands == [506]


def test_a_command_that_is_answered_too_late_was_sent_once_and_may_have_happened(hasty, cloud):
    cloud.charger.plug_in_and_charge()
    cloud.be_slow(60)
    with pytest.raises(TryLater) as trouble:
        hasty.pause(cloud.charger.id)
    assert (trouble.value.cause, trouble.value.was_not_carried_out) == ("timed_out", False)
    assert cloud.charger.commands == [506]


def test_a_command_to_nobody_listening_was_certainly_not_carried_out(client, cloud):
    cloud.refuse_connections()
    with pytest.raises(TryLater) as trouble:
        client.pause(cloud.charger.id)
    assert (trouble.value.cause, trouble.value.was_not_carried_out) == ("unreachable", True)


def test_a_command_goes_over_a_new_connection_when_the_old_one_was_closed_meanwhile(client, cloud):
    client.chargers()
    cloud.refuse_connections()
    cloud.come_back()
    client.restart(cloud.charger.id)
    assert cloud.charger.commands == [102]


def test_a_command_answered_with_a_page_counts_as_taken_until_the_state_says_otherwise(client, cloud):
    cloud.answer_html()
    client.restart(cloud.charger.id)
    assert cloud.asked("command") == 1


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize(("spoil", "error", "cause"), WEATHER[:-2])
def test_a_question_is_asked_three_times_in_bad_weather(client, cloud, question, spoil, error, cause, slept):
    spoil(cloud)
    with pytest.raises(error) as trouble:
        ask(client, cloud, question)
    assert getattr(trouble.value, "cause", None) == cause
    assert len(cloud.requests) == (3 if error is TryLater else 1)
    assert all(pause >= 1 for pause in slept) if cause == "rate_limited" else sum(slept) < 0.1


@pytest.mark.parametrize("question", ["state", "installation", "firmware", "sessions"])
def test_a_question_denied_or_about_nothing_is_asked_once(client, cloud, question):
    cloud.fail_next(1, 403)
    with pytest.raises(NoAccess):
        ask(client, cloud, question)
    cloud.fail_next(1, 404)
    with pytest.raises(UnknownCharger):
        ask(client, cloud, question)
    assert len(cloud.requests) == 2


@pytest.mark.parametrize("question", QUESTIONS)
def test_trouble_that_passes_goes_unnoticed_by_a_question(client, cloud, question):
    cloud.fail_next(2, 500)
    ask(client, cloud, question)
    assert [each.status for each in cloud.requests] == [500, 500, 200]


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_page_instead_of_json_is_not_understood(client, cloud, question):
    cloud.answer_html()
    with pytest.raises(NotUnderstood):
        ask(client, cloud, question)
    assert len(cloud.requests) == 1


@pytest.mark.parametrize("question", QUESTIONS)
def test_half_a_json_text_is_not_understood(client, cloud, question):
    cloud.answer_half_json()
    with pytest.raises(NotUnderstood):
        ask(client, cloud, question)


def test_no_third_try_begins_when_two_have_waited_for_nothing(hasty, cloud, records):
    cloud.be_slow(60, "/state")
    with pytest.raises(TryLater) as trouble:
        hasty.charger_state(cloud.charger.id)
    assert trouble.value.cause == "timed_out"
    assert [(each.status, each.error) for each in records] == [(None, "TryLater timed_out")] * 2


def test_a_long_retry_after_is_handed_to_the_caller_at_once(client, cloud):
    cloud.rate_limit(30)
    with pytest.raises(TryLater) as trouble:
        client.chargers()
    assert (trouble.value.cause, trouble.value.retry_after_s) == ("rate_limited", 30)
    assert len(cloud.requests) == 1


# Signing in.


def test_an_expired_token_is_replaced_and_the_question_repeated_once(client, cloud):
    cloud.expire_tokens()
    client.chargers()
    assert [each.status for each in cloud.requests] == [401, 200, 200]
    assert cloud.asked("token") == 1


@pytest.mark.parametrize("command", COMMANDS)
def test_an_expired_token_repeats_a_command_once_since_401_proves_it_did_not_happen(client, cloud, command):
    cloud.expire_tokens()
    cloud.charger.plug_in_and_charge()
    if command == "resume":
        cloud.charger.pause_elsewhere()
        cloud.clock.advance(20)
    getattr(client, command)(cloud.charger.id)
    assert len(cloud.charger.commands) == 1
    assert [each.status for each in cloud.requests][:2] == [401, 200]
    assert cloud.asked("command") == 2


@pytest.mark.parametrize("command", COMMANDS)
def test_a_second_401_gives_up(client, cloud, command):
    cloud.fail_next(9, 401, path_contains="/api/")
    with pytest.raises(TryLater) as trouble:
        getattr(client, command)(cloud.charger.id)
    assert trouble.value.was_not_carried_out
    assert (cloud.asked("command"), cloud.asked("token")) == (2, 1)
    assert cloud.charger.commands == []


def test_a_second_401_to_a_question_is_not_asked_again(client, cloud):
    cloud.fail_next(9, 401, path_contains="/api/")
    with pytest.raises(TryLater):
        client.chargers()
    assert len(cloud.requests) == 3


def test_a_password_that_is_no_longer_right_stops_everything_after_one_sign_in(client, cloud):
    cloud.expire_tokens()
    cloud.reject_sign_in()
    for _ in range(3):
        with pytest.raises(SignInRejected):
            client.pause(cloud.charger.id)
    assert (cloud.asked("command"), cloud.asked("token")) == (1, 1)


def test_a_command_that_cannot_get_a_token_was_not_carried_out(client, cloud):
    cloud.expire_tokens()
    cloud.fail_next(9, 503, "<html>", path_contains="/oauth/token")
    with pytest.raises(TryLater) as trouble:
        client.pause(cloud.charger.id)
    assert trouble.value.was_not_carried_out and trouble.value.retry_after_s == 5
    assert cloud.charger.commands == []


def test_twenty_threads_sign_in_once(cloud, url, session):
    client = ZaptecClient.with_password(cloud.username, cloud.password, api_url=url, session=session)
    with ThreadPoolExecutor(20) as pool:
        lists = list(pool.map(lambda _: client.chargers(), range(20)))
    assert all(each == lists[0] for each in lists)
    assert (cloud.asked("token"), cloud.asked("chargers")) == (1, 20)


def test_twenty_threads_with_an_expired_token_sign_in_once(client, cloud):
    cloud.expire_tokens()
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda _: client.chargers(), range(20)))
    assert cloud.asked("token") == 1


# What the simulated cloud can do besides.


@pytest.mark.parametrize("head", [True, False])
def test_an_answer_that_drips_in_is_given_up(cloud, url, session, client, head):
    hasty = ZaptecClient(client.login, api_url=url, session=session, timeout_s=0.3, retry_pause_s=0.001)
    cloud.drip(0.02, "/state", head=head)
    with pytest.raises(TryLater) as trouble:
        hasty.charger_state(cloud.charger.id)
    assert (trouble.value.cause, cloud.asked("state")) == ("timed_out", 1)


def test_half_a_character_in_a_name_hides_no_charger(client, cloud):
    cloud.charger.half_a_character()
    names = [charger.name for charger in client.chargers()]
    assert len(names) == len(cloud.chargers)
    assert any(name.endswith("\N{REPLACEMENT CHARACTER}") for name in names)


def test_half_a_character_in_a_reading_hides_no_other(client, cloud):
    cloud.charger.plug_in_and_charge()
    cloud.charger.half_a_character(807)
    state = client.charger_state(cloud.charger.id)
    assert state.text(807).endswith("\N{REPLACEMENT CHARACTER}")
    assert state.mode.is_plugged_in


def test_a_withdrawn_grant_ends_the_way_of_signing_in(cloud, url, session):
    cloud.withdraw_password_grant()
    client = ZaptecClient.with_password(cloud.username, cloud.password, api_url=url, session=session)
    for _ in range(3):
        with pytest.raises(SignInEnded) as end:
            client.chargers()
        assert end.value.code == "unsupported_grant_type"
    assert cloud.asked("token") == 1


def test_an_account_that_needs_a_scope_signs_in_with_it(cloud, url, session):
    cloud.require_scope()
    with pytest.raises(SignInRejected):
        ZaptecClient.with_password(cloud.username, cloud.password, api_url=url, session=session).chargers()
    with_scope = ZaptecClient.with_password(
        cloud.username, cloud.password, api_url=url, session=session, scope="openid"
    )
    assert len(with_scope.chargers()) == len(cloud.chargers)


@pytest.mark.parametrize("status", [200, 201, 204])
def test_every_2xx_to_a_command_is_success(client, cloud, status):
    cloud.charger.plug_in_and_charge()
    cloud.answer_commands(status)
    client.pause(cloud.charger.id)
    assert cloud.charger.commands == [506]
