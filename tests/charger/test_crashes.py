"""kill -9 between asking and knowing: after the restart the receipt ends truthfully, and nothing is sent twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask

from dashboard.settings import Settings
from simulator import Cloud, SimulatedCharger
from tests.one_charger import (
    Household,
    MakeApp,
    house_of,
    htmx,
    in_words,
    page,
    press,
    receipt,
    rows,
    situation_of,
    tick,
)


class Killed(BaseException):
    """The process is gone; nothing of it runs on."""


@pytest.fixture
def die(household: Household) -> Callable[[], None]:
    """Ends the process that calls it: it writes no word more."""
    services = house_of(household.app)

    @contextmanager
    def cannot_write() -> Iterator[None]:
        raise Killed
        yield

    def die() -> None:
        services.database.writing = cannot_write  # type: ignore[assignment, method-assign]
        raise Killed

    return die


@pytest.fixture
def restarted(household: Household, make_app: MakeApp, settings: Settings) -> Callable[[], Household]:
    """The household's people at the dashboard that was started after the crash."""

    def restart() -> Household:
        app = make_app(settings)
        browsers = []
        for old in (household.anna, household.ben, household.carla):
            cookie = old.get_cookie("household")
            assert cookie is not None
            browsers.append(app.test_client())
            browsers[-1].set_cookie("household", cookie.value)
        anna, ben, carla = browsers
        return Household(app, household.clock, anna, ben, carla, app.test_client())

    return restart


def pass_time(app: Flask, household: Household, seconds: int) -> None:
    """Let time pass at the new process, which ticks every few seconds."""
    while seconds > 0:
        step = min(3, seconds)
        household.clock.advance(seconds=step)
        tick(app)
        seconds -= step


def press_and_die(household: Household, charger: SimulatedCharger, action: str = "pause") -> None:
    with pytest.raises(Killed):
        household.anna.post(page(charger, action))


