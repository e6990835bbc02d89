"""Ready by seven: an aim is set, waits for its hours, is reached, and fails full."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from tests.conftest import words_of
from tests.plan.aims import aim_of, by_the_clock, set_aim, slots
from tests.plan.conftest import Home, at, button_value

pytestmark = pytest.mark.one_database


@pytest.fixture
def priced_home(charging_home: Home) -> Home:
    return by_the_clock(charging_home)


def test_without_cheapest_hours_it_stops_after_the_energy(charging_home: Home) -> None:
    home = charging_home
    answer = set_aim(home, "5")
    assert "Set. Charges +5 kWh, then stops: at about 18:2" in words_of(answer)
    assert home.charger.commands == []
    home.pass_time(minutes=40)
    assert home.charger.commands == [506]
    assert aim_of(home) is None
    assert home.log()[-2:] == [
        "The car got +5 kWh, wanted by Sat 07:00",
        "Ben paused charging (by the ready-by time)",
    ]


def test_what_has_come_is_told_as_exactly_as_the_charger_tells_it(charging_home: Home) -> None:
    home = charging_home
    set_aim(home, "5")
    assert "so far" not in words_of(home.people.ben.get("/plan"))
    home.pass_time(minutes=4, step=60)
    assert re.search(r"\+5 kWh · about 0\.\d kWh so far · set by Ben", words_of(home.people.ben.get("/plan")))
    home.pass_time(minutes=12, step=60)
    assert re.search(r"· about [1-3](\.[2468])? kWh so far ·", words_of(home.people.ben.get("/plan")))


def test_hours_stop_it_too_and_both_empty_let_it_charge_until_it_is_full(charging_home: Home) -> None:
    home = charging_home
    set_aim(home, "", hours="0,5")
    assert "Ready by 07:00 with 0.5 h of charging" in words_of(home.people.ben.get("/plan"))
    home.pass_time(minutes=35)
    assert home.charger.commands == [506]
    answer = set_aim(home, "")
    assert "Set. Charges until the car is full." in words_of(answer)
    home.settle()
    assert home.charger.commands == [506, 507]
    assert aim_of(home)["energy_kwh"] is None


def test_at_the_cheapest_hours_it_waits_for_them_and_is_ready_in_time(priced_home: Home) -> None:
    home = priced_home
    answer = set_aim(home, cheapest="yes")
    says = "Waits for cheaper hours: 01:00–02:5"
    assert says in words_of(answer)
    home.settle()
    assert home.charger.commands == [506]
    assert re.fullmatch(
        r"Waits for cheaper hours: 01:00–02:5\d, then ready by 07:00 with \+20 kWh, about (19\.9|20\.).* kr\. "
        r"Starts at 04:5\d at the latest\.",
        home.next(),
    )
    page = words_of(home.people.carla.get(f"/chargers/{home.id}"))
    assert "Waits until tomorrow 01:00" in page and "paused for cheaper hours since 18:00" in page
    told = aim_of(home)
    assert (told["energy_kwh"], told["reason"], told["ready_by"]) == (20, "cheapest", "2026-11-21T07:00:00+01:00")
    home.go_to(at("2026-11-21T00:55"))
    home.tick()
    assert home.charger.commands == [506]
    home.pass_time(minutes=10)
    assert home.charger.commands == [506, 507]
    assert "Charges in the cheap hours: 01:0" in home.next()
    home.pass_time(hours=3, step=600)
    assert home.charger.commands == [506, 507, 506]
    assert aim_of(home) is None
    assert home.log()[-2] == "The car got +20 kWh, wanted by 07:00"


@pytest.mark.both_databases
def test_an_aim_set_anew_knows_still_how_much_this_car_takes(priced_home: Home) -> None:
    home = priced_home
    set_aim(home, cheapest="yes")
    home.settle()
    set_aim(home, "10", cheapest="yes")
    assert slots(home).startswith("01:00–01:5")


def test_cheapest_hours_are_offered_where_some_are_cheaper(charging_home: Home) -> None:
    home = charging_home
    assert "Enter a contract by the clock or by the hour" in words_of(home.people.ben.get(f"/chargers/{home.id}"))
    set_aim(home, cheapest="yes")
    assert aim_of(home)["reason"] == "at_once"
    by_the_clock(home)
    page = home.people.ben.get(f"/chargers/{home.id}").text
    assert "Cheapest hours</label>" in page and "Enter a contract" not in page


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"energy": "much"}, "“Energy in kWh” has to be a number like 20, at most 200."),
        ({"energy": "", "hours": "30"}, "“Hours” of charging have to be a number like 4, at most 24."),
        ({"hours": "3"}, "Either energy or hours: leave one of them empty."),
        ({"ready_by": "soon"}, "“soon” is not a time. Write it like 22:00."),
    ],
)
def test_what_is_typed_wrong_is_said_and_kept_on_both_pages(home: Home, fields: dict[str, str], says: str) -> None:
    answer = set_aim(home, **fields)
    form = {"do": "set", "energy": "20", "hours": "", "ready_by": "7", "charger": home.id} | fields
    on_plan = home.people.ben.post("/plan/ready-by", data=form)
    for page in (answer, on_plan):
        assert page.status_code == 400
        assert says in words_of(page)
        assert all(f'value="{typed}"' in page.text for typed in fields.values() if typed)
    assert aim_of(home) is None


def test_an_aim_is_for_members_and_can_be_cancelled(priced_home: Home) -> None:
    home = priced_home
    assert set_aim(home, who=home.people.carla).status_code == 403
    set_aim(home, cheapest="yes")
    home.settle()
    cancel = button_value(home.people.ben.get(f"/chargers/{home.id}").text, "cancel-")
    answer = home.people.ben.post("/plan/ready-by", data={"do": cancel, "charger": home.id}, follow_redirects=True)
    assert "Cancelled: it stays as it is until somebody changes it." in words_of(answer)
    assert aim_of(home) is None
    home.go_to(at("2026-11-21T02:00"))
    home.settle()
    assert home.charger.commands == [506]
    assert home.log()[-1] == "Ben cancelled +20 kWh by Sat 07:00"


def test_an_aim_that_is_set_before_the_car_comes_holds_it_and_ends_when_it_leaves(home: Home) -> None:
    by_the_clock(home)
    assert "No car is plugged in yet." in words_of(set_aim(home, cheapest="yes"))
    home.charger.plug_in_and_charge(battery_kwh=50_000)
    home.pass_time(minutes=5)
    assert home.charger.commands == [506]
    assert slots(home).startswith("01:00–")
    home.charger.unplug()
    home.pass_time(minutes=5)
    assert aim_of(home) is None
    assert home.log()[-1] == "The car was unplugged; it was to have +20 kWh by Sat 07:00"


def test_resume_by_hand_means_now_and_it_still_stops_at_its_energy(priced_home: Home) -> None:
    home = priced_home
    set_aim(home, "5", cheapest="yes")
    home.settle()
    home.people.anna.post(f"/chargers/{home.id}/resume")
    home.settle()
    assert aim_of(home)["reason"] == "by_hand"
    assert "Resumed by hand, so it does not wait. Charges +5 kWh, then stops" in home.next()
    home.pass_time(minutes=40)
    assert home.charger.commands == [506, 507, 506]


def test_pause_by_hand_suspends_it_and_it_asks_at_its_latest_start(priced_home: Home) -> None:
    home = priced_home
    set_aim(home)
    home.pass_time(minutes=1)
    home.people.anna.post(f"/chargers/{home.id}/pause")
    home.settle()
    latest = datetime.fromisoformat(aim_of(home)["latest_start"])
    assert aim_of(home)["reason"] == "paused_by_hand"
    assert f"To be ready by 07:00 it has to start at {latest:%H:%M} at the latest." in home.next()
    assert home.alerts() == ""
    home.go_to(latest)
    home.settle()
    assert "it has to charge from now on, but it was paused by hand" in home.alerts()
    home.pass_time(minutes=16)
    assert "It will not be ready by 07:00 with +20 kWh" in home.alerts()
    assert aim_of(home)["reason"] == "late"
    assert home.charger.commands == [506]
    home.people.anna.post(f"/chargers/{home.id}/resume")
    home.pass_time(minutes=5)
    assert home.alerts() == "" and aim_of(home)["reason"] in ("by_hand", "late")


def test_where_the_charger_does_not_take_the_start_it_is_tried_until_it_does(priced_home: Home) -> None:
    home = priced_home
    set_aim(home, cheapest="yes")
    home.settle()
    home.cloud.lose_commands()
    home.go_to(at("2026-11-21T01:05"))
    home.pass_time(minutes=15)
    assert home.charger.final_stop and home.charger.commands.count(507) > 1
    home.cloud.heal()
    home.pass_time(minutes=20)
    home.pass_time(hours=3, step=600)
    assert aim_of(home) is None and "The car got +20 kWh, wanted by 07:00" in home.log()


def test_an_aim_rules_before_the_plan_and_leaves_the_rest_to_it(priced_home: Home) -> None:
    home = priced_home
    home.save(start="19:00", end="22:00")
    set_aim(home, "5", cheapest="yes")
    for moment, sent in (("20T19:05", [506]), ("21T01:05", [506, 507]), ("21T02:00", [506, 507, 506])):
        home.go_to(at(f"2026-11-{moment}"))
        home.settle()
        assert home.charger.commands == sent
    home.go_to(at("2026-11-21T19:05"))
    home.settle()
    assert home.charger.commands == [506, 507, 506, 507]


def test_the_picture_of_prices_shows_what_is_chosen(priced_home: Home) -> None:
    home = priced_home
    before = home.people.carla.get(f"/chargers/{home.id}").text
    set_aim(home, cheapest="yes")
    shown = home.people.carla.get(f"/chargers/{home.id}").text
    assert 'class="chosen"' in shown and 'class="latest"' in shown and 'class="chosen"' not in before
