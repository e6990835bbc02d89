"""From the sending to the end of a receipt: the charger's own readings decide, and the clock never guesses."""

from __future__ import annotations

import pytest

from dashboard.charger import snapshots
from simulator import Cloud, SimulatedCharger
from tests.one_charger import (
    Household,
    act,
    alerts,
    house_of,
    log_of,
    page,
    pass_time,
    press,
    receipt,
    rows,
    sentence,
    situation_of,
    words_of,
)

pytestmark = pytest.mark.one_database


def pause_in_vain(household: Household, charger: SimulatedCharger, cloud: Cloud, seconds: int) -> None:
    """Anna presses a pause that gets lost on its way to the charger, and so much time passes."""
    cloud.lose_commands()
    household.anna.post(page(charger, "pause"))
    pass_time(household, seconds)


def test_not_confirmed_only_after_60_s_and_with_the_next_step(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    pause_in_vain(household, charger, cloud, seconds=59)
    assert "not confirmed" not in receipt(household.anna.get(page(charger)))
    pass_time(household, 1)
    answer = household.anna.get(page(charger))
    assert "The charger has not confirmed within 60 s." in receipt(answer)
    assert "Still charging: the pause did not get through. Try again" in alerts(answer)
    assert "again" not in receipt(answer)  # said once
    assert "Try again" not in alerts(household.carla.get(page(charger)))  # who may not press
    assert situation_of(answer) == "charging"
    assert "Pause charging" in act(answer)
    assert "not confirmed" in log_of(household)
    assert charger.commands == [506]


def test_not_confirmed_needs_a_read_that_succeeded(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    pause_in_vain(household, charger, cloud, seconds=40)
    cloud.go_down()
    pass_time(household, 60)
    answer = household.anna.get(page(charger))
    assert "not confirmed" not in receipt(answer)
    assert situation_of(answer) == "pausing"
    cloud.heal()
    pass_time(household, 30)
    assert "not confirmed" in receipt(household.anna.get(page(charger)))


def test_a_read_begun_before_60_s_does_not_end_a_receipt(
    household: Household, charger: SimulatedCharger, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Zaptec may take its time: what counts is when it was asked."""
    pause_in_vain(household, charger, cloud, seconds=57)
    client = house_of(household.app).account.client
    ask = client.charger_state

    def takes_5_s(charger_id: str) -> object:
        state = ask(charger_id)
        household.clock.advance(seconds=5)
        return state

    monkeypatch.setattr(client, "charger_state", takes_5_s)
    snapshots.ask(house_of(household.app), charger.id, patient=False)
    assert (household.clock.now() - rows(household)[0].sent_at).total_seconds() == 62
    assert rows(household)[0].ended_at is None


def test_a_late_confirmation_is_still_one(household: Household, charger: SimulatedCharger, cloud: Cloud) -> None:
    pause_in_vain(household, charger, cloud, seconds=61)
    before = household.anna.get(page(charger))
    assert "not confirmed" in receipt(before)
    cloud.heal()
    charger.pause_elsewhere()  # the command, two minutes late
    household.clock.advance(seconds=60)
    answer = household.anna.get(page(charger))
    assert "The charger has confirmed." in receipt(answer)
    assert "not confirmed" not in receipt(answer)
    assert "outside this page" not in log_of(household)
    assert charger.commands == [506]


@pytest.mark.parametrize("minutes", [17, 20, 120])
def test_a_pause_whose_news_is_late_is_ours(household: Household, charger: SimulatedCharger, minutes: int) -> None:
    """The charger has paused at once; its news takes so long to reach Zaptec."""
    charger.late_news(minutes)
    household.anna.post(page(charger, "pause"))
    pass_time(household, 62)
    assert "not confirmed" in receipt(household.anna.get(page(charger)))
    for _ in range(minutes):
        household.clock.advance(seconds=60)
        household.anna.get(page(charger))
    answer = household.anna.get(page(charger))
    assert "The charger has confirmed." in receipt(answer)
    assert sentence(answer) == "Paused by Anna"
    assert "outside this page" not in log_of(household)


def test_a_pause_after_the_charger_has_let_ours_pass_is_somebody_elses(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    pause_in_vain(household, charger, cloud, seconds=61)
    cloud.heal()
    for _ in range(17):  # it goes on reporting its power
        household.clock.advance(seconds=60)
        household.anna.get(page(charger))
    charger.pause_elsewhere()
    household.clock.advance(seconds=60)
    answer = household.anna.get(page(charger))
    assert receipt(answer) == ""  # it explains nothing of what is so now
    assert rows(household)[0].outcome == "not_confirmed"
    assert sentence(answer) == "Paused outside this page"


def test_a_second_press_lets_a_late_confirmation_be_seen(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    """The check of the second press reads that the first one has worked after all."""
    pause_in_vain(household, charger, cloud, seconds=61)
    cloud.heal()
    charger.pause_elsewhere()
    household.clock.advance(seconds=20)
    answer = press(household.ben, charger, "pause")
    assert "Already paused by Anna" in words_of(answer)
    assert rows(household)[0].outcome == "confirmed"
    assert "outside this page" not in log_of(household)


def test_an_equal_copy_proves_nothing(household: Household, charger: SimulatedCharger, cloud: Cloud) -> None:
    """What Zaptec repeats from its cache says neither yes nor no."""
    household.clock.advance(seconds=16)
    cloud.state_cache_s = 3600
    household.anna.post(page(charger, "pause"))
    pass_time(household, 59)
    answer = household.anna.get(page(charger))
    assert situation_of(answer) == "pausing"
    assert "confirmed" not in receipt(answer)
    cloud.state_cache_s = 0
    pass_time(household, 2)
    assert "The charger has confirmed." in receipt(household.anna.get(page(charger)))


def test_a_restart_is_not_believed_before_a_minute_has_passed(
    household: Household, charger: SimulatedCharger
) -> None:
    household.anna.post(page(charger, "restart"))
    pass_time(household, 60)
    said = receipt(household.anna.get(page(charger)))
    assert "confirmed" not in said
    pass_time(household, 120, step=5)
    assert "The charger has confirmed." in receipt(household.anna.get(page(charger)))


def test_a_restart_that_is_not_confirmed_says_so_after_five_minutes(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    cloud.lose_commands()
    household.anna.post(page(charger, "restart"))
    pass_time(household, 295, step=5)
    assert "confirmed" not in receipt(household.anna.get(page(charger)))
    pass_time(household, 35, step=5)
    assert "The charger has not confirmed within 5 min." in receipt(household.anna.get(page(charger)))
