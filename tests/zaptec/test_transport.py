"""One request to Zaptec: odd and broken answers, times, and what is told of it."""

import gzip
import logging
import subprocess
import sys
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from tests.zaptec.wire import CHARGER, FixedLogin, listed
from zaptec.client import ZaptecClient
from zaptec.errors import CommandRefused, NotUnderstood, TryLater, UnknownCharger
from zaptec.transport import MAX_ANSWER_BYTES, Bearer


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(scripted, script, status):
    script.say(status=status, headers={"Location": script.url + "/elsewhere"})
    for ask in (scripted.charger_state, scripted.pause):
        with pytest.raises(NotUnderstood):
            ask(CHARGER)
    assert not any("elsewhere" in path for path in script.paths())


def test_an_answer_too_large_is_refused(scripted, script):
    script.say(b" " * (MAX_ANSWER_BYTES + 1))
    with pytest.raises(NotUnderstood):
        scripted.charger_state(CHARGER)


def test_a_small_answer_that_unpacks_to_a_large_one_is_refused(scripted, script):
    script.say(gzip.compress(b" " * (MAX_ANSWER_BYTES * 3)), headers={"Content-Encoding": "gzip"})
    with pytest.raises(NotUnderstood):
        scripted.charger_state(CHARGER)


def test_an_answer_that_cannot_be_unpacked_is_not_understood(scripted, script):
    script.say(b"not gzip at all", headers={"Content-Encoding": "gzip"})
    with pytest.raises(NotUnderstood):
        scripted.charger_state(CHARGER)


def test_an_answer_that_drips_in_is_not_waited_for_for_ever(script, session):
    client = ZaptecClient(FixedLogin(), api_url=script.url, session=session, timeout_s=0.1)
    script.say(b" " * 500_000, drip_s=0.05)
    with pytest.raises(TryLater) as trouble:
        client.pause(CHARGER)
    assert (trouble.value.cause, trouble.value.was_not_carried_out) == ("timed_out", False)


@pytest.mark.parametrize("head", [{}, {"X-Long": "x" * 5000}])
def test_an_answer_that_comes_byte_by_byte_is_given_up_at_the_deadline(script, session, head):
    client = ZaptecClient(FixedLogin(), api_url=script.url, session=session, timeout_s=0.3, retry_pause_s=0)
    script.say(b" " * 5000, headers=head, drip_s=0.02, drips_bytes=True)
    for ask in (client.charger_state, client.pause):
        script.heard.clear()
        with pytest.raises(TryLater) as trouble:
            ask(CHARGER)
        assert (trouble.value.cause, trouble.value.was_not_carried_out) == ("timed_out", False)
        assert len(script.heard) == 1


def test_an_answer_cut_off_on_the_way_is_asked_for_again(scripted, script):
    script.say(listed(), cut=True)
    script.say(listed())
    assert scripted.chargers() == []


def test_a_command_whose_answer_is_cut_off_may_have_happened(scripted, script):
    script.say("x", cut=True)
    with pytest.raises(TryLater) as trouble:
        scripted.pause(CHARGER)
    assert (trouble.value.cause, trouble.value.was_not_carried_out) == ("unreachable", False)
    assert len(script.paths()) == 1


def test_a_host_that_does_not_exist_means_nothing_was_carried_out(session):
    client = ZaptecClient(FixedLogin(), api_url="http://nowhere.invalid", session=session, retry_pause_s=0)
    for ask in (client.charger_state, client.pause):
        with pytest.raises(TryLater) as trouble:
            ask(CHARGER)
        assert (trouble.value.cause, trouble.value.was_not_carried_out) == ("unreachable", True)


def test_a_connection_that_never_opens_means_nothing_was_carried_out(session):
    # 192.0.2.0/24 is set aside for documentation: nobody answers.
    client = ZaptecClient(FixedLogin(), api_url="http://192.0.2.1", session=session, timeout_s=0.05)
    with pytest.raises(TryLater) as trouble:
        client.pause(CHARGER)
    assert trouble.value.was_not_carried_out


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("1", 1),
        ("0", 0),
        ("-5", None),
        ("soon", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
    ],
)
def test_retry_after_is_read_or_left_out(scripted, script, value, seconds):
    script.say(status=429, headers={"Retry-After": value})
    with pytest.raises(TryLater) as trouble:
        scripted.pause(CHARGER)
    assert trouble.value.retry_after_s == seconds


