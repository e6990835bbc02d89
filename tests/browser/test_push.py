"""Notices to this browser: from *Add way* to the page with the button in focus.

A headless Chromium has no connection to its maker's push service, and refuses to subscribe in the private windows
that tests use. So `pushManager.subscribe` gives a subscription of the fake service here, and what that service gets
and decrypts is handed to the worker by Chromium's own `ServiceWorker.deliverPushMessage`. A tap on a notification
cannot be made either: the worker's own function for it is called. Everything else is what a household has.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from dashboard.notices import ways
from dashboard.notices.message import Message, Result, WayKind
from dashboard.notices.tables import way_table
from dashboard.services import Services
from tests.browser.steps import Live, enter
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
    return enter(page, live, "anna", "/account")


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
    push = {"origin": live.url, "registrationId": registered[-1], "data": json.dumps(said)}
    chromium.send("ServiceWorker.deliverPushMessage", push)
    page.wait_for_function(f"async () => (await ({SHOWN})()).length > 0")


def test_allowed_and_tried_a_push_is_shown_and_opens_the_page_with_the_button_in_focus(
    live: Live, page: Page, service: FakeHouse, phone: PushBrowser
) -> None:
    services: Services = live.app.extensions["services"]
    add_this_browser(page)
    page.get_by_role("button", name="Send a test to this browser").click()
    while page.locator('#told [data-stage="handed_over"]').count() == 0:
        page.reload()
    [posted] = service.posted
    key = page.evaluate("sessionStorage.subscribedWith")
    assert signed_claims(posted, key)["aud"] == service.url
    deliver(page, live, phone.read(posted))
    [shown] = page.evaluate(SHOWN)
    assert shown["title"] == phone.read(posted)["notification"]["title"]

    with services.database.reading() as connection:
        sealed = connection.execute(select(way_table.c.sealed)).scalar_one()
    notice = Message("Carport", "The car does not charge.", f"{live.url}/pause?told=n-17", "n-17", services.now())
    outcome = ways.send(services, WayKind.BROWSER, ways.unseal(services, sealed), notice)
    assert outcome.result is Result.HANDED_OVER
    page.evaluate(CLOSE)
    deliver(page, live, phone.read(service.posted[-1]))
    assert page.evaluate(SHOWN) == [
        {"title": "Carport", "body": "The car does not charge.", "tag": "n-17", "data": notice.link}
    ]
    [worker] = page.context.service_workers
    with page.expect_request("**/account/notices/n-17/opened") as opened:
        worker.evaluate(TAP)
    assert opened.value.method == "POST"
    page.wait_for_url("**/pause?told=n-17")
    expect(page.get_by_role("button", name="Pause charging")).to_be_focused()
    assert len(page.context.pages) == 1  # the window that was open
    assert page.evaluate(SHOWN) == []


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
    page.get_by_label("Way", exact=True).select_option("browser")
    expect(page.locator("#browser-way")).to_contain_text(said)
    page.get_by_role("button", name="Add way").click()
    expect(page.locator("#browser-way")).to_be_focused()
    expect(page).to_have_url(f"{live.url}/account")
