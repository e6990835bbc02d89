"""What somebody sees who made a mistake in a form, on a small phone without JavaScript."""

from __future__ import annotations

from playwright.sync_api import expect


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
