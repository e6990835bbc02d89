"""kill -9 between asking and knowing: after the restart the receipt ends truthfully, and nothing is sent twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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


@dataclass
class Crash:
    """The end of the household's process: when it comes, and the process that is started after it."""

    household: Household
    monkeypatch: pytest.MonkeyPatch
    start: Callable[[], Flask]

    def kill(self, *_: object) -> None:
        """The process that calls this writes no word more."""

        @contextmanager
        def cannot_write() -> Iterator[None]:
            raise Killed
            yield

        self.monkeypatch.setattr(house_of(self.household.app).database, "writing", cannot_write)
        raise Killed

    def comes(self, part: object, name: str, *, afterwards: bool = False) -> None:
        """It comes when the process calls this; or afterwards, before it hears what came of it."""
        work = getattr(part, name)

        def die(*given: object) -> None:
            if afterwards:
                work(*given)
            self.kill()

        self.monkeypatch.setattr(part, name, die)

    def comes_in_request(self, name: str, *, afterwards: bool = False) -> None:
        """The same for a request to Zaptec."""
        self.comes(house_of(self.household.app).account.client, name, afterwards=afterwards)

    def restart(self) -> Household:
        """The household's people at the dashboard that was started after the crash."""
        app = self.start()
        browsers = []
        for old in (self.household.anna, self.household.ben, self.household.carla):
            cookie = old.get_cookie("household")
            assert cookie is not None
            browsers.append(app.test_client())
            browsers[-1].set_cookie("household", cookie.value)
        return Household(app, self.household.clock, *browsers, app.test_client())


@pytest.fixture
def crash(household: Household, make_app: MakeApp, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Crash:
    return Crash(household, monkeypatch, lambda: make_app(settings))


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
    household: Household, charger: SimulatedCharger, crash: Crash
) -> None:
    household.clock.advance(seconds=20)
    crash.comes_in_request("charger_state")
    press_and_die(household, charger)
    after = crash.restart()
    assert "asked" in receipt(after.anna.get(page(charger)))
    pass_time(after.app, household, 45)
    answer = after.anna.get(page(charger))
    assert "The dashboard was interrupted before it could ask; nothing was sent. Press again." in receipt(answer)
    assert situation_of(answer) == "charging"
    assert charger.commands == []
    press(after.anna, charger, "pause")
    assert charger.commands == [506]


def test_killed_after_it_was_written_down_nothing_was_sent(
    household: Household, charger: SimulatedCharger, crash: Crash
) -> None:
    crash.comes(house_of(household.app).presses, "start")
    press_and_die(household, charger)
    after = crash.restart()
    pass_time(after.app, household, 24)
    assert rows(household)[0].ended_at is None
    pass_time(after.app, household, 2)
    assert "nothing was sent" in receipt(after.anna.get(page(charger)))
    assert charger.commands == []


def test_a_press_after_such_a_crash_needs_no_tick_to_get_through(
    household: Household, charger: SimulatedCharger, crash: Crash
) -> None:
    crash.comes(house_of(household.app).presses, "start")
    press_and_die(household, charger)
    household.clock.advance(seconds=26)
    press(crash.restart().ben, charger, "pause")
    assert [(receipt.outcome, receipt.reason) for receipt in rows(household)] == [
        ("refused", "interrupted"),
        (None, None),
    ]
    assert charger.commands == [506]


def test_killed_just_before_the_command_left_it_is_not_sent_by_another(
    household: Household, charger: SimulatedCharger, cloud: Cloud, crash: Crash
) -> None:
    """Nobody can know whether it left, so it must not be sent again; the charger's state tells."""
    crash.comes_in_request("pause")
    press_and_die(household, charger)
    after = crash.restart()
    pass_time(after.app, household, 59)
    answer = after.anna.get(page(charger))
    assert situation_of(answer) == "pausing"
    assert "accepted" not in receipt(answer)
    pass_time(after.app, household, 2)
    assert "not confirmed" in receipt(after.anna.get(page(charger)))
    assert cloud.asked("command") == 0


@pytest.mark.parametrize("action", ["pause", "deauthorize", "restart"])
def test_killed_before_the_answer_came_it_ends_confirmed(
    household: Household, charger: SimulatedCharger, crash: Crash, action: str
) -> None:
    name = {"deauthorize": "deauthorize_and_stop"}.get(action, action)
    crash.comes_in_request(name, afterwards=True)
    press_and_die(household, charger, action)
    after = crash.restart()
    pass_time(after.app, household, 150)
    said = receipt(after.anna.get(page(charger)))
    assert "The charger has confirmed." in said
    assert "accepted" not in said
    assert len(charger.commands) == 1


def test_killed_after_it_was_accepted_another_process_watches_to_the_end(
    household: Household, charger: SimulatedCharger, crash: Crash
) -> None:
    household.anna.post(page(charger, "pause"))
    after = crash.restart()
    pass_time(after.app, household, 8)
    assert "The charger has confirmed." in receipt(after.anna.get(page(charger)))
    assert charger.commands == [506]


def test_killed_during_a_look_the_next_look_is_taken_by_another(
    household: Household, charger: SimulatedCharger, crash: Crash
) -> None:
    household.anna.post(page(charger, "pause"))
    household.clock.advance(seconds=7)
    crash.comes_in_request("charger_state")
    with pytest.raises(Killed):
        tick(household.app)
    after = crash.restart()
    pass_time(after.app, household, 39)  # the dead process still holds the lease
    assert rows(household)[0].ended_at is None
    pass_time(after.app, household, 15)
    assert "The charger has confirmed." in receipt(after.anna.get(page(charger)))


def test_a_dead_process_keeps_nobody_from_looking_for_long(
    household: Household, charger: SimulatedCharger, cloud: Cloud, crash: Crash
) -> None:
    crash.comes_in_request("charger_state")
    household.clock.advance(seconds=20)
    with pytest.raises(Killed):
        household.anna.get(page(charger))
    after = crash.restart()
    household.clock.advance(seconds=39)
    after.anna.get(page(charger))
    assert cloud.asked("state") == 0
    household.clock.advance(seconds=1)
    after.anna.get(page(charger))
    assert cloud.asked("state") == 1


def test_the_list_is_read_although_the_process_that_began_it_died(
    household: Household, cloud: Cloud, crash: Crash
) -> None:
    crash.comes_in_request("chargers")
    with pytest.raises(Killed):
        tick(household.app)
    after = crash.restart()
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
