"""The service worker: the last known state without a connection, with its age, and never anything else."""

import re

import pytest
from playwright.sync_api import Page, expect

from dashboard.web import install
from dashboard.web.assets import FOLDER
from tests.browser.steps import Live, enter, situation, until

IS_IN_CHARGE = "() => navigator.serviceWorker.controller !== null"
KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname);
  }
  return found.sort();
}"""


@pytest.fixture
def page(live: Live, new_page) -> Page:
    """A page of the charger that its service worker has kept."""
    page = new_page(service_workers="allow")
    enter(page, live)
    situation(page, "charging")
    page.wait_for_function(IS_IN_CHARGE)
    page.reload()
    situation(page, "charging")
    is_kept(page, "charging")
    return page


def is_kept(page: Page, name: str) -> None:
    """Wait until the page is kept in this situation; it is shown before."""
    until(page, f"async () => (await (await caches.match('/'))?.text())?.includes('\"{name}\"')")


def test_without_a_connection_the_last_known_state_is_shown_with_its_age_and_no_button(live, world, page):
    page.context.set_offline(True)
    page.reload()
    situation(page, "charging")
    expect(page.locator("#stale")).to_be_visible()
    expect(page.locator("#stale")).to_contain_text("No connection")
    expect(page.locator("#stale")).to_contain_text(re.compile(r"as of \d\d:\d\d"))
    expect(page.locator("button.primary")).to_be_disabled()
    page.locator("button.primary").dispatch_event("click")
    page.context.set_offline(False)
    expect(page.locator("#stale")).to_be_hidden()
    expect(page.locator("button.primary")).to_be_enabled()
    assert world.charger.commands == []  # nothing was queued


def test_what_is_kept_follows_what_was_shown_last(live, world, page):
    page.get_by_role("button", name="Pause charging").click()
    situation(page, "paused")
    expect(page.get_by_role("status")).to_contain_text("confirmed")
    is_kept(page, "paused")
    page.context.set_offline(True)
    page.reload()
    situation(page, "paused")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"^Was paused at \d\d:\d\d$"))
    expect(page.locator("#stale")).to_contain_text("No connection")
    expect(page.locator("button.primary")).to_be_disabled()


def test_the_bookmark_of_a_command_shows_no_kept_page_offline(live, page):
    page.context.set_offline(True)
    with pytest.raises(Exception, match="ERR_"):
        page.goto(live.url + "/pause")


def test_only_the_page_and_static_files_are_kept_and_nothing_after_signing_out(live, page):
    kept = [path for path in page.evaluate(KEPT) if not path.startswith("/static/")]
    assert kept == ["/"]
    page.goto(live.url + "/account")
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url(re.compile("/login"))
    assert_nothing_is_kept(page, live)


def assert_nothing_is_kept(page: Page, live: Live) -> None:
    until(page, f"async () => !(await ({KEPT})()).includes('/')")
    page.context.set_offline(True)
    with pytest.raises(Exception, match="ERR_"):
        page.goto(live.url)


def test_nothing_is_kept_of_one_person_when_another_signs_in(live, page):
    page.context.clear_cookies()  # Anna never signs out: her session ends elsewhere
    enter(page, live, "carla", "/more")
    assert_nothing_is_kept(page, live)


def test_nothing_is_kept_once_a_refresh_is_answered_with_401(live, page):
    page.context.clear_cookies()
    page.wait_for_url(re.compile("/login"))
    assert_nothing_is_kept(page, live)


WORKER = """async ([script, address]) => {
  const kept = new Map(), listeners = {}, late = {};
  const cache = { put: async (key, answer) => kept.set(key, answer) };
  const caches = { open: async () => cache, delete: async () => kept.clear() };
  const self = { addEventListener: (name, does) => { listeners[name] = does; } };
  const slow = new Promise((resolve) => { late.comes = () => resolve(new Response("Anna’s page")); });
  const fetch = (request) => (request.method === "GET" ? slow : Promise.resolve(new Response("Ben is in")));
  const location = { origin: "http://here" }, registration = { scope: "http://here/" };
  const around = { self, caches, fetch, location, registration };
  new Function(...Object.keys(around), script)(...Object.values(around));
  const send = (request) => {
    const work = [];
    request.headers = new Map();
    listeners.fetch({ request, respondWith: (answer) => work.push(answer), waitUntil: (more) => work.push(more) });
    return work;
  };
  const page = send({ url: "http://here/", method: "GET", mode: "navigate" });
  await Promise.all(send({ url: "http://here" + address, method: "POST", mode: "navigate" }));
  late.comes();
  await page[0];
  for (const work of page) await work;
  return [...kept.keys()];
}"""


@pytest.mark.parametrize("address", ["/login", "/logout", "/reset/x", "/invitations/x"])
def test_a_page_that_arrives_after_somebody_else_has_come_in_is_not_kept(new_page, address):
    page = new_page()
    script = (FOLDER / "service-worker.js").read_text()
    assert page.evaluate(WORKER, [script, address]) == []
    assert page.evaluate(WORKER, [script, "/more"]) == ["http://here/"]


def test_a_browser_that_calls_itself_offline_asks_all_the_same(live, world, new_page):
    page = new_page()
    page.add_init_script("Object.defineProperty(Navigator.prototype, 'onLine', { get: () => false })")
    enter(page, live)
    situation(page, "charging")
    world.charger.unplug()
    live.know_the_news()
    situation(page, "disconnected")
    expect(page.locator("#stale")).to_be_hidden()


def test_a_new_version_takes_over_from_the_old_one(live, page, monkeypatch):
    old = page.evaluate("caches.keys()")
    monkeypatch.setattr(install, "version", lambda: "another")
    page.evaluate("navigator.serviceWorker.getRegistration().then((one) => one.update())")
    until(page, "async () => (await caches.keys()).every((name) => name.endsWith('another'))")
    page.reload()
    situation(page, "charging")
    until(page, "async () => (await caches.keys()).join() === 'dashboard-another'")
    assert old != ["dashboard-another"]
