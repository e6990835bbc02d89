"""Which chargers there are: the account's list, read seldom, kept with the household's names and order."""

from __future__ import annotations

import json
import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, bindparam, func, select, update

from dashboard import leases
from dashboard.charger.account import failure_code
from dashboard.charger.tables import account, charger_table, installation, snapshot_table
from dashboard.leases import CLOCK_SET_BACK
from dashboard.services import Services
from zaptec.charger import Charger, Installation
from zaptec.errors import TryLater, ZaptecError

log = logging.getLogger(__name__)
LIST_EVERY = timedelta(hours=1)
LIST_EVERY_WITHOUT_ACCESS = timedelta(minutes=2)  # while somebody waits to be given the rights
AT_START = timedelta(minutes=1)  # the processes that start together read it once
LEASE = timedelta(seconds=45)
READING_THE_LIST = "list of chargers"  # the lease of whoever does
BACK_OFF = leases.BackOff(timedelta(minutes=1), timedelta(minutes=1), seldom=timedelta(hours=1))


@dataclass(frozen=True)
class HouseholdCharger:
    """A charger as the household knows it.

    Attributes:
        name: the household's own, else Zaptec's.
        is_listed: False when the account's list no longer has it.
        is_put_away: an owner does not want to see it any more, as the account no longer has it.
    """

    as_listed: Charger
    name: str
    is_listed: bool
    is_put_away: bool
    revision: int

    @property
    def id(self) -> str:
        return self.as_listed.id

    @property
    def takes_commands(self) -> bool:
        """Whether the account may command it, as far as its list says."""
        return self.is_listed and self.as_listed.may_command and self.as_listed.has_known_type

    @property
    def zaptec_name(self) -> str:
        return _name_at_zaptec(self.as_listed)

    @classmethod
    def from_row(cls, row: Row[Any]) -> HouseholdCharger:
        as_listed = Charger.from_record(json.loads(row.record))
        name = row.household_name or _name_at_zaptec(as_listed)
        return cls(as_listed, name, row.is_listed, row.is_put_away, row.revision)


def _name_at_zaptec(charger: Charger) -> str:
    """As Zaptec calls it; where it has no name, the end of its id."""
    return charger.name or charger.id[-6:]


_ORDER = (
    ~charger_table.c.is_listed,  # what has left the account comes last
    charger_table.c.position.is_(None),
    charger_table.c.position,
    func.lower(func.coalesce(charger_table.c.household_name, charger_table.c.name)),
    charger_table.c.id,
)
_BY_ID = select(charger_table).where(charger_table.c.id == bindparam("charger_id"))
_TOUCH = (
    update(charger_table)
    .where(charger_table.c.id == bindparam("charger_id"))
    .values(revision=charger_table.c.revision + 1)
)


def all_chargers(connection: Connection, only: tuple[str, ...] = ()) -> list[HouseholdCharger]:
    """Every charger of the household, in the owner's order, else by name; what has left the account last.

    Args:
        only: ids in lower case; empty for all.
    """
    query = select(charger_table).order_by(*_ORDER)
    if only:
        query = query.where(func.lower(charger_table.c.id).in_(only))
    return [HouseholdCharger.from_row(row) for row in connection.execute(query)]


def in_use(connection: Connection, only: tuple[str, ...] = ()) -> list[HouseholdCharger]:
    """The same without those that an owner has put away; their history stays."""
    return [charger for charger in all_chargers(connection, only) if not charger.is_put_away]


def put_away(connection: Connection, charger_id: str, *, is_wanted: bool = True) -> None:
    """Hide a charger that has left the account from the pages, or show it again; one that is listed stays."""
    left = (charger_table.c.id == charger_id, ~charger_table.c.is_listed)
    _change(connection, *left, is_put_away=is_wanted)


def first(household_chargers: list[HouseholdCharger]) -> HouseholdCharger | None:
    """The charger that is meant where none is named: the first that takes commands, else the first of all."""
    in_command = (charger for charger in household_chargers if charger.takes_commands)
    return next(in_command, household_chargers[0] if household_chargers else None)


def find(connection: Connection, charger_id: str, only: tuple[str, ...] = ()) -> HouseholdCharger | None:
    if only and charger_id.lower() not in only:
        return None
    row = connection.execute(_BY_ID, {"charger_id": charger_id}).one_or_none()
    return HouseholdCharger.from_row(row) if row else None


def addresses(connection: Connection) -> dict[str, str]:
    """Private: where the installations are, by their ids, as far as Zaptec tells."""
    known = select(installation.c.id, installation.c.address).where(installation.c.address.is_not(None))
    return {row.id: row.address for row in connection.execute(known)}


def arrange(connection: Connection, wishes: dict[str, tuple[int, str]]) -> None:
    """Give chargers the household's order and names; an empty name means Zaptec's."""
    for charger_id, (position, name) in wishes.items():
        _change(connection, charger_table.c.id == charger_id, position=position, household_name=name or None)


def is_any_named(connection: Connection) -> bool:
    """Whether somebody of the household has given a charger a name."""
    query = select(charger_table.c.id).where(charger_table.c.household_name.is_not(None))
    return connection.execute(query).first() is not None


def touch(connection: Connection, charger_id: str) -> None:
    """Let every open page of this charger see that something it shows has changed."""
    connection.execute(_TOUCH, {"charger_id": charger_id})


