"""A plan whose changes are counted while the programs that carry them out die."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from dashboard.plan import weekly
from dashboard.plan.week import Week
from tests.plan.conftest import BEN, Home


def plan_it(home: Home, week: Week) -> None:
    """Have a car charge for as long as it is let, and keep this plan for it; whoever saved it died at once."""
    home.save()  # there has to be a plan before it can be another
    home.charger.plug_in_and_charge(battery_kwh=50_000)
    home.look()
    with home.services.database.writing() as connection:
        weekly.save(connection, home.id, week, True, home.time.now(), BEN)


def pause_before_the_next_tick(now: datetime, changes: list[datetime], dice: random.Random) -> float:
    """Seconds; few for a while after a change, many else, and never past the next one."""
    since = min((now - change for change in changes if change <= now), default=timedelta(days=1))
    if since < timedelta(minutes=25):
        return dice.choice((5, 30, 90))
    until = min((change - now for change in changes if change > now), default=timedelta(hours=1))
    return max(1.0, min(until.total_seconds(), 3600.0))


def every_change_happened_once(home: Home, changes: list[datetime], week: Week) -> None:
    """What the plan wanted at these moments was done once, soon and in order, and the log tells of just that."""
    done = [(sent.command, sent.at) for sent in home.charger.received if sent.outcome == "executed"]
    first = [(507 if week.is_open(change) else 506, change) for change in changes]
    if first[0][0] == 507:  # the car charged already: saving finds nothing to do
        first = first[1:]
    assert [command for command, _at in done] == [command for command, _at in first]
    late = [at - change for (_sent, at), (_due, change) in zip(done, first, strict=True)]
    assert all(timedelta(0) <= delay < timedelta(minutes=25) for delay in late), late
    done_by_it = {"The plan paused charging": 506, "The plan resumed charging": 507}
    told = [done_by_it[line] for line in home.log() if line in done_by_it]
    assert told == [command for command, _at in first]
    assert not [line for line in home.log() if "missed" in line or "given up" in line]
