"""What is to come for a charger comes in order, at its own moment, unless it is called off."""

from datetime import UTC, datetime, timedelta

import pytest

from simulator.timeline import HAPPENINGS, Timeline, happening

START = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)


def knock(times):
    return times


def ring(times):
    return times


def passed(timeline, seconds):
    """What happened until then: name, argument and the second it was due."""
    return [
        (due.happening.__name__, *due.args, (timeline.at - START).total_seconds())
        for due in timeline.until(START + timedelta(seconds=seconds))
    ]


def test_what_is_due_comes_in_order_and_the_time_stands_still_for_each():
    timeline = Timeline(START)
    timeline.later(9, knock, 2)
    timeline.later(3, ring, 1)
    timeline.later(3, knock, 1)
    timeline.later(11, ring, 2)
    assert passed(timeline, 10) == [("ring", 1, 3), ("knock", 1, 3), ("knock", 2, 9)]
    assert timeline.at == START + timedelta(seconds=10)


def test_what_happens_may_bring_more_that_is_due_at_once():
    timeline = Timeline(START)
    timeline.later(1, knock, 1)
    seen = []
    for due in timeline.until(START + timedelta(seconds=5)):
        seen.append((timeline.at - START).total_seconds())
        if len(seen) < 3:
            timeline.later(2, due.happening, *due.args)
    assert seen == [1, 3, 5]


def test_the_time_never_goes_back():
    timeline = Timeline(START)
    timeline.later(1, knock, 1)
    assert passed(timeline, -60) == []
    assert timeline.at == START


def test_a_happening_is_called_off_by_its_name_or_by_its_arguments():
    timeline = Timeline(START)
    for times in (1, 2):
        timeline.later(1, knock, times)
        timeline.later(2, ring, times)
    timeline.cancel_with(knock, 2)
    assert timeline.is_due(knock)
    timeline.cancel(ring)
    assert not timeline.is_due(ring)
    assert passed(timeline, 5) == [("knock", 1, 1)]


def test_what_may_be_due_later_has_a_name_of_its_own():
    def pulse():
        """Another one than the charger's."""

    with pytest.raises(ValueError, match="pulse"):
        happening(pulse)
    assert HAPPENINGS["pulse"] is not pulse
