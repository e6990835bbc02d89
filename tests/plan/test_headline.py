"""At night the next start is the headline: of a car that the plan or a timer holds, until when it waits."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.conftest import words_of

pytestmark = pytest.mark.one_database


def headline(home) -> tuple[str, str]:
    """The sentence of the card and the line under it."""
    page = home.people.carla.get(f"/chargers/{home.id}").text
    assert 'data-situation="paused"' in page
    found = re.search(r'<h1 class="says"[^>]*>(.*?)</h1>\s*<p class="meta">(.*?)</p>', page, re.DOTALL)
    sentence, below = (unescape(re.sub(r"<[^>]+>", "", text)) for text in found.groups())
    return sentence, below


def test_a_car_that_the_plan_holds_waits_until_its_next_start(charging_home):
    home = charging_home
    home.save()
    home.settle()
    assert headline(home) == ("Waits until 23:00", "paused by the plan since 18:00")
    home.until("06:05")
    assert headline(home) == ("Waits until 23:00", "paused by the plan since 06:00")


def test_a_car_that_a_timer_holds_waits_until_its_end(charging_home):
    home = charging_home
    home.post(home.people.ben, "pause-1")
    home.settle()
    assert headline(home) == ("Waits until 19:00", "paused by Ben’s timer since 18:00")


def test_what_a_timer_has_paused_for_good_is_its_doing(charging_home):
    home = charging_home
    home.people.ben.post("/plan/once", data={"charger": home.id, "start": "19:00", "end": "20:00"})
    home.until("20:05")
    assert headline(home)[0] == "Paused by Ben’s timer"
    page = words_of(home.people.anna.get(f"/chargers/{home.id}"))
    assert "Ben’s timer paused it at 20:00. The charger has confirmed." in page


def test_what_somebody_has_paused_by_hand_is_said_to_be_theirs(charging_home):
    home = charging_home
    home.people.anna.post(f"/chargers/{home.id}/pause")
    home.settle()
    home.save(on="")
    assert headline(home)[0] == "Paused by Anna"
    home.save()
    home.settle()
    assert headline(home)[0] == "Paused by Anna"  # it was so already: the plan has sent nothing


def test_a_car_that_nothing_will_let_go_is_paused_not_waiting(charging_home):
    home = charging_home
    home.save()
    home.settle()
    home.save(on="")
    assert headline(home)[0] == "Paused by the plan"
