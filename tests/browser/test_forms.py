"""What somebody sees who made a mistake in a form, on a small phone without JavaScript."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.steps import enter


def test_after_a_bad_price_the_error_and_its_field_are_on_the_screen(live, new_page):
    page = new_page(script=False)
    page.goto(live.url + "/login?next=/history")
    page.get_by_role("button", name="Enter the demo").click()
    page.get_by_label("Price per kWh").fill("cheap")
    page.get_by_label("Currency").select_option("EUR")
    page.get_by_role("button", name="Add price").click()
    field = page.get_by_label("Price per kWh")
    expect(field).to_be_focused()
    expect(field).to_be_in_viewport()
    expect(page.get_by_role("alert")).to_be_in_viewport()
    expect(field).to_have_value("cheap")


def test_a_time_is_shown_in_24_hours_and_taken_as_it_is_typed_on_a_phone(live, new_page):
    page = enter(new_page(script=False, locale="en-US"), live)
    page.get_by_text("Pause for a while, timers").click()
    field = page.get_by_label("Pause until", exact=True)
    assert re.fullmatch("[0-9]{2}:[0-9]{2}", field.input_value())
    field.fill("at seven")
    page.get_by_role("button", name="Pause until then").click()
    assert field.evaluate("field => field.matches(':invalid')")
    field.fill("700")
    page.get_by_role("button", name="Pause until then").click()
    expect(page.get_by_text(re.compile("Goes on by itself .*07:00"))).to_be_visible()


def test_ticking_the_weekdays_or_adding_a_row_keeps_the_place_and_the_focus(live, new_page):
    page = enter(new_page(), live)
    page.goto(live.url + "/plan")
    loads: list[str] = []
    page.on("framenavigated", lambda frame: loads.append(frame.url))
    button = page.get_by_role("button", name="Tick the weekdays")
    button.scroll_into_view_if_needed()
    place = button.bounding_box()
    page.get_by_label("Saturday").check()
    button.click()
    expect(page.locator(".days input:checked")).to_have_count(5)
    expect(button).to_be_focused()
    assert button.bounding_box() == place
    page.get_by_role("button", name="Add another row").click()
    expect(page.locator("#row-1")).to_be_in_viewport()
    assert loads == []


def test_without_javascript_the_row_in_question_is_on_the_screen(live, new_page):
    page = new_page(script=False)
    page.goto(live.url + "/login?next=/plan")
    page.get_by_role("button", name="Enter the demo").click()
    page.get_by_role("button", name="Tick the weekdays").click()
    expect(page.locator(".days input:checked")).to_have_count(5)
    expect(page.get_by_role("button", name="Tick the weekdays")).to_be_in_viewport()
    page.get_by_role("button", name="Add another row").click()
    expect(page.locator("#row-1")).to_be_in_viewport()
