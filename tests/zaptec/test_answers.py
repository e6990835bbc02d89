"""What answers mean that the simulated cloud has no verb for."""

import pytest

from tests.zaptec.wire import CHARGER, PAGE
from zaptec.errors import CommandRefused, MalformedRequest, NoAccess, NotUnderstood, TryLater, UnknownCharger


@pytest.mark.parametrize("recording", ["error-528", "error-527"])
@pytest.mark.parametrize("command", ["pause", "resume", "restart", "deauthorize_and_stop"])
def test_an_error_with_a_code_and_a_reason_is_a_refusal(scripted, script, sample, recording, command):
    told = sample(recording)
    script.say(told, 500)
    with pytest.raises(CommandRefused) as refusal:
        getattr(scripted, command)(CHARGER)
    assert (refusal.value.code, refusal.value.details) == (
        told["Code"],
        told["Details"],
    )
    assert len(script.paths()) == 1


def test_only_deauthorizing_is_accepted_with_a_528(scripted, script, sample):
    script.say(sample("error-528-deauthorize"), 500)
    scripted.deauthorize_and_stop(CHARGER)
    for command in (scripted.pause, scripted.resume, scripted.restart):
        with pytest.raises(CommandRefused) as refusal:
            command(CHARGER)
        assert (refusal.value.code, refusal.value.details) == (528, None)


def test_another_code_to_deauthorizing_is_a_refusal(scripted, script):
    script.say({"Code": 520, "Details": None}, 500)
    with pytest.raises(CommandRefused):
        scripted.deauthorize_and_stop(CHARGER)


@pytest.mark.parametrize("body", [b"", PAGE, "{", "[]", '{"Message": "An error occurred."}', '{"Code": "x"}'])
@pytest.mark.parametrize("command", ["pause", "deauthorize_and_stop"])
def test_a_500_that_says_nothing_may_have_happened(scripted, script, body, command):
    script.say(body, 500)
    with pytest.raises(TryLater) as trouble:
        getattr(scripted, command)(CHARGER)
    assert (trouble.value.cause, trouble.value.was_not_carried_out) == ("unavailable", False)
    assert len(script.paths()) == 1


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
@pytest.mark.parametrize("body", [b"", PAGE, '{"Code": 200}', '"half'])
def test_what_stands_in_an_accepted_command_s_answer_does_not_matter(scripted, script, status, body):
    script.say(body, status)
    scripted.pause(CHARGER)
    assert len(script.paths()) == 1


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (204, b"", NotUnderstood),
        (403, b"", NoAccess),
        (500, {"Code": 533, "Details": None}, NoAccess),
        (404, {"errorCode": 512, "message": "Charger not found."}, UnknownCharger),
        (500, {"Code": 512, "Details": "x"}, UnknownCharger),
        (400, {"title": "One or more validation errors occurred."}, MalformedRequest),
        (405, b"", NotUnderstood),
        (200, {"not": "a list"}, NotUnderstood),
        (200, ["not an object"], NotUnderstood),
        (200, [], NotUnderstood),
        (200, b"", NotUnderstood),
        (200, b"\xff\xfe\xff", NotUnderstood),
        (200, "[" * 200_000, NotUnderstood),
    ],
)
def test_each_answer_to_a_state_has_one_meaning(scripted, script, status, body, error):
    script.say(body, status)
    with pytest.raises(error):
        scripted.charger_state(CHARGER)
    assert len(script.paths()) == 1


@pytest.mark.parametrize(
    ("status", "error"),
    [(400, MalformedRequest), (403, NoAccess), (405, NotUnderstood), (409, NotUnderstood), (418, NotUnderstood)],
)
def test_a_command_denied_or_malformed_is_not_sent_again_and_is_no_refusal_of_the_chargers(
    scripted, script, status, error
):
    script.say(status=status)
    with pytest.raises(error) as trouble:
        scripted.pause(CHARGER)
    assert type(trouble.value) is error
    assert len(script.paths()) == 1


def test_an_empty_answer_means_no_access_only_where_zaptec_says_so(scripted, script):
    script.say(status=204)
    with pytest.raises(NoAccess):
        scripted.firmware("home")
    for ask in (scripted.charger_state, scripted.installation):
        with pytest.raises(NotUnderstood):
            ask(CHARGER)
