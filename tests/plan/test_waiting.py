"""What an aim has saved by waiting is told once the car has gone."""

from __future__ import annotations

import re

from dashboard.history.tables import charge_session
from tests.conftest import words_of
from tests.plan.aims import by_the_clock, set_aim
from tests.plan.conftest import Home, at


def test_a_night_of_cheap_hours_is_told_with_what_it_saved(charging_home: Home) -> None:
    """At three kroner in the evening, and one in the night."""
    home = by_the_clock(charging_home)
    set_aim(home, cheapest="yes")
    home.settle()
    home.go_to(at("2026-11-21T01:05"))
    home.pass_time(hours=2, step=300)
    home.charger.unplug()
    home.pass_time(minutes=5)
    with home.services.database.reading() as connection:
        booked = connection.execute(charge_session.select()).one()
    page = words_of(home.people.carla.get(f"/history/sessions/{booked.id}"))
    told = re.search(r"saved about (\d\d)\.\d\d kr: charged at once, it would have been (\d\d)\.\d\d kr\.", page)
    assert told is not None and (40 <= int(told[1]) <= 42) and int(told[2]) - int(told[1]) == 21
    assert f"saved about {told[1]}." in words_of(home.people.carla.get("/history?month=2026-11"))
