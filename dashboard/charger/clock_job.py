"""What the charger's room does at each tick of the clock: reads the list once, follows what is under way."""

from __future__ import annotations

from dashboard.charger import chargers, press, receipts, watching
from dashboard.services import Services

UNDER_WAY_S = 1.0  # while a command is under way: its looks come at 2 and 7 s


def begin(services: Services) -> None:
    """At the first tick: what was turned away with another password counts no more, and the list is read."""
    services.account.forget_other_rejection()
    services.account.say_if_refused()
    services.background.start(lambda: chargers.read_list(services, every=chargers.AT_START))


def follow(services: Services) -> float | None:
    """Look at commands that are under way; in how many seconds to come again, if any is."""
    with services.database.reading() as connection:
        if not receipts.is_any_under_way(connection):
            return None
    press.give_up_late(services)
    with services.database.writing() as connection:
        receipts.end_interrupted(connection, services.now())
    services.background.start(lambda: watching.watch(services))
    return UNDER_WAY_S
