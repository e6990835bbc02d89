"""To whom notices go, for the list of what leaves the house."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import Connection, select

from dashboard.household.tables import member_table
from dashboard.notices import addresses


@dataclass(frozen=True)
class HostInUse:
    """One host, how many ways lead there, and whose they are."""

    host: str
    count: int
    names: list[str]


def hosts(connection: Connection) -> list[HostInUse]:
    """In the order of their names; those of ways that have ended are none."""
    names = {row.id: row.name for row in connection.execute(select(member_table.c.id, member_table.c.name))}
    by_host: defaultdict[str, list[str]] = defaultdict(list)
    for way in addresses.all_live(connection):
        if way.host:
            by_host[way.host].append(names[way.member_id])
    return [HostInUse(host, len(whose), sorted(set(whose))) for host, whose in sorted(by_host.items())]
