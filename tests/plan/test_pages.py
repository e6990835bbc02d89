"""The addresses of timers and the plan: who may, what a GET does, what is typed wrong, what fights with them."""

from __future__ import annotations

import re
from html import unescape

import pytest
from sqlalchemy import func, select

from dashboard.charger.tables import charger_table
from dashboard.plan.tables import step_table, timer_table, weekly_plan
from tests.conftest import words_of

POSTS = (
    ("/chargers/{id}/timers", {"do": "pause-1"}),
    ("/plan", {"do": "save", "on": "yes", "rows": "1", "from-0": "23:00", "to-0": "06:00", "days-0": "1"}),
    ("/plan/once", {"start": "23:00", "end": "03:00"}),
)


def kept(home) -> int:
    with home.people.database.reading() as connection:
        return sum(connection.execute(select(func.count()).select_from(one)).scalar() for one in TABLES)


TABLES = (step_table, timer_table, weekly_plan)


@pytest.mark.parametrize(("address", "form"), POSTS)
def test_a_viewer_may_not_and_nothing_is_kept(charging_home, address, form):
    home = charging_home
    assert home.people.carla.post(address.format(id=home.id), data=form).status_code == 403
    assert kept(home) == 0 and home.charger.commands == []


@pytest.mark.parametrize(("address", "form"), POSTS)
def test_another_site_may_not(charging_home, address, form):
    home = charging_home
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert home.people.ben.post(address.format(id=home.id), data=form, headers=headers).status_code == 403
    assert kept(home) == 0 and home.charger.commands == []


@pytest.mark.parametrize(("address", "form"), POSTS)
def test_signed_out_leads_to_the_sign_in_and_back_to_something_that_shows(charging_home, address, form):
    home = charging_home
    answer = home.people.stranger.post(address.format(id=home.id), data=form)
    assert answer.status_code == 303 and "/login?next=" in answer.location
    back = home.people.ben.get(address.format(id=home.id), follow_redirects=True)
    assert back.status_code == 200
    assert kept(home) == 0 and home.charger.commands == []


@pytest.mark.parametrize(("address", "form"), POSTS)
def test_a_get_changes_nothing(charging_home, address, form):
    home = charging_home
    home.people.ben.get(address.format(id=home.id), query_string=form)
    assert kept(home) == 0 and home.charger.commands == []


def test_unknown_chargers_are_not_found(home):
    assert home.people.ben.post("/chargers/none/timers", data={"do": "pause-1"}).status_code == 404
    assert home.people.ben.get("/plan?charger=none").status_code == 404
    assert home.people.ben.post("/plan", data={"charger": "none"}).status_code == 404


def test_a_viewer_sees_the_plan_and_whom_to_ask(home):
    home.save()
    page = words_of(home.people.carla.get("/plan"))
    assert "Weekly plan: every day 23:00–06:00." in page and "Ask Anna for control." in page
    assert "Save plan" not in page and "Skip tonight" not in page


def test_a_viewer_unfolds_what_is_set_and_nothing_else(charging_home):
    home = charging_home
    page = f"/chargers/{home.id}"
    assert "Pause for a while, timers" not in words_of(home.people.carla.get(page))
    home.post(home.people.ben, "pause-1")
    shown = words_of(home.people.carla.get(page))
    assert "Pause for a while, timers Pause until 19:" in shown
    assert "Cancel" not in shown and "Plan the week" not in shown


