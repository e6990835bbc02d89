"""Entering a contract: the fields of another kind appear at once with JavaScript, and after *Continue* without."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.steps import enter


def choose(page: Page, label: str, option: str, *, has_fields_at_once: bool) -> None:
    """Choose, and wait for the fields that come with it."""
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
        expect(page.get_by_label("Price per kWh", exact=True)).to_be_in_viewport()
    page.get_by_role("button", name="Add hours").click()
    expect(page.get_by_label("From", exact=True).nth(1)).to_be_in_viewport()
    page.get_by_label("Currency").select_option("NOK")
    page.get_by_label("Price per kWh", exact=True).fill("1,45")
    page.get_by_label("From", exact=True).first.fill("22")
    page.get_by_label("To", exact=True).first.fill("6")
    page.get_by_label("Price then").first.fill("0,85")
    choose(page, "Grid fee", "one price", has_fields_at_once=script)
    if script:
        expect(page.get_by_label("Price then").first).to_have_value("0,85")
    page.get_by_label("Grid fee per kWh").fill("0,35")
    page.get_by_role("button", name="Preview").click()
    preview = page.locator("#preview")
    expect(preview).to_contain_text("Tomorrow 06:00–22:00: 1.80 kr, of which grid fee 0.35 kr")
    expect(preview).to_be_in_viewport()
    page.get_by_role("button", name="Save contract").click()
    expect(page.get_by_text("The contract is saved.")).to_be_visible()
    expect(page.get_by_text("by the clock").first).to_be_visible()


def test_the_rate_is_asked_for_at_once_and_another_kind_takes_nothing_away(live, new_page):
    page = enter(new_page(), live, path="/tariff")
    choose(page, "Kind of contract", "by the hour", has_fields_at_once=True)
    page.get_by_label("Mark-up per kWh").fill("0,05")
    choose(page, "Price area", "NO1", has_fields_at_once=True)
    expect(page.get_by_label("Rate")).to_have_count(0)
    choose(page, "Currency", "SEK", has_fields_at_once=True)
    expect(page.get_by_label("Rate")).to_be_visible()
    choose(page, "Kind of contract", "one price", has_fields_at_once=True)
    expect(page.get_by_label("Mark-up per kWh")).to_have_count(0)
    choose(page, "Kind of contract", "by the hour", has_fields_at_once=True)
    expect(page.get_by_label("Mark-up per kWh")).to_have_value("0,05")
    expect(page.get_by_label("Price area")).to_have_value("NO1")


def test_what_is_typed_while_the_fields_of_a_choice_are_on_their_way_is_kept(live, new_page):
    page = enter(new_page(), live, path="/tariff")
    on_their_way: list[Route] = []
    page.route("**/tariff", lambda route: on_their_way.append(route))
    page.get_by_label("Price per kWh", exact=True).fill("1,45")
    with page.expect_request("**/tariff"):
        page.get_by_label("Kind of contract").select_option("by the clock")
    page.get_by_label("VAT in percent").fill("25")
    page.get_by_label("Prices include VAT").uncheck()
    page.get_by_label("Tax per kWh").fill("0,1")
    on_their_way.pop().continue_()
    page.get_by_label("Price then").wait_for()
    page.keyboard.type("6")
    for label, typed in (("Price per kWh", "1,45"), ("VAT in percent", "25"), ("Tax per kWh", "0,16")):
        expect(page.get_by_label(label, exact=True)).to_have_value(typed)
    expect(page.get_by_label("Prices include VAT")).not_to_be_checked()
