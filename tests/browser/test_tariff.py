"""Entering a contract: the fields of its kind appear at once with JavaScript, and after *Continue* without."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import enter


def choose(page: Page, label: str, option: str, *, has_fields_at_once: bool) -> None:
    """Choose, and wait for the fields that come with it: what is typed before they come is not among them."""
    page.locator("#fields").evaluate("fields => fields.dataset.before = 1")
    page.get_by_label(label, exact=True).select_option(option)
    if has_fields_at_once:
        page.locator("#fields:not([data-before])").wait_for()


@pytest.mark.parametrize("script", [True, False])
def test_day_and_night_prices_are_entered_on_a_phone(live, new_page, script):
    page = enter(new_page(script=script), live, path="/tariff")
    choose(page, "Kind of contract", "by the clock", has_fields_at_once=script)
    if not script:
        page.get_by_role("button", name="Continue").click()
    page.get_by_label("Currency").select_option("NOK")
    page.get_by_label("Price per kWh", exact=True).fill("1,45")
    page.get_by_label("From", exact=True).fill("22")
    page.get_by_label("To", exact=True).fill("6")
    page.get_by_label("Price then").fill("0,85")
    choose(page, "Grid fee", "one price", has_fields_at_once=script)
    if script:
        expect(page.get_by_label("Price then")).to_have_value("0,85")
    page.get_by_label("Grid fee per kWh").fill("0,35")
    page.get_by_role("button", name="Preview").click()
    preview = page.locator("#preview")
    expect(preview).to_contain_text("Tomorrow 06:00–22:00: 1.80 kr, of which grid fee 0.35 kr")
    expect(preview).to_be_in_viewport()
    page.get_by_role("button", name="Save contract").click()
    expect(page.get_by_text("The contract is saved.")).to_be_visible()
    expect(page.get_by_text("by the clock").first).to_be_visible()
