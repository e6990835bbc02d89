"""From the sending to the end of a receipt: the charger's own readings decide, and the clock never guesses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dashboard.charger import looks, snapshots
from simulator import Cloud, SimulatedCharger
from tests.one_charger import (
    Household,
    act,
    alerts,
    house_of,
    htmx,
    log_of,
    page,
    pass_time,
    press,
    receipt,
    rows,
    seen,
    sentence,
    situation_of,
    words_of,
)


def pause_in_vain(household: Household, charger: SimulatedCharger, cloud: Cloud, seconds: int) -> None:
    """Anna presses a pause that gets lost on its way to the charger, and so much time passes."""
    cloud.lose_commands()
    household.anna.post(page(charger, "pause"))
    pass_time(household, seconds)


# 3. The watch.


def test_the_charger_is_looked_at_after_2_7_15_30_45_and_60_s(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    cloud.lose_commands()
    started = household.clock.now()
    household.anna.post(page(charger, "pause"))
    cloud.forget_requests()
    pass_time(household, 100)
    after = [(one.at - started).total_seconds() for one in cloud.requests]
    assert after == [2, 7, 15, 30, 45, 60]


def test_a_look_waits_until_zaptec_asks_the_charger_again(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    cloud.state_cache_s = 15
    household.clock.advance(seconds=6)
    address = seen(household.anna.get(page(charger)))
    household.anna.post(page(charger, "pause"))
    started = household.clock.now()
    cloud.forget_requests()
    for _ in range(9):  # a page that is open asks nothing besides
        pass_time(household, 1)
        htmx(household.ben, address)
    assert [(one.at - started).total_seconds() for one in cloud.requests] == [2, 7, 9]
    assert situation_of(household.anna.get(page(charger))) == "paused"


def test_a_look_never_has_the_old_state_repeated_before_the_charger_has_acted(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    cloud.lose_commands()
    household.clock.advance(seconds=14)  # at 2 s Zaptec would ask the charger, and repeat that until 17 s
    household.anna.post(page(charger, "pause"))
    started = household.clock.now()
    cloud.forget_requests()
    pass_time(household, 100)
    assert [(one.at - started).total_seconds() for one in cloud.requests] == [5, 20, 35, 50, 65]
    assert rows(household)[0].outcome == "not_confirmed"


def test_an_answer_that_zaptec_may_have_repeated_makes_it_no_younger() -> None:
    now = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
    later = timedelta(seconds=8)
    known = looks.cached_until(None, now, now)
    assert known == now + timedelta(seconds=15)
    assert looks.cached_until(known, now + later, now + later) == known
    assert looks.cached_until(known, known, known) == known + timedelta(seconds=15)
    ahead = now + timedelta(days=1)  # written by a clock that has been set back since
    assert looks.cached_until(ahead, now, now) == known


def test_not_confirmed_only_after_60_s_and_with_the_next_step(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    pause_in_vain(household, charger, cloud, seconds=59)
    assert "not confirmed" not in receipt(household.anna.get(page(charger)))
    pass_time(household, 1)
    answer = household.anna.get(page(charger))
    assert "The charger has not confirmed within 60 s." in receipt(answer)
    assert "The charger has not reported a pause. Press again." in receipt(answer)
    assert "press again" not in receipt(household.carla.get(page(charger))).lower()  # who may not press
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


def test_where_no_look_succeeds_they_become_seldom(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    press(household.anna, charger, "pause")
    cloud.give_role(charger, 1)
    pass_time(household, 3600, step=5)
    cloud.forget_requests()
    pass_time(household, 7200, step=30)
    assert 10 <= cloud.asked("state") <= 20
    assert rows(household)[0].ended_at is None  # nobody knows


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


# 4. What answers mean.


def test_a_528_is_a_refusal_with_the_reason_the_state_gives(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    charger.unplug()  # since the last look
    answer = press(household.anna, charger, "pause")
    said = "Anna asked to pause it at 18:01. Refused: Nothing to pause or resume. Plug the car in first."
    assert said in receipt(answer)
    assert situation_of(answer) == "disconnected"
    assert [one.status for one in charger.received] == [500]


def test_a_528_because_somebody_was_first_is_no_failure(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    charger.pause_elsewhere()
    cloud.clock.advance(seconds=10)  # done, and not seen by us
    answer = press(household.anna, charger, "pause")
    assert charger.commands == [506]
    assert situation_of(answer) == "paused"
    assert "not confirmed" not in receipt(answer)


def test_a_resume_may_be_refused_with_528(household: Household, charger: SimulatedCharger, cloud: Cloud) -> None:
    charger.pause_elsewhere()
    household.clock.advance(seconds=30)
    household.anna.get(page(charger))
    charger.resume_elsewhere()
    household.clock.advance(seconds=12)
    answer = press(household.anna, charger, "resume")
    assert charger.commands == [507]
    assert [one.status for one in charger.received] == [500]
    assert situation_of(answer) == "charging"
    assert "not confirmed" not in receipt(answer)


def test_the_500_that_always_answers_a_deauthorize_is_no_refusal(
    household: Household, charger: SimulatedCharger
) -> None:
    answer = press(household.anna, charger, "deauthorize")
    assert [one.status for one in charger.received] == [500]
    assert "accepted" in receipt(answer)
    pass_time(household, 10)
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


def test_a_role_lost_since_is_said_with_what_helps(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    cloud.take_role_away()
    answer = press(household.anna, charger, "pause")
    assert "Refused: Zaptec does not let this account see or control the charger." in receipt(answer)
    assert "owner" in receipt(answer)
    assert charger.commands == []
    assert "Zaptec does not accept" not in alerts(answer)
