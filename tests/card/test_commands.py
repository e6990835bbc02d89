"""Each command: it works, a GET does nothing, and everybody who may not is turned away with a reason."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from simulator import Cloud, SimulatedCharger
from tests.one_charger import (
    Household,
    act,
    alerts,
    log_of,
    page,
    pass_time,
    press,
    receipt,
    rows,
    sentence,
    situation_of,
    words_of,
)

ACTIONS = {"pause": 506, "resume": 507, "deauthorize": 10001, "restart": 102}
each_action = pytest.mark.parametrize("action", ACTIONS)


@pytest.fixture
def ready(household: Household, charger: SimulatedCharger, action: str) -> SimulatedCharger:
    """The charger in a state in which the action is possible."""
    if action == "resume":
        charger.pause_elsewhere()
        household.clock.advance(seconds=60)
        household.anna.get(page(charger))
    return charger


@each_action
def test_a_command_is_confirmed_by_the_charger(household: Household, ready: SimulatedCharger, action: str) -> None:
    answer = household.anna.post(page(ready, action))
    assert (answer.status_code, answer.location.split("?")[0]) == (303, page(ready))
    said = receipt(household.anna.get(answer.location))
    assert "asked" in said
    assert "accepted" in said
    assert "confirmed" not in said
    pass_time(household, 200, step=5)
    answer = household.anna.get(page(ready))
    assert "confirmed" in receipt(answer)
    assert "not confirmed" not in receipt(answer)
    assert ready.commands == [ACTIONS[action]]


def test_the_page_says_paused_only_once_the_charger_has_reported_it(
    household: Household, charger: SimulatedCharger
) -> None:
    answer = press(household.anna, charger, "pause")
    assert situation_of(answer) == "pausing"
    assert "disabled" in act(answer)
    pass_time(household, 2)
    assert situation_of(household.anna.get(page(charger))) == "pausing"
    pass_time(household, 6)
    answer = household.anna.get(page(charger))
    assert situation_of(answer) == "paused"
    assert sentence(answer) == "Paused by Anna"
    assert "Anna paused it at 18:01. The charger has confirmed." in receipt(answer)
    assert "Resume charging" in act(answer)
    assert "Anna paused charging" in log_of(household)


def test_a_pause_with_htmx_answers_with_the_card(household: Household, charger: SimulatedCharger) -> None:
    answer = household.ben.post(page(charger, "pause"), headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith("<article")
    assert situation_of(answer) == "pausing"
    assert "asked" in receipt(answer)
    assert 'data-every="2"' in answer.text


@each_action
def test_opening_an_address_never_acts(household: Household, ready: SimulatedCharger, action: str) -> None:
    for method in ("get", "head"):
        answer = getattr(household.anna, method)(page(ready, action))
        assert answer.status_code == 200
    if action in ("pause", "resume"):
        assert household.anna.get(f"/{action}").status_code == 200
    assert ready.commands == []
    assert rows(household) == []


@each_action
def test_signed_out_one_is_led_to_the_sign_in_and_back(
    household: Household, ready: SimulatedCharger, action: str
) -> None:
    address = page(ready, action)
    for answer in (household.stranger.get(address), household.stranger.post(address)):
        assert answer.location == f"/login?next={address}"
    form = {"name": "Anna", "password": household.password, "next": address}
    answer = household.stranger.post("/login", data=form, follow_redirects=True)
    assert answer.request.path == address
    assert "<button" in answer.text
    assert ready.commands == []  # the press was not replayed


@each_action
def test_signed_out_htmx_is_told_where_to_go(household: Household, ready: SimulatedCharger, action: str) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://localhost{page(ready)}"}
    answer = household.stranger.post(page(ready, action), headers=headers)
    assert (answer.status_code, answer.data) == (401, b"")
    assert answer.headers["HX-Redirect"] == f"/login?next={page(ready)}"
    assert ready.commands == []


@each_action
def test_the_wrong_role_is_refused(household: Household, ready: SimulatedCharger, action: str) -> None:
    may_not = [household.carla] if action in ("pause", "resume") else [household.carla, household.ben]
    for browser in may_not:
        for headers in ({}, {"HX-Request": "true"}):
            answer = browser.post(page(ready, action), headers=headers)
            assert answer.status_code == 403
            assert "Your role in this household does not allow this." in words_of(answer)
    assert ready.commands == []
    assert rows(household) == []


@pytest.mark.parametrize("action", ["deauthorize", "restart"])
def test_an_owners_question_is_not_for_others(household: Household, charger: SimulatedCharger, action: str) -> None:
    for browser in (household.ben, household.carla):
        answer = browser.get(page(charger, action))
        assert answer.status_code == 403
        assert "Ask Anna." in words_of(answer)


OTHER_SITES = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Origin": "https://elsewhere.example"},
    {"Origin": "http://localhost:8001"},
    {"Origin": "null"},
    {"Origin": ""},
]
OUR_OWN = [
    {},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "http://localhost"},
    {"Origin": "https://localhost"},  # behind a proxy that speaks https
]


@each_action
def test_another_site_cannot_press(household: Household, ready: SimulatedCharger, action: str) -> None:
    for headers in OTHER_SITES:
        answer = household.anna.post(page(ready, action), headers=headers)
        assert answer.status_code == 403, headers
        assert "sent from another site, so nothing was done" in words_of(answer)
    assert ready.commands == []


@pytest.mark.parametrize("headers", OUR_OWN)
def test_our_own_pages_can_press(household: Household, charger: SimulatedCharger, headers: dict[str, str]) -> None:
    assert household.anna.post(page(charger, "pause"), headers=headers).status_code == 303
    assert charger.commands == [506]


@each_action
def test_the_charger_may_refuse(household: Household, ready: SimulatedCharger, cloud: Cloud, action: str) -> None:
    body = '{"Code":528,"Details":"Not now","StackTrace":null}'
    cloud.fail_next(status=500, body=body, path_contains="sendCommand")
    answer = press(household.anna, ready, action)
    assert "Refused: Zaptec says that this is not possible now." in receipt(answer)
    assert "accepted" not in receipt(answer)
    assert "Not now" not in answer.text  # Zaptec's English stays out of the page
    pass_time(household, 70, step=5)
    assert ready.commands == []
    assert cloud.asked("command") == 1
    assert "refused" in receipt(household.anna.get(page(ready)))


@each_action
@pytest.mark.parametrize("trouble", ["go_down", "refuse_connections", "answer_html"])
def test_while_the_cloud_is_down_a_press_is_refused_and_nothing_is_sent(
    household: Household, ready: SimulatedCharger, cloud: Cloud, action: str, trouble: str
) -> None:
    household.clock.advance(seconds=20)
    getattr(cloud, trouble)()
    answer = press(household.anna, ready, action)
    assert "Refused: Zaptec" in receipt(answer)
    assert "Nothing has been sent to the charger." in receipt(answer)
    assert ("Press again in a moment." in receipt(answer)) is ("Try again" not in alerts(answer))
    cloud.heal()
    pass_time(household, 60, step=5)
    assert ready.commands == []  # it was not kept for later
    ready.unplug()
    household.clock.advance(seconds=60)
    answer = household.anna.get(page(ready))
    assert ("Press again" in receipt(answer)) is (action == "restart")  # only while a press would do something


@each_action
def test_an_unknown_charger_is_404(
    household: Household, charger: SimulatedCharger, cloud: Cloud, action: str
) -> None:
    for id in ("99999999-2222-4333-8444-999999999999", "x", "..", "%00", "a" * 300):
        for ask in (household.anna.post, household.anna.get):
            answer = ask(f"/chargers/{id}/{action}")
            assert answer.status_code == 404, id
            assert "There is nothing at this address, or you may not see it." in words_of(answer)
    assert cloud.asked("command") == 0


def test_the_bookmarks_press_the_first_charger(household: Household, charger: SimulatedCharger) -> None:
    answer = household.ben.post("/pause")
    assert answer.location.split("?")[0] == page(charger)
    pass_time(household, 10)
    household.ben.post("/resume")
    pass_time(household, 10)
    assert charger.commands == [506, 507]


def test_without_a_charger_there_is_nothing_to_press(household: Household, cloud: Cloud) -> None:
    assert household.anna.post("/pause").status_code == 404


@pytest.mark.parametrize("is_required", [False, True])
def test_the_question_says_what_deauthorizing_means(
    household: Household, charger: SimulatedCharger, is_required: bool
) -> None:
    charger.require_authorisation(is_required)
    household.clock.advance(seconds=60)
    question = words_of(household.anna.get(page(charger, "deauthorize")))
    may_start_again = "asks for no permission, so it may start again by itself"
    assert (may_start_again in question) is not is_required
    assert ("To keep it stopped, use Pause instead." in question) is not is_required
    assert ("somebody has to allow it with a card" in question) is is_required


def test_a_question_that_makes_no_sense_now_has_no_button(household: Household, charger: SimulatedCharger) -> None:
    charger.unplug()
    household.clock.advance(seconds=60)
    answer = household.anna.get(page(charger, "deauthorize"))
    assert "Not possible now" in words_of(answer)
    assert "<button" not in answer.text


def test_a_press_by_a_browser_that_signed_out_meanwhile_does_nothing(
    household: Household, charger: SimulatedCharger
) -> None:
    copy: FlaskClient = household.ben
    copy.post("/logout")
    assert copy.post(page(charger, "pause")).location.startswith("/login")
    assert charger.commands == []