def test_quick_choices_answer_htmx_with_the_card(charging_home):
    home = charging_home
    answer = home.people.ben.post(
        f"/chargers/{home.id}/timers", data={"do": "pause-2"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith(f'<article id="charger-{home.id}"')
    assert ">Cancel</button>" in answer.text


def test_a_refresh_sees_that_a_timer_was_set(charging_home):
    home = charging_home
    home.pass_time(seconds=5)
    page = home.people.anna.get(f"/chargers/{home.id}").text
    seen = unescape(re.search(r'hx-get="([^"]+)"', page)[1])
    assert home.people.anna.get(seen, headers={"HX-Request": "true"}).status_code == 204
    home.people.ben.post("/plan/once", data={"charger": home.id, "start": "23:00", "end": "03:00"})
    assert home.people.anna.get(seen, headers={"HX-Request": "true"}).status_code == 200


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"days-0": []}, "Tick at least one day."),
        ({"from-0": "late"}, "“From” has to be a time like 23:00."),
        ({"to-0": "24:30"}, "“To” has to be a time like 06:00."),
    ],
)
def test_what_is_wrong_with_a_plan_is_said_and_what_was_typed_stays(home, fields, said):
    answer = home.save(start="21:17", **fields) if "from-0" not in fields else home.save(**fields)
    assert answer.status_code == 400
    assert said in words_of(answer)
    assert fields.get("from-0", "21:17") in answer.text
    assert kept(home) == 0


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [({"days-0": []}, "day-0-0"), ({"from-0": "late"}, "from-0"), ({"to-0": "24:30"}, "to-0")],
)
def test_the_browser_goes_to_the_first_field_of_the_plan_that_is_wrong(home, fields, wrong):
    again = {"rows": "2", "from-1": "late", "to-1": "", "days-1": ["3"]} if fields.get("days-0") != [] else {}
    page = home.save(**fields | again).text
    assert [_id(tag) for tag in re.findall(r"<[^>]* autofocus[^>]*>", page)] == [wrong]
    invalid = re.findall(r'<[^>]*aria-invalid="true"[^>]*>', page)
    assert _id(invalid[0]) == wrong and 'aria-describedby="problem-0"' in invalid[0]
    assert len(invalid) == (2 if again else 1) and 'id="problem-0"' in page


@pytest.mark.parametrize(
    ("fields", "wrong"), [({"start": "late"}, "once-start"), ({"end": "many"}, "once-end"), ({}, "once-start")]
)
def test_the_browser_goes_to_the_first_field_of_a_single_charge_that_is_wrong(charging_home, fields, wrong):
    home = charging_home
    home.post(home.people.anna, "until", until="23:30")
    home.settle()
    form = {"charger": home.id, "start": "23:00", "end": "02:00"} | fields
    page = home.people.ben.post("/plan/once", data=form).text
    found = re.findall(r"<[^>]* autofocus[^>]*>", page)
    assert [_id(tag) for tag in found] == [wrong]
    assert 'aria-invalid="true" aria-describedby="problem"' in found[0] and 'id="problem"' in page
    assert "autofocus" not in home.people.ben.get("/plan").text


def _id(tag: str) -> str:
    return re.search(r' id="([^"]+)"', tag)[1]


def test_rows_can_be_added_ticked_and_removed_without_javascript(home):
    answer = home.save(do="more", days="01")
    assert answer.text.count('name="from-') == 2 and kept(home) == 0
    form = {"charger": home.id, "rows": "2", "on": "yes", "from-0": "23:00", "to-0": "06:00", "days-0": ["0"]}
    form |= {"from-1": "10:00", "to-1": "14:00"}
    ticked = home.people.ben.post("/plan", data=form | {"do": "weekdays-1"})
    assert ticked.text.count("checked") == 1 + 1 + 5
    removed = home.people.ben.post("/plan", data=form | {"do": "remove-0"})
    assert removed.text.count('name="from-') == 1 and 'value="10:00"' in removed.text
    home.people.ben.post("/plan", data=form | {"days-1": ["5"], "do": "save"})
    assert "Weekly plan: Mon 23:00–06:00; Sat 10:00–14:00." in words_of(home.people.ben.get("/plan"))


def test_the_buttons_that_change_only_the_form_stay_where_they_are(home):
    page = home.people.ben.get("/plan").text
    for button, row in (("weekdays-0", "#row-0"), ("every-0", "#row-0"), ("more", "#row-1")):
        tag = re.search(rf'<button[^>]*value="{button}"[^>]*>', page)[0]
        assert f'formaction="/plan{row}"' in tag and 'hx-target="#week-form"' in tag
    form = {"charger": home.id, "rows": "1", "from-0": "23:00", "to-0": "06:00", "do": "more"}
    whole = home.people.ben.post("/plan", data=form)
    assert 'id="row-1"' in whole.text and "<html" in whole.text
    part = home.people.ben.post("/plan", data=form, headers={"HX-Request": "true"})
    assert part.text.lstrip().startswith('<form method="post"') and 'id="row-1"' in part.text


def test_conflicts_are_named_before_saving(home):
    charger = home.charger
    charger.hold_by_schedule()
    charger.require_authorisation()
    home.pass_time(minutes=20)  # on the hour it would be somebody else who steers
    charger.limit_current(0)
    home.look()
    page = words_of(home.people.ben.get("/plan"))
    for words in ("A schedule in the charger itself", "asks for permission", "under 6 A"):
        assert words in page
    assert page.count("cannot be seen from here") == 1
    charger.stand_alone()
    home.look()
    assert "set to run without Zaptec" in words_of(home.people.ben.get("/plan"))
    charger.go_offline()
    home.look()
    assert "The charger is offline" in words_of(home.people.ben.get("/plan"))


