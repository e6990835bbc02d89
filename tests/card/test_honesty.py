"""What the page must not claim: an answer lost while it is awaited, old news as fresh, a 500 as a refusal."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import update

from dashboard.charger.tables import command
from tests.conftest import words_of
from tests.one_charger import page, receipt, sentence, tick


def test_news_from_the_future_is_old_and_asked_again(household, cloud, charger):
    household.clock.advance(seconds=-3600)  # our clock was an hour ahead, and has been set right
    assert cloud.asked("state") == 0
    household.anna.get(page(charger))
    assert cloud.asked("state") == 1


def test_an_answer_is_not_called_lost_while_somebody_waits_for_it(household, charger):
    household.anna.post(page(charger) + "/pause")
    with household.database.writing() as connection:
        soon = household.clock.now() + timedelta(seconds=30)
        connection.execute(update(command).values(accepted_at=None, worker_until=soon))
    assert "got lost" not in words_of(household.anna.get(page(charger)))
    with household.database.writing() as connection:
        connection.execute(update(command).values(worker_until=None, revision=command.c.revision + 1))
    assert "got lost" in words_of(household.anna.get(page(charger)))


def test_a_500_that_does_not_say_refused_leaves_it_to_the_charger(household, cloud, charger):
    cloud.fail_next(status=500, body='{"Code":505,"Details":null,"StackTrace":null}', path_contains="sendCommand")
    household.anna.post(page(charger) + "/pause")
    assert "refused" not in receipt(household.anna.get(page(charger)))
    for _ in range(8):
        household.clock.advance(seconds=10)
        tick(household.app)
    assert "not confirmed" in receipt(household.anna.get(page(charger)))


def test_a_viewer_is_told_whom_to_ask_also_while_something_is_under_way(household, charger):
    household.anna.post(page(charger) + "/pause")
    answer = household.carla.get(page(charger))
    assert 'data-situation="pausing"' in answer.text
    assert "Ask Anna for control." in words_of(answer)
    assert "<button" not in answer.text.split("<article", 1)[1].split("</article>", 1)[0]


def test_what_was_asked_for_since_the_last_news_was_not_under_way_before(household, cloud, charger):
    household.clock.advance(seconds=110 - household.clock.now().second)
    household.anna.get(page(charger))
    household.clock.advance(seconds=14)  # news so young is not asked for again before a command
    pressed_at = household.clock.now().astimezone(ZoneInfo("Europe/Oslo"))
    cloud.answer_half_json()
    household.anna.post(page(charger) + "/pause")
    for _ in range(20):
        household.clock.advance(seconds=10)
        tick(household.app)
    answer = household.anna.get(page(charger))
    assert 'data-situation="pausing"' in answer.text
    assert sentence(answer) == f"Was pausing at {pressed_at:%H:%M}"