def test_killed_during_the_check_nothing_was_sent_and_that_is_said(
    household: Household,
    charger: SimulatedCharger,
    die: Callable[[], None],
    restarted: Callable[[], Household],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    household.clock.advance(seconds=20)
    monkeypatch.setattr(house_of(household.app).account.client, "charger_state", lambda _id: die())
    press_and_die(household, charger)
    after = restarted()
    assert "asked" in receipt(after.anna.get(page(charger)))
    pass_time(after.app, household, 45)
    answer = after.anna.get(page(charger))
    assert "The dashboard was interrupted before it could ask; nothing was sent. Press again." in receipt(answer)
    assert situation_of(answer) == "charging"
    assert charger.commands == []
    press(after.anna, charger, "pause")
    assert charger.commands == [506]


def test_killed_after_it_was_written_down_nothing_was_sent(
    household: Household,
    charger: SimulatedCharger,
    die: Callable[[], None],
    restarted: Callable[[], Household],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(house_of(household.app).presses, "start", lambda _work: die())
    press_and_die(household, charger)
    after = restarted()
    pass_time(after.app, household, 24)
    assert rows(household)[0].ended_at is None
    pass_time(after.app, household, 2)
    assert "nothing was sent" in receipt(after.anna.get(page(charger)))
    assert charger.commands == []


def test_a_press_after_such_a_crash_needs_no_tick_to_get_through(
    household: Household,
    charger: SimulatedCharger,
    die: Callable[[], None],
    restarted: Callable[[], Household],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(house_of(household.app).presses, "start", lambda _work: die())
    press_and_die(household, charger)
    household.clock.advance(seconds=26)
    press(restarted().ben, charger, "pause")
    assert [(one.outcome, one.reason) for one in rows(household)] == [("refused", "interrupted"), (None, None)]
    assert charger.commands == [506]


def test_killed_just_before_the_command_left_it_is_not_sent_by_another(
    household: Household,
    charger: SimulatedCharger,
    cloud: Cloud,
    die: Callable[[], None],
    restarted: Callable[[], Household],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nobody can know whether it left, so it must not be sent again; the charger's state tells."""
    monkeypatch.setattr(house_of(household.app).account.client, "pause", lambda _id: die())
    press_and_die(household, charger)
    after = restarted()
    pass_time(after.app, household, 59)
    answer = after.anna.get(page(charger))
    assert situation_of(answer) == "pausing"
    assert "accepted" not in receipt(answer)
    pass_time(after.app, household, 2)
    assert "→ not confirmed" in receipt(after.anna.get(page(charger)))
    assert cloud.asked("command") == 0


@pytest.mark.parametrize("action", ["pause", "deauthorize", "restart"])
def test_killed_before_the_answer_came_it_ends_confirmed(
    household: Household,
    charger: SimulatedCharger,
    die: Callable[[], None],
    restarted: Callable[[], Household],
    monkeypatch: pytest.MonkeyPatch,
    action: str,
) -> None:
    client = house_of(household.app).account.client
    name = {"deauthorize": "deauthorize_and_stop"}.get(action, action)
    send = getattr(client, name)

    def send_and_die(charger_id: str) -> None:
        send(charger_id)
        die()

    monkeypatch.setattr(client, name, send_and_die)
    press_and_die(household, charger, action)
    after = restarted()
    pass_time(after.app, household, 150)
    said = receipt(after.anna.get(page(charger)))
    assert "→ confirmed" in said
    assert "accepted" not in said
    assert len(charger.commands) == 1


def test_killed_after_it_was_accepted_another_process_watches_to_the_end(
    household: Household, charger: SimulatedCharger, restarted: Callable[[], Household]
) -> None:
    household.anna.post(page(charger, "pause"))
    after = restarted()
    pass_time(after.app, household, 8)
    assert "accepted → confirmed" in receipt(after.anna.get(page(charger)))
    assert charger.commands == [506]


def test_killed_during_a_look_the_next_look_is_taken_by_another(
    household: Household,
    charger: SimulatedCharger,
    die: Callable[[], None],
    restarted: Callable[[], Household],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    household.anna.post(page(charger, "pause"))
    household.clock.advance(seconds=7)
    monkeypatch.setattr(house_of(household.app).account.client, "charger_state", lambda _id: die())
    with pytest.raises(Killed):
        tick(household.app)
    after = restarted()
    pass_time(after.app, household, 39)  # the dead process still holds the lease
    assert rows(household)[0].ended_at is None
    pass_time(after.app, household, 15)
    assert "→ confirmed" in receipt(after.anna.get(page(charger)))


def test_a_dead_process_keeps_nobody_from_looking_for_long(
    household: Household,
    charger: SimulatedCharger,
    cloud: Cloud,
    die: Callable[[], None],
    restarted: Callable[[], Household],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(house_of(household.app).account.client, "charger_state", lambda _id: die())
    household.clock.advance(seconds=20)
    with pytest.raises(Killed):
        household.anna.get(page(charger))
    after = restarted()
    household.clock.advance(seconds=39)
    after.anna.get(page(charger))
    assert cloud.asked("state") == 0
    household.clock.advance(seconds=1)
    after.anna.get(page(charger))
    assert cloud.asked("state") == 1


def test_the_list_is_read_although_the_process_that_began_it_died(
    household: Household,
    cloud: Cloud,
    die: Callable[[], None],
    restarted: Callable[[], Household],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(house_of(household.app).account.client, "chargers", lambda: die())
    with pytest.raises(Killed):
        tick(household.app)
    after = restarted()
    household.clock.advance(seconds=46)
    after.anna.get("/")
    assert "Carport" in in_words(after.anna.get("/").text)


def test_a_mistake_of_ours_in_the_middle_frees_the_charger_at_once(
    household: Household, charger: SimulatedCharger, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    """A bug is not a crash: the process lives, and says at once that nothing was sent."""
    services = house_of(household.app)
    household.clock.advance(seconds=20)

    def breaks(_id: str) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(services.account.client, "charger_state", breaks)
        answer = household.anna.post(page(charger, "pause"))
    assert "background work failed" in caplog.text
    answer = htmx(household.anna, page(charger))
    assert "nothing was sent. Press again." in receipt(answer)
    press(household.anna, charger, "pause")
    assert charger.commands == [506]
