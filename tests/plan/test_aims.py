"""Ready by seven: an aim is set, waits for its hours, is reached, and fails full."""

from __future__ import annotations

import re
from datetime import date, datetime, time

import pytest

from dashboard.history import tariff
from dashboard.news import NewsKind
from dashboard.plan import aim_words
from dashboard.plan.aim_progress import Power
from dashboard.plan.kwh_prices import UsualCharge
from dashboard.tariff import terms
from dashboard.tariff.contract import ClockHours, ClockPrice, Contract
from tests.conftest import words_of
from tests.plan.conftest import Home, at, button_value

pytestmark = pytest.mark.one_database

NIGHT_TARIFF = Contract(
    date(2026, 1, 1), "NOK", ClockPrice(3_000_000, (ClockHours(time(1), time(5), 1_000_000),)), includes_vat=True
)


def set_aim(home: Home, energy: str = "20", ready_by: str = "07:00", who=None, **fields: str):
    form = {"do": "set", "energy": energy, "hours": "", "ready_by": ready_by} | fields
    return (who or home.people.ben).post(f"/chargers/{home.id}/aim", data=form, follow_redirects=True)


def aim_of(home: Home):
    return home.people.carla.get(f"/chargers/{home.id}/next.json").json["aim"]


def slots(home: Home) -> str:
    return ", ".join(f"{begin[11:16]}–{end[11:16]}" for begin, end in aim_of(home)["slots"])


def by_the_clock(home: Home) -> Home:
    """Nights from one to five cost a third."""
    day = NIGHT_TARIFF.valid_from
    with home.services.database.writing() as connection:
        tariff.choose_currency(connection, "NOK")
        tariff.add(connection, day, 3_000_000, home.time.now(), "Anna", terms.to_text(NIGHT_TARIFF))
    return home


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


def test_how_fast_a_car_charges_is_said_with_how_many_times_it_was_seen() -> None:
    assert [aim_words.expected_power(Power(5_500, sessions)) for sessions in (0, 1, 10)] == [
        "How fast a car charges here is not known yet: the hours are planned for 5.5 kW.",
        "The last car here charged with about 5.5 kW: the hours are planned for that.",
        "Cars charge here with about 5.5 kW (the last 10 times): the hours are planned for that.",
    ]


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


def test_a_weaker_car_than_usual_is_known_before_it_waits_and_is_ready_in_time(home: Home) -> None:
    """Reckoned with the usual 10.8 kW two hours would do, and it would begin too late for a car with 3.7."""
    by_the_clock(home)
    home.services.usual_charge = lambda *_of_whom: UsualCharge(10_800, 10, 40_000)
    home.charger.plug_in_and_charge(battery_kwh=60_000)
    home.charger.car_draws_at_most(16, 1)
    told: list[NewsKind] = []
    home.services.on_news.append(lambda _connection, news: told.append(news.kind))
    home.look()
    set_aim(home, cheapest="yes", ready_by="04:00")
    home.pass_time(hours=9, minutes=58)
    assert home.time.now() < at("2026-11-21T04:00")
    assert aim_of(home) is None
    assert NewsKind.LATE not in told  # the steps of energy make it look late by some minutes now and then
    assert "The car got +20 kWh, wanted by 04:00" in home.log()


@pytest.mark.both_databases
def test_a_car_as_usual_waits_as_soon_as_that_is_known(home: Home) -> None:
    by_the_clock(home)
    home.services.usual_charge = lambda *_of_whom: UsualCharge(10_800, 10, 40_000)
    home.charger.plug_in_and_charge(battery_kwh=60_000)
    home.look()
    says = words_of(set_aim(home, cheapest="yes"))
    assert "Charges some minutes to see how much this car takes, then 01:00–02:" in says
    assert home.charger.commands == []
    home.pass_time(minutes=8, step=60)
    assert home.charger.commands == [506]
    assert slots(home).startswith("01:00–02:")
    assert ", " not in slots(home)


def paused_car(home: Home, amps: float, phases: int, usual: UsualCharge) -> Home:
    """A car that is plugged in, and paused before anybody has seen how much it takes."""
    by_the_clock(home)
    home.services.usual_charge = lambda *_of_whom: usual
    home.charger.plug_in_and_charge(battery_kwh=60_000)
    home.charger.car_draws_at_most(amps, phases)
    home.charger.pause_elsewhere()
    home.look_after(60)
    return home


@pytest.mark.parametrize("usual", [UsualCharge(7_400, 10, 40_000, least_w=3_700), UsualCharge()])
def test_a_car_that_is_plugged_in_paused_begins_early_enough_for_a_weak_one(home: Home, usual: UsualCharge) -> None:
    """Like the mean of those that came it would begin at one, and be ready at half past six."""
    paused_car(home, 16, 1, usual)
    set_aim(home, cheapest="yes", ready_by="06:00")
    assert slots(home).startswith("23:3")
    safe = (
        "How fast this car charges is seen once it begins: until then the hours are planned for 3.7 kW, to be safe."
    )
    assert (safe in words_of(home.people.ben.get("/plan"))) is bool(usual.sessions)
    home.go_to(at("2026-11-20T23:30"))
    home.pass_time(hours=6, minutes=29, step=300)
    assert home.time.now() < at("2026-11-21T06:00")
    assert "The car got +20 kWh, wanted by 06:00" in home.log()


def test_a_strong_car_that_was_plugged_in_paused_waits_for_the_rest_of_the_cheap_hours(home: Home) -> None:
    paused_car(home, 16, 3, UsualCharge(7_400, 10, 40_000, least_w=3_700))
    set_aim(home, cheapest="yes", ready_by="06:00")
    home.go_to(at("2026-11-20T23:30"))
    home.pass_time(minutes=30, step=60)
    assert home.charger.commands == [507, 506]
    assert slots(home).startswith("01:00–02:")
    assert re.search(r"This car charges with about 1[01]\.\d kW", words_of(home.people.ben.get("/plan")))


def test_where_all_cars_took_as_much_a_paused_one_waits_for_the_cheapest_hours(home: Home) -> None:
    paused_car(home, 16, 3, UsualCharge(10_800, 10, 40_000, least_w=10_800))
    set_aim(home, cheapest="yes", ready_by="06:00")
    assert slots(home).startswith("01:00–02:5")


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
