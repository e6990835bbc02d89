"""Who pressed hears that it did not get through: once, soon, and not when it has come about after all."""

from __future__ import annotations

from dashboard.notices.message import Outcome, Result
from simulator import Cloud, SimulatedCharger
from tests.notices.conftest import Told
from tests.one_charger import page, pass_time, press


def test_a_lost_pause_reaches_whoever_pressed_within_75_s_of_the_press(
    told: Told, charger: SimulatedCharger, cloud: Cloud
) -> None:
    cloud.state_cache_s = 15
    for who in ("Anna", "Ben", "Carla"):
        told.add_way(who, f"{who}s phone")
    told.people.ben.get(page(charger))
    cloud.lose_commands()
    press(told.people.ben, charger, "pause")
    pressed_at = told.people.clock.now()
    while not told.carrier.arrived and (told.people.clock.now() - pressed_at).total_seconds() < 300:
        pass_time(told.people, 1)
    assert (told.people.clock.now() - pressed_at).total_seconds() <= 75
    [(address, message)] = told.carrier.arrived
    assert address == "Bens phone"
    assert message.title == "The pause did not get through"
    assert "Ben asked for it at 18:0" in message.body and "The charger did not do it." in message.body
    assert f"/chargers/{charger.id}/pause?told={message.tag}" in message.link and message.is_urgent
    pass_time(told.people, 120, step=5)
    assert len(told.carrier.sent) == 1
    assert told.last_ten("Ben") == [("not_taken", "ntfy", "handed_over")]
    assert "Ben was told at 18:" in told.log()


def test_what_the_page_itself_refused_is_not_told(told: Told, charger: SimulatedCharger, cloud: Cloud) -> None:
    told.add_way("Ben", "Bens phone")
    charger.unplug()
    told.people.clock.advance(seconds=16)
    press(told.people.ben, charger, "pause")
    pass_time(told.people, 90, step=10)
    assert told.carrier.sent == []


def test_what_zaptec_refuses_is_told(told: Told, charger: SimulatedCharger, cloud: Cloud) -> None:
    told.add_way("Ben", "Bens phone")
    cloud.answer_commands(400, '{"title":"Bad Request"}', carry_out=False)
    press(told.people.ben, charger, "pause")
    pass_time(told.people, 10)
    assert told.carrier.titles("Bens phone") == ["The pause did not get through"]


def test_what_has_come_about_by_another_press_before_it_left_is_not_told_any_more(
    told: Told, charger: SimulatedCharger, cloud: Cloud
) -> None:
    told.add_way("Anna", "phone")
    told.carrier.does["phone"] = Outcome(Result.TRY_LATER, "service_trouble")
    cloud.lose_commands()
    press(told.people.anna, charger, "pause")
    pass_time(told.people, 80, step=5)
    cloud.heal()
    press(told.people.ben, charger, "pause")
    pass_time(told.people, 30, step=5)
    told.carrier.does.clear()
    pass_time(told.people, 300, step=30)
    assert told.carrier.arrived == []
    assert told.last_ten("Anna") == [("not_taken", "ntfy", "failed")]
    assert "It was no longer so, and was not sent." in told.people.anna.get("/account").text
