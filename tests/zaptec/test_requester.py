"""What goes over the wire to the byte, and how pages of answers are put together."""

from datetime import UTC, datetime

import pytest

from tests.zaptec.wire import CHARGER, FixedLogin, listed
from zaptec.client import ZaptecClient
from zaptec.errors import NotUnderstood, TryLater, UnknownCharger
from zaptec.login import Login
from zaptec.modes import OperationMode


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
