"""What a month came to, by person: said on the first day of the next."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from dashboard import formats
from dashboard.history import tariff, totals, usual, whose_words
from dashboard.history.totals import Choice, Month
from dashboard.notices import message_words
from dashboard.services import Services

SAID_FROM = 7  # o'clock: nobody is woken by it
SAID_FOR = timedelta(days=3)  # should the program not have run


def due(services: Services, now: datetime) -> Month | None:
    """The month that is over and to be told of now; None on most days."""
    here = now.astimezone(services.zone())
    if here.day > SAID_FOR.days or (here.day == 1 and here.hour < SAID_FROM):
        return None
    return Month.of((here.date().replace(day=1)) - timedelta(days=1))


def words(connection: Connection, of_month: Month) -> tuple[str, str]:
    """Title and text."""
    currency, choice = tariff.currency(connection), Choice(of_month.first, of_month.last)
    whole = totals.total(totals.by_day(connection, choice).values())
    in_all = message_words.month_sum(message_words.in_total(), whole.energy_mwh, _cost(whole.cost_micro, currency))
    by_person = []
    if usual.is_told_apart(connection):
        sums = totals.by_person(connection, choice)
        by_person = [_of_person(person, currency) for person in sums]
    return message_words.month(formats.month(of_month.first), in_all, by_person)


def _of_person(person: totals.PersonSum, currency: str | None) -> str:
    who = whose_words.person(person.id, person.name, {}) or whose_words.nobody()
    return message_words.month_sum(who, person.sum.energy_mwh, _cost(person.sum.cost_micro, currency))


def _cost(micro: int | None, currency: str | None) -> str:
    return formats.money(micro, currency) if micro and currency else ""
