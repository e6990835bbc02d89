"""How a notice leaves: once, again after trouble, to somebody else where it does not arrive; with a receipt."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from dashboard.news import NewsKind
from dashboard.notices.message import Message, Outcome, Result, WayKind
from dashboard.notices.tables import delivery_table
from dashboard.settings import Settings
from tests.notices.conftest import MakeApp, Told
from tests.one_charger import tick

DOWN = Outcome(Result.TRY_LATER, "service_trouble")


@pytest.fixture
def ben(told: Told) -> Told:
    """Ben hears of presses, by ntfy."""
    told.add_way("Anna", "Annas phone")
    told.add_way("Ben", "Bens phone")
    told.hears("Anna")
    told.hears("Ben", NewsKind.OWNER, NewsKind.FINISHED, NewsKind.WARNING, NewsKind.NOT_TAKEN)
    return told


def finished(told: Told, key: str = "") -> None:
    told.report(NewsKind.FINISHED, key, charger_id="a", facts={"energy_kwh": 12.3})


def test_what_is_reported_twice_is_told_once(ben: Told) -> None:
    finished(ben, "one")
    finished(ben, "one")
    ben.tick()
    finished(ben, "one")
    ben.pass_time(minutes=2)
    assert ben.carrier.titles("Bens phone") == ["Charging has ended"]


def test_after_trouble_it_is_tried_again_ever_more_seldom_for_two_hours(ben: Told) -> None:
    ben.carrier.does["Bens phone"] = DOWN
    finished(ben)
    ben.pass_time(hours=3, step=120)
    assert 10 <= len(ben.carrier.sent) <= 14
    assert ben.last_ten("Ben") == [("finished", "ntfy", "failed")]
    assert "It is in trouble itself." in ben.people.ben.get("/account").text


def test_it_arrives_when_the_trouble_is_over_under_the_same_tag(ben: Told) -> None:
    ben.carrier.does["Bens phone"] = DOWN
    finished(ben)
    ben.pass_time(minutes=5)
    assert ben.last_ten("Ben") == [("finished", "ntfy", "asked")]
    assert "It is tried again at 18:" in ben.people.ben.get("/account").text
    del ben.carrier.does["Bens phone"]
    ben.pass_time(minutes=10)
    assert len(ben.carrier.arrived) == 1
    assert len({message.tag for _to, message in ben.carrier.sent}) == 1


def test_it_waits_as_long_as_it_is_asked_to(ben: Told) -> None:
    ben.carrier.does["Bens phone"] = Outcome(Result.TRY_LATER, "rate_limited", timedelta(minutes=20))
    finished(ben)
    ben.pass_time(minutes=19)
    assert len(ben.carrier.sent) == 1
    ben.pass_time(minutes=2)
    assert len(ben.carrier.sent) == 2


def test_an_address_that_is_no_more_is_retired_and_the_page_says_so(ben: Told) -> None:
    ben.carrier.does["Bens phone"] = Outcome(Result.GONE, "retired")
    finished(ben)
    ben.pass_time(minutes=1)
    finished(ben)
    ben.pass_time(minutes=1)
    assert len(ben.carrier.sent) == 1
    assert "It takes no more notices since 18:0" in ben.people.ben.get("/account").text


def died_while_sending(_to: str, _message: Message) -> Outcome:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("kind", "stage", "tries"), [(WayKind.NTFY, "handed_over", 2), (WayKind.TELEGRAM, "perhaps", 1)]
)
def test_after_a_crash_it_is_sent_again_only_where_the_second_takes_the_place_of_the_first(
    told: Told, kind: WayKind, stage: str, tries: int
) -> None:
    told.add_way("Anna", "Annas phone", kind)
    told.hears("Anna", NewsKind.FINISHED)
    told.carrier.does["Annas phone"] = died_while_sending
    finished(told)
    with pytest.raises(KeyboardInterrupt):
        told.tick()
    del told.carrier.does["Annas phone"]
    told.pass_time(minutes=3)
    assert len(told.carrier.sent) == tries
    assert len({message.tag for _to, message in told.carrier.sent}) == 1
    assert told.last_ten("Anna") == [("finished", kind.value, stage)]


def test_an_answer_that_got_lost_means_perhaps_where_nothing_can_be_replaced(told: Told) -> None:
    told.add_way("Anna", "Annas chat", WayKind.TELEGRAM)
    told.hears("Anna", NewsKind.FINISHED)
    told.carrier.does["Annas chat"] = Outcome(Result.FAILED, "no_answer")
    finished(told)
    told.pass_time(minutes=1)
    assert told.last_ten("Anna") == [("finished", "telegram", "perhaps")]


def test_what_may_have_arrived_and_comes_to_nothing_afterwards_is_perhaps(ben: Told) -> None:
    """Nobody knows how the first try ended; the second says no, or nothing is sent any more."""
    no_answer = Outcome(Result.TRY_LATER, "no_answer")
    ends = (Outcome(Result.FAILED, "refused"), None)
    for end in ends:
        ben.carrier.does["Bens phone"] = no_answer
        finished(ben)
        ben.tick()
        ben.carrier.does["Bens phone"] = DOWN
        ben.pass_time(minutes=2)
        if end is None:
            ben.people.anna.post("/doors", data={"host": "ntfy.example"})
        else:
            ben.carrier.does["Bens phone"] = end
        ben.pass_time(minutes=20)
        assert ben.last_ten("Ben")[0] == ("finished", "ntfy", "perhaps")
    assert "Perhaps: nobody said whether it was taken." in ben.people.ben.get("/account").text


def test_two_programs_hand_each_notice_over_once(
    ben: Told, make_app: MakeApp, settings: Settings, app: Flask
) -> None:
    other = make_app(settings)

    def meanwhile(_to: str, _message: Message) -> Outcome:
        tick(other)
        return Outcome(Result.HANDED_OVER)

    ben.carrier.does["Bens phone"] = meanwhile
    for number in range(3):
        finished(ben, f"charge {number}")
    tick(other)
    ben.tick()
    assert len(ben.carrier.arrived) == 3


def test_where_it_does_not_reach_whoever_pressed_the_next_of_the_household_hears_it(ben: Told) -> None:
    ben.hears("Anna", NewsKind.NOT_TAKEN)
    ben.carrier.does["Bens phone"] = Outcome(Result.FAILED, "refused")
    ben.report(
        NewsKind.NOT_TAKEN, charger_id="a", member_id=ben.id_of("Ben"), facts={"action": "pause", "who": "Ben"}
    )
    ben.tick()
    ben.tick()
    [(to, message)] = ben.carrier.arrived
    assert to == "Annas phone"
    assert message.body.endswith("You hear this because Ben could not be told.")
    ben.pass_time(minutes=10)
    assert len(ben.carrier.arrived) == 1


def test_a_way_that_is_silent_for_two_minutes_has_failed_for_the_next_person(ben: Told) -> None:
    ben.hears("Anna", NewsKind.NOT_TAKEN)
    ben.carrier.does["Bens phone"] = DOWN
    ben.report(
        NewsKind.NOT_TAKEN, charger_id="a", member_id=ben.id_of("Ben"), facts={"action": "pause", "who": "Ben"}
    )
    ben.pass_time(seconds=110, step=10)
    assert ben.carrier.arrived == []
    ben.pass_time(seconds=30, step=10)
    assert [to for to, _message in ben.carrier.arrived] == ["Annas phone"]


def test_beyond_ten_in_an_hour_one_line_says_how_many_more(ben: Told) -> None:
    for number in range(17):
        finished(ben, f"charge {number}")
    ben.pass_time(minutes=59, step=60)
    assert ben.carrier.titles("Bens phone") == ["Charging has ended"] * 10
    ben.report(NewsKind.WARNING, charger_id="a")
    ben.pass_time(minutes=3)
    assert ben.carrier.titles("Bens phone")[10:] == ["Stop using the charger", "And 7 more"]


def test_quiet_hours_drop_what_may_wait_and_keep_what_owners_have_to_know_for_the_morning(ben: Told) -> None:
    ben.hears("Anna", NewsKind.FINISHED, NewsKind.OWNER, quiet_from=18 * 60, quiet_to=19 * 60)
    finished(ben)
    ben.report(NewsKind.OWNER, facts={"reason": "sign_in_rejected"})
    ben.pass_time(minutes=50)
    assert ben.carrier.titles("Annas phone") == []
    ben.pass_time(minutes=15)
    assert ben.carrier.titles("Annas phone") == ["Zaptec refuses the sign-in"]


def test_what_is_tried_again_into_the_quiet_hours_is_dropped(ben: Told) -> None:
    ben.hears("Ben", NewsKind.FINISHED, quiet_from=18 * 60 + 5, quiet_to=19 * 60)
    ben.carrier.does["Bens phone"] = DOWN
    finished(ben)
    ben.pass_time(minutes=10)
    assert ben.last_ten("Ben") == [("finished", "ntfy", "failed")]
    assert "Your quiet hours had begun" in ben.people.ben.get("/account").text


def test_what_the_program_slept_through_for_two_hours_is_not_told(ben: Told) -> None:
    finished(ben)
    ben.people.clock.advance(seconds=2 * 3600 + 1)
    ben.tick()
    assert ben.carrier.sent == []


def test_a_host_that_an_owner_has_switched_off_hears_nothing_and_the_receipt_says_so(ben: Told) -> None:
    ben.people.anna.post("/doors", data={"host": "ntfy.example"})
    finished(ben)
    ben.pass_time(minutes=1)
    assert ben.carrier.sent == []
    assert "An owner has switched this way off" in ben.people.ben.get("/account").text


def test_nothing_of_an_address_or_a_message_is_in_any_log_line(ben: Told, caplog: pytest.LogCaptureFixture) -> None:
    ben.carrier.does["Bens phone"] = Outcome(Result.FAILED, "refused")
    finished(ben)
    ben.pass_time(minutes=1)
    lines = "\n".join(record.getMessage() + (record.exc_text or "") for record in caplog.records)
    assert "Bens phone" not in lines and "Charging has ended" not in lines and "12.3" not in lines


def test_without_a_way_nothing_is_written_or_asked(told: Told) -> None:
    finished(told)
    told.pass_time(minutes=3)
    with told.people.database.reading() as connection:
        assert connection.execute(select(delivery_table)).first() is None
    assert told.carrier.sent == []


def test_whoever_has_lost_a_delivery_to_another_program_writes_nothing_over(ben: Told) -> None:
    finished(ben)

    def too_slow(_to: str, _message: Message) -> Outcome:
        with ben.people.database.writing() as connection:
            later = ben.people.clock.now() + timedelta(minutes=9)
            connection.execute(update(delivery_table).values(try_at=later))
        return Outcome(Result.FAILED, "refused")

    ben.carrier.does["Bens phone"] = too_slow
    ben.tick()
    assert ben.last_ten("Ben") == [("finished", "ntfy", "asked")]
