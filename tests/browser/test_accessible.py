"""Pages for everybody: nothing that axe-core finds wrong; fit for fingers, the keyboard alone and large text."""

import json
from itertools import product

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.steps import PC, PHONE, enter, larger_text, open_situation

CHARGER = "/chargers/11111111-2222-4333-8444-555555555555"
PAGES = {
    "signed out": ["/login", "/setup", "/invitations/unknown"],
    "portfolio": ["/portfolio"],
    "charger": [
        "/",
        CHARGER,
        "/pause",
        "/resume",
        *(f"{CHARGER}/{more}" for more in ("observations", "deauthorize", "restart", "sheet")),
    ],
    "rooms": [
        "/plan",
        "/history",
        "/activity",
        "/household",
        "/account",
        "/more",
        "/more/chargers",
        "/doors",
        "/tariff?kind=by+the+clock",
    ],
    "further": ["/setup/next", "/setup/next?after=invite", "/more/account", "/demo", "/logout", "/nothing-here"],
}
AXE = Axe().axe_script
OPTIONS = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],  # to describe what is right as well takes longer than the search
}
SEARCH = f"axe.run({json.dumps(OPTIONS)}).then(({{ violations }}) => violations)"
UNFOLD = "document.querySelectorAll('details').forEach((one) => { one.open = true; })"


def search(page: Page) -> list[str]:
    """What is wrong with the page as it is now; axe has to be in it."""
    return [f"{one['id']}: {node['html'][:120]}" for one in page.evaluate(SEARCH) for node in one["nodes"]]


@pytest.mark.long
@pytest.mark.parametrize("pages", PAGES)
def test_axe_finds_nothing_on_any_page(portfolio, new_page, pages):
    page = new_page(bypass_csp=True)
    if pages != "signed out":
        enter(page, portfolio)
    found = []
    for path in PAGES[pages]:
        page.goto(portfolio.url + path)
        page.evaluate(UNFOLD)
        page.evaluate(AXE)
        for size, scheme in product((PHONE, PC), ("light", "dark")):
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme)
            found += [f"{path}, {scheme}, {size['width']} px: {problem}" for problem in search(page)]
    assert not found, "\n".join(found)


def test_axe_finds_nothing_with_forced_colours(portfolio, new_page):
    page = enter(new_page(bypass_csp=True, forced_colors="active"), portfolio)
    for path in ("/", "/portfolio", "/plan"):
        page.goto(portfolio.url + path)
        page.evaluate(AXE)
        assert search(page) == []


def small_targets(page: Page) -> list[str]:
    """What can be pressed and is smaller than a finger; links inside running text are excepted."""
    return page.evaluate(
        """() => [...document.querySelectorAll('a, button, summary, select, input:not([type=hidden])')]
          .filter((one) => one.checkVisibility() && !one.closest('.demo-bar'))
          .map((one) => one.matches('[type=checkbox], [type=radio]') ? one.closest('label') : one)
          .filter((one) => {
            if (one.matches('a') && getComputedStyle(one).display === 'inline') {
              const around = one.closest('p, li, dt, dd, td, strong');
              if (around && around.textContent.trim() !== one.textContent.trim()) return false;
            }
            const box = one.getBoundingClientRect();
            return box.width && (box.height < 43.5 || box.width < 43.5);
          }).map((one) => one.outerHTML.slice(0, 90))"""
    )


def test_what_can_be_pressed_is_large_enough_for_a_finger(portfolio, new_page):
    page = enter(new_page(), portfolio)
    found = {}
    for name in ("charging", "paused", "disconnected"):
        open_situation(page, portfolio, name)
        for summary in page.locator("summary").all():
            summary.click()
        found[name] = small_targets(page)
    for path in ("/", "/more", "/plan", "/account", "/household", "/activity", "/demo", "/history"):
        page.goto(portfolio.url + path)
        found[path] = small_targets(page)
    lines = [f"{where}: {one}" for where, ones in found.items() for one in ones]
    assert not lines, "\n".join(lines)


def test_motion_only_while_power_flows_and_none_for_who_wants_less(portfolio, new_page):
    moving = "[...document.querySelectorAll('article *')].some((one) => one.getAnimations().length)"
    page = enter(new_page(reduced_motion="no-preference"), portfolio)
    assert open_situation(page, portfolio, "charging").evaluate(moving)
    assert not open_situation(page, portfolio, "paused").evaluate(moving)
    calm = enter(new_page(reduced_motion="reduce"), portfolio)
    assert not open_situation(calm, portfolio, "charging").evaluate(moving)


@pytest.mark.parametrize("name", ["charging", "offline"])
def test_at_four_hundred_percent_nothing_has_to_be_scrolled_sideways(portfolio, new_page, name):
    page = enter(new_page(size={"width": 320, "height": 256}), portfolio)
    open_situation(page, portfolio, name)
    widths = {}
    readings = f"/chargers/{portfolio.app.extensions['portfolio'][name]}/observations"
    for path in (None, readings, "/more", "/plan", "/history", "/activity", "/household", "/account", "/demo"):
        if path:
            page.goto(portfolio.url + path)
        widths[path or name] = page.evaluate("document.documentElement.scrollWidth")
    assert {path: width for path, width in widths.items() if width > 320} == {}


@pytest.mark.parametrize(("width", "percent"), [(360, 130), (320, 100)])
def test_with_larger_text_and_long_names_nothing_has_to_be_scrolled_sideways(live, new_page, width, percent):
    page = new_page(size={"width": width, "height": 640})
    larger_text(page, percent)
    enter(page, live)
    page.goto(live.url + "/account")
    page.get_by_label("New name").fill("Anna" * 10)
    page.get_by_role("button", name="Change name").click()
    widths = {}
    for path in ("/", "/history", "/history/statement", "/plan", "/household", "/activity", "/more", "/account"):
        page.goto(live.url + path)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        widths[path] = page.evaluate("document.documentElement.scrollWidth")
    assert {path: found for path, found in widths.items() if found > width} == {}


def test_with_the_keyboard_alone_everything_on_the_page_is_reached_in_order(portfolio, new_page):
    page = open_situation(enter(new_page(size=PC), portfolio), portfolio, "charging")
    reached = []
    for _ in range(30):
        page.keyboard.press("Tab")
        what = page.evaluate(
            "(document.activeElement.textContent || document.activeElement.id).trim().slice(0, 30)"
        )
        outlined = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        if what in reached[:-1] or page.evaluate("document.activeElement === document.body"):
            break
        if what in reached:  # a time has a stop for its hours and one for its minutes
            continue
        assert outlined != "none", what
        reached.append(what)
    assert reached[1] == "Pause charging", reached
    assert reached.index("Why?") < reached.index("Details") < reached.index("More")