@pytest.mark.parametrize("status", [429, 503])
def test_how_long_to_leave_zaptec_alone_is_told_at_once_and_not_after_the_last_try(script, session, status):
    waits = []
    client = ZaptecClient(
        FixedLogin(), api_url=script.url, session=session, on_request=lambda it: waits.append(it.retry_after_s)
    )
    script.say(status=status, headers={"Retry-After": "0"})
    script.say(status=status, headers={"Retry-After": "1" * 30})
    with pytest.raises(TryLater) as trouble:
        client.chargers()
    assert (waits, trouble.value.retry_after_s) == ([0, 21_600], 21_600)


def test_an_id_that_is_no_text_is_asked_for_without_a_crash(scripted, script):
    script.say(status=404)
    with pytest.raises(UnknownCharger):
        scripted.charger_state("\ud800")


def test_a_good_answer_updates_the_skew_and_a_nonsense_date_does_not(scripted, script):
    script.say(listed(), headers={"Date": "yesterday"})
    script.say(listed(), headers={"Date": "Mon, 01 Jan 2024 00:00:00 +99999999999999999999"})
    script.say(listed(), headers={"Date": format_datetime(datetime(2020, 1, 1, tzinfo=UTC), usegmt=True)})
    scripted.chargers()
    scripted.chargers()
    assert abs(scripted.clock_skew_s or 0) < 60
    scripted.chargers()
    assert scripted.clock_skew_s > 100_000_000


def test_one_line_is_logged_per_request_with_nothing_private(scripted, script, caplog):
    caplog.set_level(logging.INFO, "zaptec")
    script.say({"Code": 528, "Details": "private words"}, 500)
    with pytest.raises(CommandRefused):
        scripted.pause(CHARGER)
    lines = [record.getMessage() for record in caplog.records if record.name == "zaptec"]
    assert len(lines) == 2
    assert lines[0].startswith("POST /oauth/token 200 ") and lines[0].endswith(" ms")
    assert lines[1].startswith("POST /api/chargers/…3fa2c1/sendCommand/506 500 ")
    assert not any(word in caplog.text for word in (CHARGER, "token-1", "s3cret", "anna", "private words"))


def test_each_request_is_recorded_by_kind_tries_and_sign_ins_included(script, session):
    records, kinds = [], []
    client = ZaptecClient.with_password(
        "a", "b", api_url=script.url, session=session, timeout_s=2, retry_pause_s=0.001,
        on_request=records.append, before_request=kinds.append,
    )  # fmt: skip
    script.say(status=500)
    script.say(reset=True)
    script.say(listed())
    client.chargers()
    assert kinds == [each.kind for each in records] == ["token", "chargers", "chargers", "chargers"]
    assert [each.status for each in records] == [200, 500, None, 200]
    assert [each.error for each in records] == [None, None, "TryLater unreachable", None]
    client.pause(CHARGER)
    assert (records[-1].kind, records[-1].path) == ("command 506", "/api/chargers/…3fa2c1/sendCommand/506")


def test_a_limiter_can_stop_a_request_before_it_is_sent(script, session):
    def full(kind):
        raise TryLater(7, "rate_limited")

    client = ZaptecClient(FixedLogin(), api_url=script.url, session=session, before_request=full)
    for ask in (client.charger_state, client.pause):
        with pytest.raises(TryLater) as trouble:
            ask(CHARGER)
        assert trouble.value.retry_after_s == 7
    assert script.heard == []


def test_a_diary_that_cannot_be_written_does_not_undo_an_answer(script, session, caplog):
    def broken(record):
        raise OSError("disk full")

    script.say()
    client = ZaptecClient(FixedLogin(), api_url=script.url, session=session, on_request=broken)
    client.pause(CHARGER)
    assert "on_request failed" in caplog.text


def test_a_token_is_not_shown_by_what_carries_it():
    assert "hush" not in repr(Bearer("hush"))


def test_importing_the_package_does_not_import_requests():
    code = "import sys, zaptec; sys.exit('requests' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
