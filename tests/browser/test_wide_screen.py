"""A PC's width is used: the navigation at the side, several chargers as a grid, and all pages equally wide."""

from __future__ import annotations

from itertools import pairwise

from playwright.sync_api import Page

from tests.browser.steps import PC, PHONE, enter, open_situation

PAGES = ("/", "/plan", "/history", "/activity", "/household", "/account", "/more", "/demo")
BOX = """one => {
  const {left, right, top, bottom} = one.getBoundingClientRect();
  return {left, right, top, bottom};
}"""
CARDS = """() => [...document.querySelectorAll('article')].map((one) => {
  const {left, height} = one.getBoundingClientRect();
  return [one.dataset.situation, Math.round(left), one.querySelectorAll('.act button').length, height];
})"""
# Where what stands under the state begins and ends.
EDGES = """() => [...document.querySelectorAll('article > .card')].map((one) => {
  const {top, bottom} = one.getBoundingClientRect();
  return [top, bottom];
})"""


def box(page: Page, selector: str) -> dict[str, float]:
    found: dict[str, float] = page.locator(selector).first.evaluate(BOX)
    return found


def test_on_a_pc_the_navigation_is_at_the_side_and_all_pages_are_equally_wide(portfolio, new_page):
    page = enter(new_page(size=PC), portfolio)
    edges = {}
    for path in PAGES:
        page.goto(portfolio.url + path)
        main = box(page, "main")
        assert box(page, "nav.bar")["right"] <= main["left"], path
        edges[path] = (main["left"], main["right"])
    open_situation(page, portfolio, "charging")
    edges["charger"] = (box(page, "main")["left"], box(page, "main")["right"])
    assert len(set(edges.values())) == 1, edges
    assert edges["/"][1] - edges["/"][0] > 0.8 * PC["width"]


def test_state_figures_and_what_is_next_are_on_one_screen_of_a_pc(portfolio, new_page):
    page = open_situation(enter(new_page(size=PC), portfolio), portfolio, "charging")
    for selector in (".says", ".act", ".next", ".numbers", ".quick"):
        assert box(page, selector)["bottom"] <= PC["height"], selector
    assert box(page, ".numbers")["left"] > box(page, ".act")["right"]


def test_on_a_phone_the_navigation_stays_at_the_bottom(portfolio, new_page):
    page = open_situation(enter(new_page(size=PHONE), portfolio), portfolio, "charging")
    before = box(page, "nav.bar")
    assert before["bottom"] == PHONE["height"]
    page.mouse.wheel(0, 400)
    assert box(page, "nav.bar") == before


def test_several_chargers_are_a_grid_with_those_first_that_can_be_pressed(portfolio, new_page):
    page = enter(new_page(size=PC), portfolio)
    cards = page.evaluate(CARDS)
    assert len({left for _, left, _, _ in cards}) == 3
    has_button = [buttons > 0 for _, _, buttons, _ in cards]
    assert has_button == sorted(has_button, reverse=True)
    assert cards[-1][0] == "disconnected"
    assert cards[-1][3] < 60  # one line
    page.set_viewport_size(PHONE)
    assert len({left for _, left, _, _ in page.evaluate(CARDS)}) == 1


def test_the_columns_of_a_chargers_page_have_no_holes(portfolio, new_page):
    page = open_situation(enter(new_page(size=PC), portfolio), portfolio, "charging")
    assert box(page, ".aside")["bottom"] > box(page, ".state")["bottom"] + 100
    edges = page.evaluate(EDGES)
    gaps = [round(lower[0] - upper[1]) for upper, lower in pairwise(edges)]
    assert len(gaps) > 2 and set(gaps) == {16}, edges


def test_many_devices_leave_no_hole_in_the_account(portfolio, new_page):
    page = enter(new_page(size=PC), portfolio, path="/account")
    page.locator(".things").evaluate("list => { list.style.height = '3000px'; }")
    for column in (1, 2):
        edges = page.evaluate(EDGES.replace("article > .card", f".under:nth-child({column}) > .card"))
        assert {round(lower[0] - upper[1]) for upper, lower in pairwise(edges)} == {16}, edges