def test_with_several_chargers_each_has_a_plan_of_its_own(home):
    other = home.cloud.chargers[1].id
    home.save()
    page = home.people.ben.get("/plan").text
    assert "Guest place" in page and page.count('name="from-0"') == 1
    other_page = home.people.ben.get(f"/plan?charger={other}").text
    assert 'class="week"' in page and 'class="week"' not in other_page  # with nothing to draw there is no picture


def test_the_log_tells_who_set_what(home):
    home.save()
    home.save(on="")
    home.save()
    assert home.log() == [
        "Ben saved the weekly plan",
        "Ben switched the weekly plan off",
        "Ben switched the weekly plan on",
    ]


def test_a_plan_saved_twice_the_same_changes_nothing(home):
    home.save()
    home.save()
    assert home.log() == ["Ben saved the weekly plan"]


@pytest.mark.parametrize("do", ["pause-1", "until", "charge_now", "skip", "cancel-1", "seen-1"])
def test_a_press_on_the_page_of_one_action_stays_there(charging_home, do):
    home = charging_home
    home.save(start="17:00", end="22:00")
    page = f"/chargers/{home.id}/pause"
    form = {"do": do, "until": "22:00", "on": "pause"}
    plain = home.people.ben.post(f"/chargers/{home.id}/timers", data=form)
    assert plain.status_code == 303 and plain.location.startswith(page)
    htmx = home.people.ben.post(f"/chargers/{home.id}/timers", data=form, headers={"HX-Request": "true"})
    assert f'hx-get="{page}?seen=' in htmx.text


def test_every_form_on_the_page_of_one_action_says_where_it_is(charging_home):
    home = charging_home
    home.save(start="17:00", end="22:00")
    home.post(home.people.ben, "pause-1")
    home.settle()
    page = home.people.ben.get(f"/chargers/{home.id}/pause").text
    article = page[page.index("<article") : page.index("</article")]
    forms = re.findall(r"<form.*?</form>", article, re.DOTALL)
    assert len(forms) >= 4 and all('name="on" value="pause"' in form for form in forms)
    home.settle()
    assert ">Resume charging</button>" not in home.people.ben.get(f"/chargers/{home.id}/pause").text


def _leave(home, charger_id):
    with home.people.database.writing() as connection:
        connection.execute(charger_table.update().where(charger_table.c.id == charger_id).values(is_listed=False))


def test_the_plan_opens_with_a_charger_that_the_account_still_has(home):
    _leave(home, home.id)
    page = home.people.ben.get("/plan").text
    assert f'name="charger" value="{home.cloud.chargers[1].id}"' in page


@pytest.mark.parametrize(("address", "form"), POSTS)
def test_a_charger_that_has_left_the_account_has_no_forms_and_says_why(charging_home, address, form):
    home = charging_home
    _leave(home, home.id)
    page = home.people.ben.get(f"/plan?charger={home.id}")
    assert "This charger is no longer in the account at Zaptec." in words_of(page)
    assert "<form" not in page.text[page.text.index("<main") : page.text.index("</main")]
    answer = home.people.ben.post(
        address.format(id=home.id), data=form | {"charger": home.id}, follow_redirects=True
    )
    assert "This charger is no longer in the account at Zaptec." in words_of(answer)
    assert kept(home) == 0 and home.charger.commands == []


def test_without_a_plan_the_page_says_what_the_card_says(charging_home):
    home = charging_home
    assert "Nothing planned: charges until the car is full." in words_of(home.people.ben.get("/plan"))
    home.people.ben.post(f"/chargers/{home.id}/pause")
    home.settle()
    assert home.next() == "Nothing planned: stays paused."
    assert "Nothing planned: stays paused." in words_of(home.people.ben.get("/plan"))
    home.charger.unplug()
    home.look_after(60)
    assert "the car charges when it is plugged in" in words_of(home.people.ben.get("/plan"))


def test_a_plan_that_is_off_and_a_timer_that_runs_are_told_by_what_happens(charging_home):
    home = charging_home
    home.save(on="")
    assert "The plan is off." in words_of(home.people.ben.get("/plan"))
    home.post(home.people.ben, "pause-1")
    home.settle()
    page = words_of(home.people.ben.get("/plan"))
    assert "Goes on by itself at 19:00. Set by Ben." in page and "The plan is off." not in page
