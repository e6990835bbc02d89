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
