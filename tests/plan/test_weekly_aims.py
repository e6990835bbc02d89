"""Ready by a time every week: rows of the plan, made an aim for each car that comes, each once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dashboard.plan import weekly_aim_making
from dashboard.plan.aim_rows import AimRow, AimRows, AimWish
from tests.conftest import words_of
from tests.plan.aims import aim_of, by_the_clock, set_aim, slots
from tests.plan.conftest import OSLO, Home, at, button_value, killed

WEEKDAYS = frozenset(range(5))


def save_rows(home: Home, *rows: tuple[str, str, str], **fields: str):
    """Save rows of days (0 is Monday), time and energy, beside an empty row of times."""
    form: dict[str, object] = {"charger": home.id, "rows": "1", "from-0": "23:00", "to-0": "06:00", "on": "yes"}
    form |= {"aims": str(len(rows)), "do": "save"}
    for number, (days, ready_by, energy) in enumerate(rows):
        form |= {f"ready-days-{number}": list(days), f"ready_by-{number}": ready_by, f"energy-{number}": energy}
        form[f"cheapest-{number}"] = "yes"
    return home.people.ben.post("/plan", data=form | fields, follow_redirects=True)


@pytest.fixture
def weekly_home(home: Home) -> Home:
    """A Friday, six in the evening, no car; every morning ready by seven with 20 kWh, cheap from one to five."""
    by_the_clock(home)
    assert "Saved. The plan is on." in words_of(save_rows(home, ("0123456", "07:00", "20")))
    home.tick()
    return home


def plug_in(home: Home) -> None:
    home.charger.plug_in_and_charge(battery_kwh=60_000)
    home.pass_time(minutes=5)


def test_each_day_that_is_ticked_has_its_time_and_what_has_passed_does_not_come_again() -> None:
    row, sunday = AimRow(WEEKDAYS, AimWish(7 * 60, 20_000)), AimRow(frozenset({6}), AimWish(10 * 60))
    rows = AimRows.from_text(AimRows((row, sunday), OSLO).to_text(), OSLO)
    coming = rows.between(at("2026-11-20T07:00"), at("2026-11-24T07:00"))
    assert [each.ready_by for each in coming] == [
        at(f"2026-11-{moment}") for moment in ("22T10:00", "23T07:00", "24T07:00")
    ]
    assert coming[1].wish == row.wish and coming[1].begins == at("2026-11-22T07:00")
    passed = AimRows(rows.rows, OSLO, passed=at("2026-11-22T10:00"))
    assert passed.next_after(at("2026-11-20T07:00")).ready_by == at("2026-11-23T07:00")  # type: ignore[union-attr]
    assert AimRows((AimRow(frozenset(), AimWish(0)),), OSLO).next_after(at("2026-11-20T07:00")) is None


def test_a_row_is_typed_kept_and_shown_again(weekly_home: Home) -> None:
    home = weekly_home
    page = home.people.ben.get("/plan").text
    assert 'name="energy-0" value="20"' in page and 'name="ready_by-0" value="07:00"' in page
    assert "Marked: every day ready by 07:00 with +20 kWh." in words_of(home.people.ben.get("/plan"))
    assert page.count('class="ready"') == 6
    assert home.log()[-1] == "Ben saved the weekly plan"
    more = home.people.ben.post("/plan", data={"charger": home.id, "rows": "1", "aims": "0", "do": "more_aims"})
    assert 'name="ready_by-0" value="07:00"' in more.text
    less = home.people.ben.post("/plan", data={"charger": home.id, "rows": "1", "aims": "1", "do": "remove_aim-0"})
    assert "ready_by-0" not in less.text
    wrong = save_rows(home, ("01", "soon", "20"))
    assert wrong.status_code == 400 and "“soon” is not a time." in words_of(wrong) and 'value="soon"' in wrong.text


def test_a_car_that_comes_gets_its_aim_and_is_ready_in_the_morning(weekly_home: Home) -> None:
    home = weekly_home
    says = "The weekly plan wants it ready by tomorrow 07:00 with +20 kWh, at the cheapest hours."
    assert home.next() == says
    assert aim_of(home) is None
    plug_in(home)
    assert slots(home).startswith("01:00–") and home.charger.commands == [506]
    assert "Ready by 07:00 with +20 kWh · cheapest hours" in words_of(home.people.ben.get("/plan"))
    assert "Ben wants +20 kWh by Sat 07:00 (by the plan)" in home.log()
    home.go_to(at("2026-11-21T01:05"))
    home.pass_time(hours=3, step=600)
    assert aim_of(home) is None and home.charger.commands == [506, 507, 506]
    assert "ready by tomorrow 07:00 with +20 kWh" in home.next()
    home.go_to(at("2026-11-21T06:58"))
    home.pass_time(minutes=4)
    assert aim_of(home)["ready_by"] == "2026-11-22T07:00:00+01:00"  # the same car still there wants more


def test_a_car_that_leaves_and_comes_again_gets_it_again(weekly_home: Home) -> None:
    home = weekly_home
    plug_in(home)
    home.charger.unplug()
    home.pass_time(minutes=5)
    assert aim_of(home) is None
    assert "ready by tomorrow 07:00" in home.next()
    plug_in(home)
    assert aim_of(home)["ready_by"] == "2026-11-21T07:00:00+01:00"


def test_a_day_that_is_not_ticked_leaves_the_car_alone(home: Home) -> None:
    by_the_clock(home)
    save_rows(home, ("0", "07:00", "20"))
    plug_in(home)
    assert aim_of(home) is None and home.charger.commands == []
    assert "ready by Mon 07:00 with +20 kWh" in home.next()
    home.go_to(at("2026-11-22T07:01"))
    home.pass_time(minutes=2)
    assert aim_of(home)["ready_by"] == "2026-11-23T07:00:00+01:00"


@pytest.mark.parametrize("is_made", [False, True])
def test_a_night_is_skipped_and_that_can_be_taken_back(weekly_home: Home, is_made: bool) -> None:
    home = weekly_home
    if is_made:
        plug_in(home)
    card = f"/chargers/{home.id}"
    do = button_value(home.people.ben.get(card).text, "cancel-" if is_made else "skip-")
    form = {"do": do, "charger": home.id}
    assert home.people.carla.post("/plan/ready-by", data=form).status_code == 403
    home.people.ben.post("/plan/ready-by", data=form)
    home.tick()
    assert aim_of(home) is None
    assert "ready by Sun 07:00" in home.next()
    assert "Skipped once: ready by tomorrow 07:00." in words_of(home.people.ben.get(card))
    assert home.log()[-1] == "Ben cancelled +20 kWh by Sat 07:00"
    if not is_made:
        plug_in(home)
        assert aim_of(home) is None
    home.people.ben.post("/plan/ready-by", data={"do": "unskip", "charger": home.id})
    home.pass_time(minutes=5)
    assert aim_of(home)["ready_by"] == "2026-11-21T07:00:00+01:00"


def test_a_person_s_own_aim_takes_the_place_of_that_night_s(weekly_home: Home) -> None:
    home = weekly_home
    set_aim(home, "5", cheapest="yes")
    plug_in(home)
    assert aim_of(home)["energy_kwh"] == 5
    home.go_to(at("2026-11-21T01:05"))
    home.pass_time(hours=2, step=600)
    assert aim_of(home) is None
    assert "ready by tomorrow 07:00" in home.next()


def test_what_is_late_goes_on_before_the_next_is_made(weekly_home: Home) -> None:
    home = weekly_home
    save_rows(home, ("0123456", "07:00", "160"))
    plug_in(home)
    home.go_to(at("2026-11-21T07:10"))
    home.pass_time(minutes=5)
    assert aim_of(home)["ready_by"] == "2026-11-21T07:00:00+01:00"
    home.pass_time(hours=10, step=900)
    assert aim_of(home)["ready_by"] == "2026-11-22T07:00:00+01:00"


def test_rows_that_are_changed_or_switched_off_count_at_once(weekly_home: Home) -> None:
    home = weekly_home
    plug_in(home)
    save_rows(home, ("0123456", "06:00", "10"))
    home.pass_time(minutes=1)
    assert (aim_of(home)["ready_by"], aim_of(home)["energy_kwh"]) == ("2026-11-21T06:00:00+01:00", 10)
    save_rows(home, ("0123456", "06:00", "10"), on="")
    home.pass_time(minutes=1)
    assert aim_of(home) is None and "The weekly plan wants" not in home.next()
    assert home.log().count("Ben saved the weekly plan") == 3


def test_beside_the_plan_s_times_it_rules_first(weekly_home: Home) -> None:
    home = weekly_home
    save_rows(home, ("0123456", "07:00", "20"), **{"from-0": "19:00", "to-0": "22:00", "days-0": ["4", "5"]})
    plug_in(home)
    home.go_to(at("2026-11-20T19:05"))
    home.settle()
    assert home.charger.commands == [506]
    home.go_to(at("2026-11-21T01:05"))
    home.settle()
    assert home.charger.commands == [506, 507]


@pytest.mark.parametrize("where", ["aim_setting.keep", "queries.add_step"])
def test_killed_while_it_is_made_it_is_made_once_by_the_next_program(
    weekly_home: Home, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    home = weekly_home
    home.charger.plug_in_and_charge(battery_kwh=60_000)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(f"dashboard.plan.{where}", killed)
        home.time.advance(120)
        home.look()
        home.tick()
    assert aim_of(home) is None
    home.pass_time(minutes=2)
    assert home.charger.commands == [506]
    assert sum("Ben wants" in line for line in home.log()) == 1


def test_a_car_that_charges_and_is_to_go_on_is_left_alone(home: Home) -> None:
    save_rows(home, ("0123456", "07:00", "20"))
    plug_in(home)
    assert aim_of(home)["reason"] == "at_once" and home.charger.commands == []
    assert home.log()[-1] == "Ben wants +20 kWh by Sat 07:00 (by the plan)"


def test_of_two_programs_one_makes_it(weekly_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home, services = weekly_home, weekly_home.services
    home.charger.plug_in_and_charge(battery_kwh=60_000)
    home.look_after(120)
    for _program in range(2):
        weekly_aim_making.advance(services, home.id)
    home.settle()
    assert sum("Ben wants" in line for line in home.log()) == 1 and home.charger.commands == [506]


def test_a_clock_that_was_ahead_does_not_make_it_wait(weekly_home: Home) -> None:
    home = weekly_home
    home.time.advance(30 * 86_400)
    plug_in(home)
    assert aim_of(home)["ready_by"] == "2026-12-21T07:00:00+01:00"
    home.charger.unplug()
    home.pass_time(minutes=5)
    home.time.advance(timedelta(days=-30).total_seconds())
    home.pass_time(minutes=15)
    plug_in(home)
    assert aim_of(home)["ready_by"] == "2026-11-21T07:00:00+01:00"
