"""The charger's page while it stands open: refreshes that disturb nothing, and honest when nothing comes."""

import re

from playwright.sync_api import Page, expect
from sqlalchemy import delete, select, update

from dashboard.charger.tables import command
from dashboard.household.tables import device_table, member_table
from tests.browser.steps import Live, enter, open_situation, situation

WATCH_CHANGES = """() => {
  window.changes = [];
  window.heard = [];
  const note = (list) => (records) => records
    .filter((one) => one.attributeName !== 'class') // htmx marks the article while it asks
    .forEach((one) => list.push([one.target.nodeName, one.type, one.attributeName].join(' ')));
  new MutationObserver(note(changes)).observe(document.querySelector('article'),
    {subtree: true, childList: true, attributes: true, characterData: true});
  new MutationObserver(() => heard.push(document.getElementById('live').textContent))
    .observe(document.getElementById('live'), {childList: true, characterData: true, subtree: true});
}"""
COLOUR = "one => getComputedStyle(one).color"
HIDE = """(hidden) => {
  Object.defineProperty(document, 'hidden', {configurable: true, get: () => hidden});
  document.dispatchEvent(new Event('visibilitychange'));
}"""


def database(live: Live):
    return live.app.extensions["services"].database


def is_refresh(response) -> bool:
    return response.request.headers.get("hx-request") == "true"


def with_a_clock(page: Page) -> Page:
    """Give the page a clock of its own, which `page.clock` moves."""
    page.clock.install()
    return page


def stop_the_clock(page: Page) -> None:
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 0.5)


def become_old(page: Page) -> int:
    """Let time pass until the page says that it is out of date; milliseconds since its last answer, by then."""
    stop_the_clock(page)
    while page.locator("#stale").is_hidden():
        page.clock.run_for(1_000)
    return page.evaluate("Date.now() - answeredAt")


def wait_for_refresh(page: Page):
    """Let it become time for the next one; its answer."""
    with page.expect_response(is_refresh) as response:
        page.clock.run_for(5_000)
    return response.value


def test_an_unchanged_refresh_touches_nothing(portfolio, new_page):
    page = open_situation(enter(with_a_clock(new_page()), portfolio), portfolio, "charging")
    page.evaluate(WATCH_CHANGES)
    assert wait_for_refresh(page).status == 204
    assert wait_for_refresh(page).status == 204
    assert page.evaluate("changes") == []
    assert page.evaluate("heard") == []


def test_focus_and_what_was_unfolded_stay_through_changes(live, world, new_page):
    page = enter(with_a_clock(new_page()), live)
    situation(page, "charging")
    why = page.get_by_text("Why?", exact=True)
    why.click()
    expect(page.locator("details[id^=why]")).to_have_attribute("open", "")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    page.evaluate(WATCH_CHANGES)
    world.charger.car_has_its_own_timer()
    live.know_the_news()
    page.clock.run_for(5_000)
    button = page.get_by_role("button", name="Pause charging")
    situation(page, "finished")
    expect(page.locator("details[id^=why]")).to_have_attribute("open", "")
    assert page.evaluate("document.activeElement.closest('details').id").startswith("why-")
    assert len([text for text in page.evaluate("heard") if text]) == 1
    world.charger.unplug()
    world.charger.plug_in_and_charge()
    live.know_the_news()
    page.clock.run_for(5_000)
    situation(page, "charging")
    button.focus()
    world.charger.set_value(553, "12.5")
    live.know_the_news()
    page.clock.run_for(5_000)
    expect(page.locator(".numbers")).to_contain_text("12.5")
    expect(button).to_be_focused()


def test_the_button_keeps_the_focus_through_a_pause(live, world, new_page):
    page = enter(new_page(), live)
    page.get_by_role("button", name="Pause charging").focus()
    page.evaluate(WATCH_CHANGES)
    page.keyboard.press("Enter")
    situation(page, "paused")
    expect(page.get_by_role("status")).to_contain_text("confirmed")
    assert page.evaluate("document.activeElement.id").startswith("action-")
    said = [text for text in page.evaluate("heard") if text]
    assert said == ["Pausing…", "Paused by Anna"]


def test_refreshes_pause_while_hidden_and_run_at_once_when_shown_again(portfolio, new_page):
    page = open_situation(enter(with_a_clock(new_page()), portfolio), portfolio, "charging")
    wait_for_refresh(page)
    page.evaluate(HIDE, True)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(60_000)  # twelve refreshes would have come
    assert asked == []
    stop_the_clock(page)  # it has not become time for a refresh
    with page.expect_request(lambda request: "seen=" in request.url):
        page.evaluate(HIDE, False)


def test_a_page_from_the_back_forward_cache_is_fresh_or_says_that_it_is_old(live, world, new_page):
    page = enter(with_a_clock(new_page()), live)
    situation(page, "charging")
    page.goto(live.url + "/more")
    world.charger.unplug()
    live.know_the_news()
    page.go_back()
    situation(page, "disconnected")
    world.charger.plug_in_and_charge()
    live.know_the_news()
    page.clock.run_for(5_000)
    situation(page, "charging")
    live.stop()
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    assert page.locator("#stale").is_visible()
    assert page.locator("button.primary").is_disabled()
    live.start()
    page.clock.run_for(5_000)
    expect(page.locator("#stale")).to_be_hidden()
    expect(page.locator("button.primary")).to_be_enabled()


