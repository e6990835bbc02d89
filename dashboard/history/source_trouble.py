"""Whether a house that a contract's prices come from may not be asked, or does not tell them."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from dashboard import doors
from dashboard.history import contract_words, spot_needs
from dashboard.tariff import words as tariff_words
from dashboard.tariff.contracts import Contracts

A_DAY = timedelta(days=1)
NOT_YET = "not_yet"  # days that are not told are no failure of the host


def sentence(connection: Connection, now: datetime) -> str:
    """What to do about it, or why its last answer was of no use; empty where all is well."""
    for area in spot_needs.areas(connection, now):
        door = doors.find(connection, area.source)
        if not door.is_open:
            return contract_words.switch_on(door.host)
        if door.failure is not None and door.failed_at is not None:
            return tariff_words.gave_none(door.host, door.failed_at, now, door.failure)
    return ""


def lasting(connection: Connection, contracts: Contracts, now: datetime) -> str:
    """That the prices have been missing for a day, and why; empty where they have not."""
    contract = contracts.contract_at(now)
    terms = contract and contract.needed_spot
    if not terms or contracts.price_at(now) is not None:
        return ""
    door = doors.find(connection, terms.source)
    since = max((at for at in (door.answered_at, door.switched_at) if at is not None), default=now)
    if not door.is_open or now - since < A_DAY:
        return ""
    return tariff_words.none_since(door.host, since, now, door.failure or NOT_YET)
