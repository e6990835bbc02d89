"""Notices to this browser: from *Add way* to the page with the button in focus.

A headless Chromium has no connection to its maker's push service, and refuses to subscribe in the private windows
that tests use. So `pushManager.subscribe` gives a subscription of the fake service here, and what that service gets
and decrypts is handed to the worker by Chromium's own `ServiceWorker.deliverPushMessage`. A tap on a notification
cannot be made either: the worker's own function for it is called. Everything else is what a household has.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from dashboard.background import AtOnce
from dashboard.charger.tables import charger_table
from dashboard.household.tables import member_table
from dashboard.news import News, NewsKind
from dashboard.notices import clock_job
from dashboard.services import Services
from tests.browser.steps import Live, becomes_so, enter, until
from tests.notices.fake_house import FakeHouse
from tests.notices.push_browser import PushBrowser, signed_claims

SUBSCRIBE = """(subscription) => {
  PushManager.prototype.subscribe = async function (options) {
    sessionStorage.subscribedWith = options.applicationServerKey;
    return { toJSON: () => JSON.parse(subscription) };
  };
}"""
SHOWN = """async () => {
  const worker = await navigator.serviceWorker.ready;
  return (await worker.getNotifications()).map(({ title, body, tag, data }) => ({ title, body, tag, data }));
}"""
CLOSE = """async () => {
  for (const one of await (await navigator.serviceWorker.ready).getNotifications()) one.close();
}"""
PRESS = """async () => {
  for (const shown of await registration.getNotifications()) await open(shown, shown.actions[0].action);
}"""
TAP = "async () => { for (const shown of await registration.getNotifications()) await open(shown); }"


@pytest.fixture
def service() -> Iterator[FakeHouse]:
    with FakeHouse() as house:
        yield house


@pytest.fixture
def phone(service: FakeHouse) -> PushBrowser:
    return PushBrowser(service.url + "/for-this-phone")


@pytest.fixture
def page(live: Live, new_page: Any, phone: PushBrowser) -> Page:
    page: Page = new_page(service_workers="allow", permissions=["notifications"])
    page.add_init_script(f"({SUBSCRIBE})({json.dumps(phone.subscription())})")
    return enter(page, live, "anna")


def add_this_browser(page: Page) -> None:
    page.get_by_label("Way", exact=True).select_option("browser")
    expect(page.get_by_label("Address")).to_be_hidden()
    page.get_by_role("button", name="Add way").click()


def deliver(page: Page, live: Live, said: Any) -> None:
    """Hand a push to the worker, as the browser does that has got one."""
    chromium = page.context.new_cdp_session(page)
    registered: list[str] = []
    chromium.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: registered.extend(one["registrationId"] for one in event["registrations"]),
    )
    chromium.send("ServiceWorker.enable")
    page.wait_for_function("navigator.serviceWorker.ready")
    while not registered:  # Chromium tells it when it comes to it
        page.evaluate("new Promise(requestAnimationFrame)")
    push = {"origin": live.url, "registrationId": registered[-1], "data": json.dumps(said)}
    is_shown = f"async () => (await ({SHOWN})()).length > 0"
    for _try in range(20):  # Chromium loses now and then what comes while it stops the worker
        chromium.send("ServiceWorker.deliverPushMessage", push)
        if becomes_so(page, is_shown, within_s=3):
            return
    pytest.fail("the push was never shown")


def tell(live: Live, of: NewsKind, **facts: str) -> None:
    """Something happens that Anna hears of."""
    services: Services = live.app.extensions["services"]
    threads, services.background = services.background, AtOnce(live.app.app_context)
    with live.app.app_context():
        with services.database.writing() as connection:
            charger_id = connection.execute(select(charger_table.c.id)).scalars().first()
            anna = connection.scalar(select(member_table.c.id).where(member_table.c.name_key == "anna"))
            services.report(connection, News(of, secrets.token_hex(4), services.now(), charger_id, anna, facts))
        clock_job.tell(services)
    services.background = threads


def test_allowed_and_tried_a_push_is_shown_and_opens_the_page_with_the_button_in_focus(
    live: Live, page: Page, service: FakeHouse, phone: PushBrowser
) -> None:
    page.get_by_role("link", name="Be told if it does not charge").click()
    add_this_browser(page)
    page.get_by_role("button", name="Send a test to this browser").click()
    expect(page.locator("#being-told > .notice")).to_contain_text("Test to this browser")
    while page.locator('#told [data-stage="handed_over"]').count() == 0:
        page.reload()
    [posted] = service.posted
    key = page.evaluate("sessionStorage.subscribedWith")
    assert signed_claims(posted, key)["aud"] == service.url
    deliver(page, live, phone.read(posted))
    [shown] = page.evaluate(SHOWN)
    assert shown["title"] == phone.read(posted)["notification"]["title"]
    page.evaluate(CLOSE)
    until(page, f"async () => (await ({SHOWN})()).length === 0")

    tell(live, NewsKind.NOT_TAKEN, action="pause")
    said = phone.read(service.posted[-1])
    deliver(page, live, said)
    [shown] = page.evaluate(SHOWN)
    assert shown["title"] == "The pause did not get through" and shown["data"] == said["notification"]["navigate"]
    [worker] = page.context.service_workers
    worker.evaluate(TAP)
    page.wait_for_url("**/pause")  # told.js has taken the mark out of the address again
    expect(page.get_by_role("button", name="Pause charging")).to_be_focused()
    expect(page.locator("#opened")).to_be_hidden()
    assert len(page.context.pages) == 1  # the window that was open
    assert page.evaluate(SHOWN) == []
    page.goto(f"{live.url}/account")
    expect(page.locator('#told [data-event="not_taken"]')).to_have_attribute("data-stage", "opened")


def test_a_button_of_a_notice_opens_its_own_page_and_nothing_elsewhere(live: Live, page: Page) -> None:
    for address, opened in (
        ("/plan?told=n-1#once-start", "/plan#once-start"),
        ("https://other.example/more", "/more"),
    ):
        button = {"action": address, "title": "Tonight"}
        notification = {"title": "A car", "navigate": "/", "tag": "n-1", "actions": [button]}
        page.evaluate("navigator.serviceWorker.register('/service-worker.js')")
        deliver(page, live, {"web_push": 8030, "notification": notification})
        page.context.service_workers[0].evaluate(PRESS)
        page.wait_for_url(live.url + opened)


def test_a_refused_permission_is_explained_and_nothing_is_added(
    live: Live, new_page: Any, service: FakeHouse
) -> None:
    page = enter(new_page(service_workers="allow"), live, "anna", "/account")
    page.evaluate("Notification.requestPermission = async () => 'denied'")
    add_this_browser(page)
    expect(page.locator("#browser-way")).to_contain_text("This browser was told not to show notices")
    expect(page.get_by_role("button", name="Send a test to this browser")).to_have_count(0)


INSECURE = "Object.defineProperty(window, 'isSecureContext', { get: () => false })"


@pytest.mark.parametrize(
    ("script", "agent", "said"),
    [
        (INSECURE, None, "only over https"),
        ("", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) Safari/605.1", "on the home screen"),
        ("delete window.PushManager", None, "This browser cannot take notices"),
    ],
)
def test_what_a_browser_lacks_is_said_where_it_is_chosen(
    live: Live, new_page: Any, script: str, agent: str | None, said: str
) -> None:
    page: Page = new_page(**({"user_agent": agent} if agent else {}))
    page.add_init_script(script)
    enter(page, live, "anna", "/account")
    page.get_by_label("Way", exact=True).select_option("ntfy")
    expect(page.locator("#browser-way")).to_be_hidden()
    expect(page.get_by_label("Address")).to_be_visible()
    expect(page.get_by_text("Install the app ntfy")).to_be_visible()
    expect(page.get_by_text("Your mail address")).to_be_hidden()
    page.get_by_label("Way", exact=True).select_option("browser")
    expect(page.locator("#browser-way")).to_contain_text(said)
    page.get_by_role("button", name="Add way").click()
    expect(page.locator("#browser-way")).to_be_focused()
    expect(page).to_have_url(f"{live.url}/account")


def test_without_javascript_each_way_shows_its_own_fields_and_this_browser_says_that_it_is_none(
    live: Live, new_page: Any
) -> None:
    page: Page = enter(new_page(script=False), live, "anna", "/account")
    expect(page.get_by_label("Way", exact=True)).to_have_value("browser")
    expect(page.get_by_text("Without JavaScript")).to_be_visible()
    expect(page.get_by_label("Address")).to_be_hidden()
    page.get_by_label("Way", exact=True).select_option("ntfy")
    expect(page.get_by_text("Without JavaScript")).to_be_hidden()
    page.get_by_label("Address").fill("https://nobody.invalid/our-charger")
    page.get_by_role("button", name="Add way").click()
    expect(page.locator("#being-told > .notice, #problem")).to_be_in_viewport()
    page.goto(live.url + "/account")
    page.get_by_label("A charge has ended").check()
    page.get_by_label("Quiet from").fill("22:00")
    page.get_by_role("button", name="Save what I hear").click()
    expect(page.get_by_text("Quiet hours need both")).to_be_in_viewport()
    expect(page.get_by_label("Quiet to")).to_be_focused()
    expect(page.get_by_label("A charge has ended")).to_be_checked()
