"""The main job, as a person does it: see the charger, pause it, resume it."""

import re

from playwright.sync_api import expect

from tests.browser.steps import PC, PHONE, enter, situation


def test_a_pause_and_a_resume_on_a_phone_without_one_full_page_load(live, world, new_page):
    page = enter(new_page(size=PHONE), live)
    loads = []
    page.on("framenavigated", lambda frame: loads.append(frame.url))
    situation(page, "charging")
    page.get_by_role("button", name="Pause charging").click()
    expect(page.get_by_role("status")).to_contain_text("asked")
    situation(page, "paused")
    expect(page.get_by_role("heading", level=1)).to_have_text("Paused by Anna")
    expect(page.get_by_role("status")).to_contain_text("confirmed")
    page.get_by_role("button", name="Resume charging").click()
    situation(page, "charging")
    expect(page.get_by_role("status")).to_contain_text("confirmed")
    assert world.charger.commands == [506, 507]
    assert loads == []


def test_the_same_without_javascript(live, world, new_page):
    page = enter(new_page(script=False), live)
    situation(page, "charging")
    page.get_by_role("button", name="Pause charging").click()
    assert "asked" in page.get_by_role("status").inner_text()
    situation(page, "paused")  # the page looks again by itself until the command has ended
    assert "confirmed" in page.get_by_role("status").inner_text()
    page.get_by_role("link", name="Look again").click()
    page.get_by_role("button", name="Resume charging").click()
    expect(page.get_by_role("status")).to_contain_text("confirmed")
    page.get_by_role("link", name="Look again").click()
    expect(page.locator("article")).to_have_attribute("data-situation", re.compile("charging|waiting_car"))
    assert world.charger.commands == [506, 507]


def test_two_phones_see_each_others_press(live, world, new_page):
    anna, ben = enter(new_page(), live), enter(new_page(), live, "ben")
    situation(ben, "charging")
    anna.get_by_role("button", name="Pause charging").click()
    situation(ben, "paused")
    expect(ben.get_by_role("heading", level=1)).to_have_text("Paused by Anna")
    expect(ben.get_by_role("status")).to_contain_text("Anna")
    assert world.charger.commands == [506]


def test_a_viewer_sees_whom_to_ask_instead_of_a_button(live, new_page):
    page = enter(new_page(), live, "carla")
    situation(page, "charging")
    expect(page.locator(".reason")).to_contain_text("Ask Anna for control.")
    expect(page.get_by_role("button")).to_have_count(0)


def test_the_button_takes_the_pause_back(live, world, new_page):
    page = enter(new_page(), live)
    page.get_by_role("button", name="Pause charging").click()
    page.get_by_role("button", name="Resume charging").click()
    situation(page, "charging")
    assert world.charger.commands == [506, 507]


def test_a_bookmark_of_pause_leads_through_the_sign_in_to_the_button_in_focus(live, world, new_page):
    page = new_page()
    page.goto(live.url + "/pause")
    page.get_by_label("Name").fill("ben")
    page.get_by_label("Password").fill("demo")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(live.url + "/pause")
    expect(page.get_by_role("button", name="Pause charging")).to_be_focused()
    assert world.charger.commands == []
    page.keyboard.press("Enter")
    expect(page.locator(".reason")).to_contain_text("Already paused by Ben since")
    expect(page.get_by_role("button", name="Resume charging")).to_have_count(0)
    assert world.charger.commands == [506]


def test_deauthorizing_asks_first_and_says_what_it_means(live, world, new_page):
    page = enter(new_page(size=PC), live)
    page.get_by_text("Details", exact=True).click()
    page.get_by_role("link", name="End this charge").click()
    expect(page.locator("main")).to_contain_text("may start again by itself")
    page.get_by_role("button", name="Deauthorize and stop").click()
    expect(page.get_by_role("status")).to_contain_text("confirmed")
    assert world.charger.commands == [10001]


def test_a_bookmark_of_what_is_so_already_shows_that_and_never_the_opposite(live, world, new_page):
    page = enter(new_page(), live, path="/resume")
    expect(page.locator(".reason")).to_contain_text("Already charging since")
    expect(page.get_by_role("button", name=re.compile("charging"))).to_have_count(0)
    page.get_by_role("link", name="To the charger’s page").click()
    expect(page.get_by_role("button", name="Pause charging")).to_be_enabled()
    assert world.charger.commands == []


def test_a_bookmark_says_what_the_button_will_do(live, new_page):
    page = enter(new_page(dark=True), live, path="/pause")
    button = page.get_by_role("button", name="Pause charging")
    expect(button).to_be_focused()
    expect(button).to_have_accessible_description(
        re.compile("stops the charging at Carport until somebody resumes it")
    )
