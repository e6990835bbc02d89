"""A time of day as people type it: in 24 hours everywhere, whatever the browser's language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dashboard.web.forms import TIME_PATTERN, minutes_of

TEMPLATES = Path(__file__).parent.parent.parent / "templates"
SEVEN = 7 * 60


SEVEN_AS_TYPED = ["07:00", "7:00", "7", "07", "0700", "700", "07.00", "7,00", " 07:00 ", "7h00", "07 00"]


@pytest.mark.parametrize("typed", SEVEN_AS_TYPED)
def test_a_time_is_read_however_it_is_typed_and_the_browser_lets_it_through(typed: str) -> None:
    assert minutes_of(typed) == SEVEN
    assert re.fullmatch(TIME_PATTERN, typed)


@pytest.mark.parametrize("typed", ["", "soon", "²3:00", "23:0²", "٢٣:٠٠", "1e3", "7:0", "7:000", "07:00 PM", "-7"])
def test_what_is_no_time_is_stopped_by_the_browser_and_by_us(typed: str) -> None:
    assert minutes_of(typed) is None
    assert not re.fullmatch(TIME_PATTERN, typed)


@pytest.mark.parametrize("typed", ["24:00", "23:60", "99"])
def test_a_time_that_no_clock_shows_is_none(typed: str) -> None:
    assert minutes_of(typed) is None


def test_midnight_may_end_a_day() -> None:
    assert minutes_of("24:00", may_be_24=True) == 24 * 60
    assert minutes_of("24:01", may_be_24=True) is None


def test_no_page_leaves_the_clock_of_its_time_fields_to_the_browser() -> None:
    fields = [path.name for path in TEMPLATES.rglob("*.html") if re.search(r"type\W+time\b", path.read_text())]
    assert not fields
