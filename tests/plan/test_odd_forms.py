"""What nobody would type, in every field of the plan's forms: an answer in words, never a broken page."""

from __future__ import annotations

import pytest

from dashboard.plan.forms import PlanForm

ODD = (
    "",
    " ",
    "²",
    "cancel-²",
    "cancel-٣",
    "seen-²",
    "seen-" + "9" * 9,
    "remove-²",
    "weekdays-²",
    "every-99",
    "\u2028",
    "a\u2028b",
    "\x00",
    "\x85",
    "\ud800".encode("utf-8", "surrogatepass"),
    b"\xff\xfe",
    "1e308",
    "-1e308",
    "nan",
    "inf",
    "0000-01-01",
    "9999-12-31T23:59:59",
    "24:00",
    "99:99",
    "²3:00",
    "２３:００",
    str(10**30),
    "-1",
    "9" * 5000,
    "a\u0301" * 3000,
    "<script>",
    "%s",
    "{{ 7 }}",
)
FORMS = {
    "/plan": {
        "charger": "{id}",
        "do": "save",
        "on": "yes",
        "rows": "1",
        "from-0": "23:00",
        "to-0": "06:00",
        "days-0": "1",
    },
    "/plan/once": {"charger": "{id}", "start": "23:00", "end": "03:00", "anyway": "yes"},
    "/chargers/{id}/timers": {"do": "until", "until": "22:00", "on": "plan"},
}
FIELDS = [(address, field) for address, form in FORMS.items() for field in form]


@pytest.mark.parametrize(("address", "field"), FIELDS)
def test_no_field_of_a_form_breaks_the_page(charging_home, address, field):
    home = charging_home
    form = {name: value.format(id=home.id) for name, value in FORMS[address].items()}
    for odd in ODD:
        for headers in ({}, {"HX-Request": "true"}):
            answer = home.people.ben.post(address.format(id=home.id), data=form | {field: odd}, headers=headers)
            assert answer.status_code in (200, 303, 400, 404, 409), (odd, answer.status_code)


@pytest.mark.parametrize("odd", ODD)
def test_no_charger_asked_for_breaks_the_page(home, odd):
    assert home.people.ben.get("/plan", query_string={"charger": odd}).status_code in (400, 404)


@pytest.mark.parametrize("number", ["²", "³", "①", "1²"])
def test_a_number_that_is_none_in_ours_cancels_nothing(charging_home, number):
    home = charging_home
    home.post(home.people.ben, "pause-1")
    home.settle()
    home.post(home.people.ben, f"cancel-{number}")
    assert home.next() == "Goes on by itself at 19:00. Set by Ben."


@pytest.mark.parametrize("button", ["remove-²", "weekdays-²", "every-²", "more-²", "remove-99", "", "²"])
def test_a_button_of_a_row_that_is_not_there_changes_no_row(button):
    form = PlanForm().after(button)
    assert len(form.rows) <= 2 and all(row.start == "23:00" for row in form.rows)


def choices(page: str) -> str:
    """The quick choices of a charger's page, with the tag that unfolds them."""
    return page.partition('<details class="card quick" id="quick-')[2].partition("</details>")[0]


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_what_is_no_time_is_said_beside_its_field_which_stays_unfolded(charging_home, headers):
    home = charging_home
    form = {"do": "until", "until": "25:99"}
    page = home.people.ben.post(f"/chargers/{home.id}/timers", data=form, headers=headers).text
    assert choices(page).partition(">")[0].endswith(" open")
    assert "“25:99” is not a time." in choices(page) and 'value="25:99"' in choices(page)
    assert page.count("is not a time") == 1
    assert 'aria-invalid="true"' in choices(page)
    assert "is not a time" not in home.people.ben.get(f"/chargers/{home.id}").text


def test_what_came_of_a_quick_choice_is_said_beside_it(charging_home):
    home = charging_home
    home.cloud.go_down()
    home.time.advance(20)
    form, headers = {"do": "pause-1"}, {"HX-Request": "true"}
    page = home.people.ben.post(f"/chargers/{home.id}/timers", data=form, headers=headers).text
    assert "No timer was set." in choices(page) and page.count("No timer was set.") == 1


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_what_is_wrong_with_an_aim_is_said_to_whoever_typed_it_and_to_nobody_else(charging_home, headers):
    home = charging_home
    before = home.people.ben.get(f"/chargers/{home.id}").text  # the card is kept for the next who looks
    form = {"do": "set", "energy": "much", "ready_by": "07:00"}
    page = home.people.ben.post(f"/chargers/{home.id}/aim", data=form, headers=headers).text
    assert page.count("has to be a number like 20") == 1 and 'value="much"' in page
    after = home.people.ben.get(f"/chargers/{home.id}").text
    assert "has to be a number" not in before + after
