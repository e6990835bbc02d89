"""*Being told* on one's own account: ways, choices, a test, what was told, and that it was opened."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from dashboard import background
from dashboard.background import Background
from dashboard.news import NewsKind
from dashboard.notices import ways
from dashboard.notices.message import Outcome, Result, WayKind
from dashboard.web.assets import FOLDER
from dashboard.web.forms import Wrong
from simulator import SimulatedCharger
from tests.conftest import words_of
from tests.notices.conftest import Told

LABELS = {
    "Something I asked for did not get through",
    "The car does not charge although it should",
    "A charge has ended",
    "No car is plugged in in the evening",
    "A car was plugged in",
    "Somebody else paused or resumed",
    "The charger is offline",
    "The charger warns of danger",
    "It will not be ready in time",
    "Something only an owner can mend",
    "The month’s sum",
}


def ticked(browser: FlaskClient) -> dict[str, bool]:
    page = browser.get("/account").text
    boxes = re.findall(r'name="hear" value="(\w+)"( checked)?>', page)
    return {kind: bool(is_checked) for kind, is_checked in boxes}


def first_way(browser: FlaskClient) -> str:
    found = re.search(r'id="way-(\d+)"', browser.get("/account").text)
    assert found
    return found[1]


def test_everybody_chooses_from_what_can_concern_them(told: Told) -> None:
    page = words_of(told.people.anna.get("/account"))
    assert [label for label in LABELS if label not in page] == []
    assert set(ticked(told.people.anna)) == set(NewsKind)
    assert set(NewsKind) - set(ticked(told.people.ben)) == {"owner"}
    assert set(NewsKind) - set(ticked(told.people.carla)) == {"owner", "not_taken", "late"}
    assert {kind for kind, on in ticked(told.people.ben).items() if on} == {
        "not_taken",
        "not_charging",
        "warning",
        "late",
    }


def test_what_was_chosen_stays_chosen(told: Told) -> None:
    form = {"hear": ["finished", "pressed"], "tell_at": "20.15", "quiet_from": "22", "quiet_to": "06:30"}
    answer = told.people.ben.post("/account/notices", data=form, follow_redirects=True)
    assert "Saved: this is what you hear." in words_of(answer)
    assert {kind for kind, on in ticked(told.people.ben).items() if on} == {"finished", "pressed"}
    for name, time in (("tell_at", "20:15"), ("quiet_from", "22:00"), ("quiet_to", "06:30")):
        assert f'name="{name}" value="{time}"' in answer.text
    assert not ticked(told.people.carla)["finished"]


def test_the_section_stands_before_the_devices_and_is_found_from_where_one_looks_for_it(
    told: Told, charger: SimulatedCharger
) -> None:
    page = told.people.carla.get("/account").text
    assert page.index("being-told-title") < page.index("Devices signed in") < page.index("New name")
    for address in ("/", "/plan", "/more"):
        assert 'href="/account#being-told"' in told.people.carla.get(address).text


def test_where_nothing_is_planned_that_could_be_missed_the_page_says_so(
    told: Told, charger: SimulatedCharger
) -> None:
    said = "Nothing is planned for tonight yet"
    assert said in told.people.ben.get("/account").text
    form = {"charger": charger.id, "rows": "1", "from-0": "23:00", "to-0": "06:00", "days-0": list("0123456")}
    told.people.ben.post("/plan", data=form | {"on": "yes", "do": "save"})
    assert said not in told.people.ben.get("/account").text


def test_over_plain_http_another_way_than_the_browser_is_chosen_at_first(told: Told) -> None:
    """Browsers take notices over https only, and from their own machine."""
    for address, first in (("http://192.168.1.20", "ntfy"), ("https://car.local", "browser")):
        browser = told.people.browser()
        browser.post("/login", base_url=address, data={"name": "Anna", "password": told.people.password})
        page = browser.get("/account", base_url=address).text
        assert f'<option value="{first}" selected>' in page


def test_without_an_address_a_word_for_ntfy_is_made_and_said_once(told: Told) -> None:
    form = {"kind": "ntfy", "address": " "}
    page = told.people.anna.post("/account/notices/ways", data=form, follow_redirects=True).text
    [topic] = re.findall(r'<a href="ntfy://ntfy.sh/(charger-[a-z2-9]{12})">', page)
    assert f"In the app ntfy, subscribe to <b>{topic}</b>" in page
    assert page.index("being-told-title") < page.index(topic)  # where the page is scrolled to
    assert topic not in told.people.anna.get("/account").text
    told.people.anna.post(f"/account/notices/ways/{first_way(told.people.anna)}/test")
    assert [to for to, _message in told.carrier.arrived] == [topic]


def test_each_way_says_what_it_needs_where_it_is_chosen(told: Told) -> None:
    style = (FOLDER / "style.css").read_text()
    assert [kind for kind in WayKind if f'[value="{kind}"]:checked) [data-for]' not in style] == []
    anna, ben = (words_of(browser.get("/account")) for browser in (told.people.anna, told.people.ben))
    assert "Install the app ntfy." in ben and "an owner has to set SMTP_URL" in ben
    assert "gotify://" in anna and "gotify://" not in ben and "pover://user@key" in ben
    assert "Adding it lets notices leave the house" in anna and "Perhaps an owner has to allow" in ben


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"tell_at": "late"}, "That is no time. Write it like 22:00."),
        ({"quiet_from": "22:00"}, "Quiet hours need both a beginning and an end."),
        ({"quiet_to": "25"}, "That is no time."),
    ],
)
def test_a_time_that_is_none_is_said_at_the_form_and_nothing_is_saved(
    told: Told, form: dict[str, str], sentence: str
) -> None:
    answer = told.people.ben.post("/account/notices", data={"hear": ["finished"], **form})
    assert answer.status_code == 400 and sentence in words_of(answer)
    assert 'value="finished" checked' in answer.text and 'value="warning" checked' not in answer.text
    assert not ticked(told.people.ben)["finished"]


def test_an_owner_who_adds_a_way_switches_its_host_on(told: Told) -> None:
    form = {"kind": "ntfy", "address": "our-charger"}
    answer = told.people.anna.post("/account/notices/ways", data=form, follow_redirects=True)
    assert "Added: ntfy ou…. ntfy.example is now on under What leaves the house." in words_of(answer)
    assert "our-charger" not in answer.text
    doors = words_of(told.people.carla.get("/doors"))
    assert "1 way goes there: Anna." in doors and "On, switched on by Anna" in doors
    assert "Anna switched on ntfy.example" in told.log()


def test_the_way_of_anybody_else_waits_for_an_owner(told: Told) -> None:
    form = {"kind": "ntfy", "address": "bens-topic"}
    waits = "Nothing is sent yet: an owner has to switch on ntfy.example under What leaves the house."
    assert waits in words_of(told.people.ben.post("/account/notices/ways", data=form, follow_redirects=True))
    test = told.people.ben.post(f"/account/notices/ways/{first_way(told.people.ben)}/test", follow_redirects=True)
    assert "Failed. An owner has switched this way off" in words_of(test)
    told.people.anna.post("/doors", data={"host": "ntfy.example", "open": "yes"})
    assert waits not in words_of(told.people.ben.get("/account"))


def test_what_an_owner_has_switched_off_stays_off_when_a_way_is_added(told: Told) -> None:
    told.add_way("Ben", "bens-topic")
    told.people.anna.post("/doors", data={"host": "ntfy.example"})
    form = {"kind": "ntfy", "address": "annas-topic"}
    answer = told.people.anna.post("/account/notices/ways", data=form, follow_redirects=True)
    assert "Nothing is sent yet: an owner has to switch on ntfy.example" in words_of(answer)


def test_a_test_says_at_once_what_became_of_it(told: Told) -> None:
    told.add_way("Anna", "our-charger")
    page = told.people.anna.get("/account").text
    assert "Send a test to ntfy ou…" in page and "Remove ntfy ou…" in page
    address = f"/account/notices/ways/{first_way(told.people.anna)}/test"
    answer = told.people.anna.post(address, follow_redirects=True)
    assert "Test to ntfy ou…. Handed over at 18:00." in words_of(answer)
    [(to, message)] = told.carrier.arrived
    assert (to, message.title) == ("our-charger", "This is a test")
    assert message.link.startswith("http://localhost/account?told=")
    told.carrier.does["our-charger"] = Outcome(Result.FAILED, "refused")
    answer = told.people.anna.post(address, follow_redirects=True)
    assert "Failed. It refused the notice. Is the address right?" in words_of(answer)
    assert [stage for _event, _way, stage in told.last_ten("Anna")] == ["failed", "handed_over"]


def test_removing_asks_first_and_nobody_removes_anothers(told: Told) -> None:
    told.add_way("Anna", "our-charger")
    address = f"/account/notices/ways/{first_way(told.people.anna)}/remove"
    assert "Remove ntfy ou…" in words_of(told.people.anna.get(address))
    told.people.ben.post(address)
    told.people.ben.post(address.replace("remove", "test"))
    assert told.carrier.sent == [] and first_way(told.people.anna)
    answer = told.people.anna.post(address, follow_redirects=True)
    assert "Removed: ntfy ou…." in words_of(answer) and 'id="way-' not in answer.text
    assert "was not there any more" in words_of(told.people.anna.post(address, follow_redirects=True))


def test_the_page_waits_a_moment_for_a_test_that_is_sent_in_the_background(
    told: Told, threads: Background, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "A_PAGE_WAITS_S", 60)  # on a slow machine, too
    told.add_way("Anna", "our-charger")
    address = f"/account/notices/ways/{first_way(told.people.anna)}/test"
    assert "Handed over at 18:00." in words_of(told.people.anna.post(address, follow_redirects=True))


def test_an_address_that_cannot_be_taken_is_said_at_its_field(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_kind: WayKind, _typed: str, *, is_owner: bool) -> str:
        raise Wrong(f"Not like that, {'owner' if is_owner else 'you'}.", "address")

    monkeypatch.setattr(ways, "parse", refuse)
    answer = told.people.ben.post("/account/notices/ways", data={"kind": "mail", "address": "x"})
    assert answer.status_code == 400 and "Not like that, you." in words_of(answer)
    assert 'value="x" autocomplete="off"' in answer.text and '<option value="mail" selected>' in answer.text
    assert "Not like that, owner." in words_of(
        told.people.anna.post("/account/notices/ways", data={"kind": "mail"})
    )
    for kind in ("", "pigeon", "pretend"):
        answer = told.people.ben.post("/account/notices/ways", data={"kind": kind, "address": "x"})
        assert answer.status_code == 400 and "Choose by which way" in words_of(answer)


def test_the_same_address_is_one_way_and_a_browser_belongs_to_whoever_added_it_last(told: Told) -> None:
    for _time in range(2):
        told.add_way("Anna", "our-charger")
    assert told.people.anna.get("/account").text.count('id="way-') == 1
    told.add_way("Anna", "a browser", WayKind.BROWSER)
    told.add_way("Ben", "a browser", WayKind.BROWSER)
    assert "this browser" not in re.findall(r"<b>([^<]*)</b>", told.people.anna.get("/account").text)
    assert "<b>this browser a …</b>" in told.people.ben.get("/account").text


def test_signing_out_ends_that_browsers_notices_and_no_other(told: Told) -> None:
    told.add_way("Anna", "our-charger")
    told.add_way("Anna", "a browser", WayKind.BROWSER)
    told.people.anna.post("/logout")
    anna, _answer = told.people.sign_in("Anna")
    page = anna.get("/account").text
    assert "<b>ntfy ou…</b>" in page and "<b>this browser" not in page


def test_only_whoever_was_told_opens_a_notice_and_a_look_opens_nothing(told: Told) -> None:
    told.add_way("Anna", "our-charger")
    told.add_way("Ben", "bens-topic")
    told.hears("Ben", NewsKind.FINISHED)
    told.report(NewsKind.FINISHED, charger_id="a")
    told.tick()
    [message] = [message for to, message in told.carrier.arrived if to == "bens-topic"]
    told.people.clock.advance(seconds=120)
    opened = f"/account/notices/{message.tag}/opened"
    page = told.people.ben.get(f"/account?told={message.tag}").text
    assert opened in page and "told.js" in page
    assert told.people.anna.post(opened).status_code == 204
    assert told.last_ten("Ben") == [("finished", "ntfy", "handed_over")]
    assert told.people.stranger.post(opened).status_code == 303
    assert told.people.ben.post(opened).status_code == 204
    told.people.clock.advance(seconds=60)
    told.people.ben.post(opened)
    assert told.last_ten("Ben") == [("finished", "ntfy", "opened")]
    assert "Ben was told at 18:00; opened 18:02: A charge has ended" in told.log()
    assert told.people.ben.post(opened, data={"next": "/plan"}).location == "/plan"
    assert told.people.ben.post(opened, data={"next": "//other.example/x"}).location == "/account#being-told"


def test_a_member_who_is_removed_is_told_nothing_any_more(told: Told) -> None:
    told.add_way("Anna", "our-charger")
    told.add_way("Ben", "bens-topic")
    told.hears("Ben", NewsKind.FINISHED)
    told.people.anna.post(f"/household/members/{told.id_of('Ben')}/remove")
    told.report(NewsKind.FINISHED, charger_id="a")
    told.tick()
    assert told.carrier.titles("bens-topic") == []