def touch_all(connection: Connection) -> None:
    """The same for every charger, where what has changed is everybody's."""
    for charger in all_chargers(connection):
        touch(connection, charger.id)


LIST_COLUMNS = (account.c.listed_at, account.c.list_again_at)


@dataclass(frozen=True)
class ListFreshness:
    """How old the account's list is; its fields are LIST_COLUMNS."""

    listed_at: datetime | None
    again_at: datetime | None

    def is_due(self, now: datetime, every: timedelta = LIST_EVERY) -> bool:
        """Whether to read it again; a list from the future was read before our clock was set back."""
        if leases.still_holds(self.again_at, now, BACK_OFF.longest):
            return False
        if self.listed_at is None or self.again_at is not None:
            return True
        return not -CLOCK_SET_BACK < now - self.listed_at < every


@dataclass(frozen=True)
class ListStatus:
    """How the last reading of the account's list went."""

    listed_at: datetime | None
    failure: str | None


def list_status(connection: Connection) -> ListStatus:
    row = connection.execute(select(account.c.listed_at, account.c.list_failure)).one()
    return ListStatus(row.listed_at, row.list_failure)


def read_list(services: Services, *, every: timedelta = LIST_EVERY, force: bool = False) -> bool:
    """Read the account's list, if it is due and nobody else is at it; whether we asked.

    Args:
        every: how old it may be.
        force: read it in any case, unless somebody else is at it.
    """
    me = secrets.token_hex(8)
    if not force:
        with services.database.reading() as connection:
            if not _is_due(connection, services, every):
                return False
    with services.database.writing() as connection:
        if not leases.take(connection, READING_THE_LIST, me, services.now(), LEASE):
            return False
        if not force and not _is_due(connection, services, every):  # whoever had the lease has just read it
            leases.release(connection, me)
            return False
    try:
        _read_list(services, me)
    except ZaptecError as error:
        retry_after_s = error.retry_after_s if isinstance(error, TryLater) else None
        _note_list_failure(services, me, failure_code(error), retry_after_s)
    except Exception:
        _note_list_failure(services, me, "not_understood")
        raise
    return True


def _is_due(connection: Connection, services: Services, every: timedelta) -> bool:
    return ListFreshness(*connection.execute(select(*LIST_COLUMNS)).one()).is_due(services.now(), every)


def _read_list(services: Services, me: str) -> None:
    listing = services.account.client.chargers()
    ids = [charger.id for charger in listing]
    for missing in set(services.settings.charger_ids) - {charger_id.lower() for charger_id in ids}:
        log.warning("ZAPTEC_CHARGER_ID names …%s, which is not in the account's list", missing[-6:])
    sites = _read_sites(services, {charger.installation_id for charger in listing if charger.installation_id})
    with services.database.writing() as connection:
        for site in sites:
            values: dict[str, object] = {"name": site.name, "time_zone": site.time_zone, "address": site.address}
            _put(connection, installation, site.id, values)
        for charger in listing:
            _keep(connection, charger)
        if not listing.unread:  # else one that cannot be read may be any of those we miss
            _note_gone(connection, ids)
        connection.execute(update(account).values(listed_at=services.now(), list_failure=None, list_again_at=None))
        leases.release(connection, me)
    services.account.note_skew()


def _read_sites(services: Services, installation_ids: set[str]) -> list[Installation]:
    """The sites of the chargers, as far as they can be read: without one its time zone is not known."""
    sites = []
    for installation_id in installation_ids:
        try:
            sites.append(services.account.client.installation(installation_id))
        except ZaptecError as error:
            log.warning("no details of an installation: %s", failure_code(error))
    return sites


def _keep(connection: Connection, charger: Charger) -> None:
    """Write down a charger that the account lists, where it is new or has changed."""
    record = json.dumps(charger.to_record(), sort_keys=True)
    row = connection.execute(
        select(charger_table.c.record, charger_table.c.is_listed).where(charger_table.c.id == charger.id)
    ).one_or_none()
    values = {"name": charger.name, "record": record, "is_listed": True, "is_put_away": False}
    if row is None:
        connection.execute(charger_table.insert().values(id=charger.id, revision=0, **values))
        connection.execute(snapshot_table.insert().values(charger_id=charger.id))
    elif row.record != record or not row.is_listed:
        _change(connection, charger_table.c.id == charger.id, **values)


def _note_gone(connection: Connection, listed_ids: list[str]) -> None:
    """The account's list no longer has what we still have."""
    _change(connection, charger_table.c.is_listed, charger_table.c.id.not_in(listed_ids), is_listed=False)


def _change(connection: Connection, *conditions: ColumnElement[bool], **values: object) -> None:
    """Change chargers, and let every open page of theirs see it."""
    changed = update(charger_table).where(*conditions)
    connection.execute(changed.values(revision=charger_table.c.revision + 1, **values))


def _put(connection: Connection, table: Table, key: str, values: dict[str, object]) -> None:
    if connection.execute(update(table).where(table.c.id == key).values(**values)).rowcount == 0:
        connection.execute(table.insert().values(id=key, **values))


def _note_list_failure(services: Services, me: str, code: str, retry_after_s: float | None = None) -> None:
    again_at = services.now() + BACK_OFF.pause(code, retry_after_s=retry_after_s)
    with services.database.writing() as connection:
        connection.execute(update(account).values(list_failure=code, list_again_at=again_at))
        leases.release(connection, me)
