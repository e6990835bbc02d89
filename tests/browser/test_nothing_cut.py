"""Nothing is cut and nothing lies over anything else: on a narrow phone, and with text twice as large."""

from __future__ import annotations

import pytest

from tests.browser.steps import enter, larger_text, what_is_cut

SITUATIONS = ("charging", "paused", "offline", "waiting_power", "disconnected", "scheduled", "no_access")
PAGES = {
    "several chargers": ["/"],
    "one charger": [f"/chargers/{{{name}}}" for name in SITUATIONS],
    "plan": ["/plan"],
    "people": [
        "/household",
        "/account",
        "/activity",
        "/more",
        "/more/chargers",
        "/more/home-screen",
        "/doors",
        "/tariff?kind=by+the+clock",
        "/demo",
    ],
    "an action": ["/pause", "/chargers/{charging}/deauthorize", "/chargers/{charging}/observations"],
}
SIZES = [(320, 100), (320, 200), (360, 200), (1280, 200)]


@pytest.mark.long
@pytest.mark.parametrize("pages", PAGES)
@pytest.mark.parametrize(("width", "percent"), SIZES)
def test_nothing_is_cut(portfolio, new_page, pages, width, percent):
    ids = portfolio.app.extensions["portfolio"]
    page = new_page(size={"width": width, "height": 640})
    larger_text(page, percent)
    enter(page, portfolio)
    found = {}
    for path in PAGES[pages]:
        page.goto(portfolio.url + path.format(**ids))
        if problems := what_is_cut(page):
            found[path] = problems
    assert found == {}
