"""What goes over the wire to the byte, and answers the simulated cloud has no verb for."""

import gzip
import logging
import subprocess
import sys
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from zaptec.client import ZaptecClient
from zaptec.errors import CommandRefused, MalformedRequest, NoAccess, NotUnderstood, TryLater, UnknownCharger
from zaptec.login import Login
from zaptec.modes import OperationMode
from zaptec.transport import MAX_ANSWER_BYTES, Bearer

CHARGER = "11111111-2222-4333-8444-5555553fa2c1"
PAGE = "<html><head><title>502 Bad Gateway</title></head></html>"


class FixedLogin:
    """A Login with a token from elsewhere."""

    def __init__(self):
        self.dropped = []

    def token(self) -> str:
        return "fixed"

    def drop(self, token: str) -> None:
        self.dropped.append(token)


def listed(*chargers, pages=1):
    return {"Pages": pages, "Data": list(chargers)}


# What goes out.


def test_a_command_is_an_empty_post_with_its_length_said(scripted, script):
    script.say()
    scripted.pause(CHARGER)
    sent = script.heard[-1]
    assert (sent.method, sent.path) == ("POST", f"/api/chargers/{CHARGER}/sendCommand/506")
    assert (sent.headers["Content-Length"], sent.body) == ("0", "")
    assert sent.headers["Authorization"] == "Bearer token-1"
    assert sent.headers["User-Agent"] == "zaptec-dashboard/0.1.0 (+household EV charger page)"


