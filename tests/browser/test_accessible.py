"""What axe-core finds wrong: nothing, on any page, in both schemes, on a phone and on a PC."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.steps import PC, PHONE, enter

CHARGER = "11111111-2222-4333-8444-555555555555"
SIGNED_IN = [
    "/portfolio",
    "/",
    f"/chargers/{CHARGER}",
    "/pause",
    "/resume",
    "/plan",
    "/history",
    "/activity",
    "/household",
    "/account",
    "/more",
    "/more/chargers",
    "/more/account",
    "/demo",
    "/logout",
    f"/chargers/{CHARGER}/observations",
    f"/chargers/{CHARGER}/deauthorize",
    f"/chargers/{CHARGER}/restart",
    f"/chargers/{CHARGER}/sheet",
    "/nothing-here",
]
AXE = Axe()
OPTIONS = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],  # to describe what is right as well takes longer than the search
}


def found_on(page: Page) -> list[str]:
    results = AXE.run(page, options=OPTIONS).response["violations"]
    return [f"{one['id']}: {node['html'][:120]}" for one in results for node in one["nodes"]]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, PC], ids=["phone", "pc"])
def test_axe_finds_nothing_on_any_page(portfolio, new_page, size, dark):
    page = new_page(size=size, dark=dark, bypass_csp=True)
    found = {}
    for path in ("/login", "/setup", "/invitations/unknown"):
        page.goto(portfolio.url + path)
        found[path] = found_on(page)
    enter(page, portfolio)
    for path in SIGNED_IN:
        page.goto(portfolio.url + path)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        found[path] = found_on(page)
    lines = [f"{path}: {problem}" for path, problems in found.items() for problem in problems]
    assert not lines, "\n".join(lines)


def test_axe_finds_nothing_with_forced_colours(portfolio, new_page):
    page = enter(new_page(bypass_csp=True, forced_colors="active"), portfolio)
    for path in ("/", "/portfolio", "/plan"):
        page.goto(portfolio.url + path)
        assert found_on(page) == []
