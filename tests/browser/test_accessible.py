"""What axe-core finds wrong: nothing, on any page, in both schemes, on a phone and on a PC."""

import json
from itertools import product

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.steps import PC, PHONE, enter

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
    "further": ["/more/account", "/demo", "/logout", "/nothing-here"],
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