def test_a_netrc_line_does_not_replace_the_token(scripted, script, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    script.say(listed())
    scripted.chargers()
    assert script.heard[-1].headers["Authorization"] == "Bearer token-1"


def test_a_proxy_of_the_environment_is_used(script, session, monkeypatch):
    monkeypatch.setenv("http_proxy", script.url)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    script.say(listed())
    client = ZaptecClient(FixedLogin(), api_url="http://api.zaptec.invalid", session=session, timeout_s=2)
    assert client.chargers() == []
    assert script.heard[0].path.startswith("http://api.zaptec.invalid/api/chargers")


def test_cookies_are_not_kept(scripted, script):
    script.say(listed(), headers={"Set-Cookie": "ARRAffinity=abc; Path=/"})
    scripted.chargers()
    scripted.chargers()
    assert "Cookie" not in script.heard[-1].headers


def test_an_id_cannot_lead_to_another_address(scripted, script):
    script.say(status=404)
    with pytest.raises(UnknownCharger):
        scripted.charger_state("../installation?x=1#")
    assert script.paths() == ["/api/chargers/..%2Finstallation%3Fx%3D1%23/state"]


@pytest.mark.parametrize("charger_id", ["", ".", ".."])
def test_an_id_that_cannot_be_one_is_not_sent(scripted, script, charger_id):
    with pytest.raises(UnknownCharger):
        scripted.restart(charger_id)
    assert script.paths() == []


def test_times_are_asked_for_in_utc(scripted, script):
    script.say({"sessions": []})
    since = datetime.fromisoformat("2026-05-01T00:00:00+02:00")
    until = datetime.fromisoformat("2026-06-01T00:00:00+02:00")
    assert list(scripted.completed_sessions(since, until, charger_id=CHARGER)) == []
    assert "From=2026-04-30T22%3A00%3A00Z&To=2026-05-31T22%3A00%3A00Z" in script.paths()[0]


def test_a_login_of_another_kind_can_be_used(script, session):
    login: Login = FixedLogin()
    script.say(status=401)
    client = ZaptecClient(login, api_url=script.url + "/", session=session, timeout_s=2)
    with pytest.raises(TryLater):
        client.chargers()
    assert login.dropped == ["fixed"]
    assert [each.headers["Authorization"] for each in script.heard] == ["Bearer fixed"] * 2


# What comes back.


def test_pages_are_read_to_the_last_and_a_bad_entry_hides_no_other(scripted, script, caplog):
    charger = {"Id": CHARGER, "Name": "Carport", "DeviceType": 4}
    script.say(listed(charger, {"Name": "no id"}, "nonsense", pages=3))
    script.say(listed(charger | {"Id": "sensor", "DeviceType": 3}, pages=3))
    script.say(listed(charger | {"Id": "pro", "DeviceType": 1, "Name": None}, pages=3))
    assert [each.id for each in scripted.chargers()] == [CHARGER, "pro"]
    assert [path.split("PageIndex=")[1] for path in script.paths()] == ["0", "1", "2"]
    assert caplog.text.count("skipped an entry") == 2


def test_chargers_that_could_not_be_read_are_counted(scripted, script):
    script.say(listed({"Id": CHARGER, "DeviceType": 4}, {"Name": "no id"}, {"Id": "y" * 65}, "nonsense"))
    chargers = scripted.chargers()
    assert (len(chargers), chargers.unread) == (1, 3)


def test_sessions_that_could_not_be_read_are_counted(scripted, script, sample):
    good = sample("sessions-archived")["sessions"][0]
    script.say({"sessions": [{"id": "x"}, good, good | {"id": "y" * 65}, None]})
    sessions = scripted.completed_sessions(datetime.now(UTC), datetime.now(UTC), charger_id=CHARGER)
    assert ([each.id for each in sessions], sessions.unread) == ([good["id"]], 3)


ODD_VALUES = ['"Lift \\ud83d"', '"a\\u0000b"', "NaN", "-Infinity", "1e308", "1e400", "9" * 5000, "[[[]]]"]


@pytest.mark.parametrize("odd", ODD_VALUES)
def test_one_odd_name_takes_no_other_charger_away(scripted, script, odd):
    named, other = '{"Id": "a", "DeviceType": 4, "Name": ' + odd + "}", '{"Id": "b", "DeviceType": 4}'
    script.say('{"Pages": 1, "Data": [' + named + "," + other + "]}")
    assert [each.id for each in scripted.chargers()] == ["a", "b"]


@pytest.mark.parametrize("odd", ODD_VALUES)
def test_one_odd_reading_takes_no_other_away(scripted, script, odd):
    power, mode = '{"StateId": 513, "ValueAsString": ' + odd + "}", '{"StateId": 710, "ValueAsString": "3"}'
    script.say("[" + power + "," + mode + "]")
    state = scripted.charger_state(CHARGER)
    assert state.mode is OperationMode.CONNECTED_CHARGING
    assert (state.text(513) or "").encode().decode() == (state.text(513) or "")
    assert abs(state.power_w or 0) < 1e16


def test_pages_that_never_end_are_given_up(scripted, script):
    script.say(listed({"Id": CHARGER, "DeviceType": 4}, pages=10**9))
    with pytest.raises(NotUnderstood):
        scripted.chargers()
    assert len(script.paths()) == 100


def test_an_absurd_number_of_pages_ends_with_the_first_empty_one(scripted, script):
    script.say(listed({"Id": CHARGER, "DeviceType": 4}, pages=10**15))
    script.say(listed(pages=10**15))
    assert [each.id for each in scripted.chargers()] == [CHARGER]
    assert len(script.paths()) == 2


def test_a_number_of_pages_that_cannot_be_read_ends_with_a_page_that_is_not_full(scripted, script):
    full = [{"Id": f"charger-{number}", "DeviceType": 4} for number in range(100)]
    script.say(listed(*full, pages=10**30))
    script.say(listed({"Id": CHARGER, "DeviceType": 4}, pages=None))
    assert len(scripted.chargers()) == 101
    assert len(script.paths()) == 2


def test_a_cursor_that_runs_in_circles_is_given_up_after_what_was_good(scripted, script, sample):
    page = sample("sessions-archived") | {"cursor": "again", "hasMore": True}
    script.say(page)
    sessions = scripted.completed_sessions(datetime.now(UTC), datetime.now(UTC), charger_id=CHARGER)
    with pytest.raises(NotUnderstood):
        for _ in range(99):
            next(sessions)
    assert len(script.paths()) == 2


def test_camel_case_is_read_like_pascal_case(scripted, script):
    script.say({"pages": 1, "data": [{"id": CHARGER, "deviceType": 4}]})
    assert scripted.chargers()[0].id == CHARGER


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


# What is told of it.


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