def test_without_an_answer_the_page_says_it_is_out_of_date_and_heals_by_itself(live, world, new_page):
    page = enter(with_a_clock(new_page()), live)
    situation(page, "charging")
    button = page.get_by_role("button", name="Pause charging")
    live.stop()
    assert 15_000 < become_old(page) <= 17_000
    expect(page.locator("#stale")).to_contain_text("out of date")
    expect(button).to_be_disabled()
    sentence = page.get_by_role("heading", level=1)
    expect(sentence).to_have_text(re.compile(r"^Was charging at \d\d:\d\d$"))
    assert sentence.evaluate(COLOUR) == page.locator(".meta").first.evaluate(COLOUR)  # grey
    live.start()
    page.clock.run_for(5_000)
    expect(page.locator("#stale")).to_be_hidden()
    expect(button).to_be_enabled()
    expect(sentence).to_have_text(re.compile(r"^Charging with"))


def test_on_a_slow_network_a_press_still_shows_at_once_that_it_was_taken(live, world, new_page):
    page = enter(new_page(), live)
    situation(page, "charging")
    network = page.context.new_cdp_session(page)
    network.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 1500, "downloadThroughput": 6000, "uploadThroughput": 6000},
    )
    press = page.get_by_role("button", name="Pause charging")
    assert press.evaluate("button => { button.click(); return button.getAttribute('aria-busy'); }") == "true"
    situation(page, "paused")
    expect(page.locator("#stale")).to_be_hidden()
    assert world.charger.commands == [506]


def test_a_change_of_role_shows_at_the_next_refresh(live, new_page):
    page = enter(with_a_clock(new_page()), live, "carla")
    expect(page.locator(".reason")).to_contain_text("Ask Anna")
    with database(live).writing() as connection:
        connection.execute(update(member_table).where(member_table.c.name == "Carla").values(role="member"))
    page.clock.run_for(5_000)
    expect(page.get_by_role("button", name="Pause charging")).to_be_enabled()
    with database(live).writing() as connection:
        connection.execute(update(member_table).where(member_table.c.name == "Carla").values(role="viewer"))
    page.clock.run_for(5_000)
    expect(page.locator(".reason")).to_contain_text("Ask Anna")


def test_who_is_removed_or_signed_out_elsewhere_lands_on_the_sign_in(live, new_page):
    removed, ended = (enter(with_a_clock(new_page()), live, name) for name in ("ben", "carla"))
    situation(removed, "charging")
    situation(ended, "charging")
    with database(live).writing() as connection:
        connection.execute(delete(member_table).where(member_table.c.name == "Ben"))
        connection.execute(delete(device_table))
    for page in (removed, ended):
        page.clock.run_for(5_000)
        page.wait_for_url(re.compile("/login"))
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        expect(page.locator("article")).to_have_count(0)


def test_a_press_after_the_session_ended_leads_to_the_sign_in_and_is_not_replayed(live, world, new_page):
    page = enter(new_page(), live, "ben")
    situation(page, "charging")
    with database(live).writing() as connection:
        connection.execute(delete(device_table))
    page.get_by_role("button", name="Pause charging").click()
    page.wait_for_url(re.compile("/login"))
    page.get_by_label("Name").fill("ben")
    page.get_by_label("Password").fill("demo")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Pause charging")).to_be_visible()
    assert world.charger.commands == []


def test_the_word_that_the_page_is_out_of_date_is_on_the_screen(live, new_page):
    page = enter(with_a_clock(new_page()), live)
    page.evaluate("scrollTo(0, 400)")
    button = page.locator("button.primary").bounding_box()
    live.stop()
    become_old(page)
    expect(page.locator("#stale")).to_be_in_viewport()
    box = page.locator("#stale").bounding_box()
    assert box["y"] + box["height"] < page.locator("nav.bar").bounding_box()["y"]
    assert page.locator("button.primary").bounding_box() == button  # it pushes nothing


def test_whoever_pressed_in_vain_has_seen_the_alert_once_it_is_before_their_eyes(live, world, new_page):
    page = enter(new_page(), live, name="ben")
    onlooker = enter(new_page(), live, name="carla")
    told = []
    for each in (page, onlooker):
        each.on("request", lambda request, each=each: request.url.endswith("/seen") and told.append(each))
    world.answer_commands(400, carry_out=False)
    with page.expect_response(lambda response: response.url.endswith("/seen")) as response:
        page.get_by_role("button", name="Pause charging").click()
    assert response.value.status == 204
    expect(page.get_by_role("alert")).to_contain_text("the pause did not get through")
    expect(onlooker.get_by_role("alert")).to_contain_text("the pause did not get through")
    with database(live).reading() as connection:
        assert connection.execute(select(command.c.seen_at)).scalar_one() is not None
    assert told == [page]
