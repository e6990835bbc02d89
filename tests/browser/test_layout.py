"""Where things stand on a phone: everything that matters at once, the button always in the same place."""

import pytest

from tests.browser.steps import PC, PHONE, enter, larger_text, open_situation

FIRST_ROWS = ["charging", "pausing", "paused", "offline", "waiting_car"]
WITH_THE_BUTTON = ["charging", "pausing", "paused", "not_drawing", "waiting_car"]
BOX = "element => { const box = element.getBoundingClientRect(); return [box.top, box.bottom]; }"


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
