"""How a household begins, shares access, and takes it back; each person on a phone of their own."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from dashboard.household.setup import prepare_setup_code
from dashboard.household.setup_code import new_code
from tests.browser.steps import Live, situation

PASSWORD = "seven blue bicycles"


def become_owner(page: Page, services: Live) -> Page:
    code = prepare_setup_code(services.app.extensions["services"].database, new_code())
    page.goto(services.url + "/setup")
    page.get_by_label("Setup code").fill(code or "")
    page.get_by_label("Name").fill("Anna")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create owner").click()
    expect(page.get_by_role("heading", name="What do you call it?")).to_be_visible()
    page.get_by_role("link", name="Now").click()
    situation(page, "charging")
    return page


def invite(page: Page, services: Live, role: str) -> str:
    """The link that an owner gets to hand on."""
    page.goto(services.url + "/household")
    page.get_by_label("Role", exact=True).select_option(role)
    page.get_by_role("button", name="Invite").click()
    return page.get_by_label("Link").input_value()


def test_a_link_to_hand_on_is_copied_with_one_touch(new_house, new_page):
    anna = become_owner(new_page(permissions=["clipboard-read", "clipboard-write"]), new_house)
    link = invite(anna, new_house, "member")
    anna.get_by_role("button", name="Copy").click()
    expect(anna.get_by_role("button", name="Copied")).to_be_visible()
    assert anna.evaluate("navigator.clipboard.readText()") == link


def test_over_plain_http_a_link_is_copied_too_and_shared_only_where_the_browser_can(new_house, new_page):
    page = new_page()
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.add_init_script("navigator.share = undefined")
    anna = become_owner(page, new_house)
    invite(anna, new_house, "member")
    expect(anna.get_by_role("button", name="Share")).to_be_hidden()
    anna.get_by_role("button", name="Copy").click()
    expect(anna.get_by_role("button", name="Copied")).to_be_visible()

    page.add_init_script("navigator.share = async ({ url }) => { window.shared = url; }")
    link = invite(anna, new_house, "viewer")
    anna.get_by_role("button", name="Share").click()
    assert anna.evaluate("window.shared") == link


def test_without_javascript_a_link_has_no_buttons_and_can_be_selected(new_house, new_page):
    anna = new_page(script=False)
    code = prepare_setup_code(new_house.app.extensions["services"].database, new_code())
    anna.goto(new_house.url + "/setup")
    anna.get_by_label("Setup code").fill(code or "")
    anna.get_by_label("Name").fill("Anna")
    anna.get_by_label("Password").fill(PASSWORD)
    anna.get_by_role("button", name="Create owner").click()
    assert "/invitations/" in invite(anna, new_house, "member")
    expect(anna.get_by_role("button", name="Copy")).to_be_hidden()
    expect(anna.get_by_label("Link")).to_be_editable(editable=False)


def test_an_invited_phone_pauses_is_made_viewer_and_is_removed(new_house, world, new_page):
    anna = become_owner(new_page(), new_house)
    link = invite(anna, new_house, "member")

    ben = new_page()
    ben.goto(link)
    ben.get_by_label("Name").fill("Ben")
    ben.get_by_label("Password").fill(PASSWORD)
    ben.get_by_role("button", name="Join").click()
    situation(ben, "charging")
    ben.get_by_role("button", name="Pause charging").click()
    situation(ben, "paused")
    assert world.charger.commands == [506]

    anna.goto(new_house.url + "/activity")
    expect(anna.locator("main")).to_contain_text("Ben paused charging")
    anna.goto(new_house.url + "/household")
    anna.get_by_label("Role of Ben").select_option("viewer")
    anna.get_by_role("button", name="Save (Ben)").click()
    expect(ben.locator(".reason")).to_contain_text("Ask Anna for control.")
    expect(ben.get_by_role("button", name="Resume charging")).to_have_count(0)
    refused = ben.request.post(new_house.url + "/resume", headers={"Origin": new_house.url})
    assert refused.status == 403

    anna.get_by_role("button", name="Remove Ben").click()
    expect(anna.locator("main")).to_contain_text("Ben is signed out everywhere at once.")
    anna.get_by_role("button", name="Remove Ben").click()
    ben.wait_for_url(new_house.url + "/login?next=**")
    expect(ben.get_by_role("button", name="Sign in")).to_be_visible()
    assert world.charger.commands == [506]


def test_an_invitation_works_once(new_house, new_page):
    anna = become_owner(new_page(), new_house)
    link = invite(anna, new_house, "viewer")
    for name in ("Ben", "Carla"):
        phone = new_page()
        phone.goto(link)
        if name == "Ben":
            phone.get_by_label("Name").fill(name)
            phone.get_by_label("Password").fill(PASSWORD)
            phone.get_by_role("button", name="Join").click()
            situation(phone, "charging")
        else:
            expect(phone.get_by_role("button", name="Join")).to_have_count(0)


def test_the_first_owner_needs_the_code_from_the_log(new_house, new_page):
    prepare_setup_code(new_house.app.extensions["services"].database, new_code())
    page = new_page(script=False)
    page.goto(new_house.url)
    page.wait_for_url(new_house.url + "/setup**")
    page.get_by_label("Setup code").fill("wrong")
    page.get_by_label("Name").fill("Anna")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create owner").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Name")).to_have_value("Anna")


def test_a_button_that_removes_stands_apart_and_looks_like_it(live, new_page):
    page = new_page()
    page.goto(live.url + "/login?next=/household")
    page.get_by_role("button", name="Enter the demo").click()
    remove = page.get_by_role("button", name="Remove Ben")
    reset = page.get_by_role("button", name="Reset link for Ben")
    ours, others = remove.bounding_box(), reset.bounding_box()
    beside, below = ours["x"] - (others["x"] + others["width"]), ours["y"] - (others["y"] + others["height"])
    assert max(beside, below) >= 24
    colour = "button => [getComputedStyle(button).color, getComputedStyle(button).borderTopColor]"
    text, border = remove.evaluate(colour)
    assert text == border != reset.evaluate(colour)[1]
    remove.click()
    page.get_by_role("button", name="Remove Ben").click()
    expect(page.locator("main")).to_contain_text("Ben is removed and signed out everywhere.")
