"""Where things stand on a phone: everything that matters at once, the button always in the same place."""

from itertools import product
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from tests.browser.steps import PC, PHONE, enter, larger_text, open_situation, situation
from tests.portfolio_alerts import ALERTS

FIRST_ROWS = ["charging", "pausing", "paused", "offline", "waiting_car"]
WITH_THE_BUTTON = [
    "charging",
    "pausing",
    "paused",
    "not_drawing",
    "waiting_car",
    "waiting_power",
    "scheduled",
    "resuming",
]
STAGES = ["", "asked", "accepted", "confirmed", "not_confirmed", "refused"]
# Each alert with each stage of a receipt; and in each situation none and several of them.
CASES = [
    *product(["charging"], ([alert] for alert in ALERTS), STAGES),
    *product(WITH_THE_BUTTON, ([], list(ALERTS)[-4:]), STAGES),
]
# Where the button begins and ends, and what comes next begins, with each of these cards in the place of this one.
EDGES_OF_EACH = """async (cases) => {
  const places = [];
  for (const each of cases) {
    const html = await (await fetch("/portfolio/" + each)).text();
    document.querySelector("article").replaceWith(
      document.adoptNode(new DOMParser().parseFromString(html, "text/html").querySelector("article")));
    const box = (it) => document.querySelector(it).getBoundingClientRect();
    const [button, next] = [box("button.primary"), box(".next")];
    places.push([button.top, button.bottom, next.top].map(Math.round));
  }
  return places;
}"""
BOX = "element => { const box = element.getBoundingClientRect(); return [box.top, box.bottom]; }"
# As browsers count them: not what follows an input at once. Other words in the button, which stays, are no shift.
# What moved, when, and by how much, as browsers count it. They tell of it a moment later: its own time counts.
NOTE_SHIFTS = """window.shifts = [];
  const moved = ({previousRect: was, currentRect: is}) => was.x !== is.x || was.y !== is.y;
  new PerformanceObserver((list) => list.getEntries().forEach((each) => {
    const sources = each.sources.filter(moved).map(({node}) => node?.parentElement?.outerHTML.slice(0, 200));
    if (!each.hadRecentInput && sources.length) window.shifts.push([each.startTime, each.value, sources]);
  })).observe({type: "layout-shift", buffered: true});"""


@pytest.mark.parametrize("percent", [100, 130])
def test_sentence_button_receipt_and_what_is_next_fit_a_small_phone(portfolio, new_page, percent):
    page = new_page(size=PHONE)
    larger_text(page, percent)
    enter(page, portfolio)
    ends = {}
    for name in FIRST_ROWS:
        open_situation(page, portfolio, name)
        bar = page.locator("nav.bar").evaluate(BOX)[0]
        ends[name] = round(bar - page.locator(".next").evaluate(BOX)[1])
    assert {name: room for name, room in ends.items() if room < 0} == {}, ends


@pytest.mark.parametrize("size", [PHONE, PC], ids=["phone", "pc"])
@pytest.mark.parametrize("percent", [100, 130])
def test_the_button_stays_where_it_is_whatever_the_situation(portfolio, new_page, size, percent):
    page = new_page(size=size)
    larger_text(page, percent)
    enter(page, portfolio)
    boxes = {}
    for name in WITH_THE_BUTTON:
        open_situation(page, portfolio, name)
        boxes[name] = [round(edge) for edge in page.locator("button.primary").evaluate(BOX)]
    tops, bottoms = zip(*boxes.values(), strict=True)
    assert max(tops) - min(tops) <= 2, boxes
    assert max(bottoms) - min(bottoms) <= 2, boxes


@pytest.mark.parametrize("size", [PHONE, PC], ids=["phone", "pc"])
def test_alerts_and_receipts_come_and_go_and_nothing_moves(portfolio, new_page, size):
    page = enter(new_page(size=size), portfolio)
    open_situation(page, portfolio, "charging")
    cases = [
        f"{name}?{urlencode({'alert': alerts, 'receipt': stage}, doseq=True)}" for name, alerts, stage in CASES
    ]
    places = dict(zip(cases, page.evaluate(EDGES_OF_EACH, cases), strict=True))
    for edges in zip(*places.values(), strict=True):
        assert max(edges) - min(edges) <= 2, places


@pytest.mark.parametrize("size", [PHONE, PC], ids=["phone", "pc"])
def test_nothing_shifts_while_a_press_takes_effect(live, new_page, size):
    page = new_page(size=size)
    page.add_init_script(NOTE_SHIFTS)
    enter(page, live)
    situation(page, "charging")
    pressed_at = page.evaluate("performance.now()")
    page.get_by_role("button", name="Pause charging").click()
    situation(page, "paused")
    expect(page.get_by_role("status")).to_have_attribute("data-stage", "confirmed")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")  # the last are told
    assert [shift for shift in page.evaluate("window.shifts") if shift[0] >= pressed_at] == []
