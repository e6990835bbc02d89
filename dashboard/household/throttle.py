"""Wrong tries cost time, more with each; counted in the database, so that all processes know.

A try is counted before the password is compared and forgiven when it was right: many tries at once
gain nothing. Per name and address the sixth wrong try brings a wait, which doubles; per name from
anywhere the twenty-first within an hour makes answers slow. A browser in which that person has signed in
before is counted by itself, so that a guesser behind the same address does not lock the household out.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import BoundedSemaphore

from flask import request
from sqlalchemy import Connection, case, delete, func, insert, select, update

from dashboard.database import upsert
from dashboard.household import words
from dashboard.household.names import name_key
from dashboard.household.tables import known_browser, member_table, throttle_table, wrong_try
from dashboard.household.tokens import hash_of
from dashboard.services import current_services
from dashboard.web.forms import Wrong

FREE_TRIES = 5
FIRST_WAIT_S, LONGEST_WAIT_S = 30, 15 * 60
PER_HOUR = 20
SLOW_S = 2
FORGOTTEN_AFTER = timedelta(days=1)
KNOWN_COOKIE = "known"

_two_slow_at_once = BoundedSemaphore(2)  # so that slow answers do not take all threads


class MustWait(Wrong):
    """Too many wrong tries; nothing was compared."""

    def __init__(self, seconds: float) -> None:
        wait_s = max(1, math.ceil(seconds))
        super().__init__(words.must_wait(wait_s), status=429, wait_s=wait_s)


@dataclass(frozen=True)
class Try:
    """One try that has been counted.

    Attributes:
        wait_s: how long the next one must wait if this one is wrong.
    """

    key: str
    id: int
    wait_s: int

    def was_right(self, connection: Connection) -> None:
        """Forget the wrong tries before it, for this name from this place."""
        connection.execute(delete(throttle_table).where(throttle_table.c.key == self.key))
        connection.execute(delete(wrong_try).where(wrong_try.c.id == self.id))

    def was_wrong(self, sentence: str, field: str, status: int = 401) -> Wrong:
        """What to raise then: the sentence, and how long the next try must wait."""
        if not self.wait_s:
            return Wrong(sentence, field, status=status)
        return Wrong(f"{sentence} {words.must_wait(self.wait_s)}", field, status=429, wait_s=self.wait_s)

    def take_back(self) -> None:
        """It was no try after all."""
        one_less = {"wrong": throttle_table.c.wrong - 1, "blocked_until": throttle_table.c.last_at}
        with current_services().database.writing() as connection:
            connection.execute(update(throttle_table).where(throttle_table.c.key == self.key).values(one_less))
            connection.execute(delete(wrong_try).where(wrong_try.c.id == self.id))


@contextmanager
def one_try(name: str, what: str = "password") -> Iterator[Try]:
    """Count a try at somebody's password, or at what else is guessed; the comparing is done inside.

    Raises:
        MustWait: it is not that try's turn yet.
    """
    counted = _begin(name, what)
    try:
        yield counted
    except Exception:  # nothing was compared: too busy, or the database is out of reach
        counted.take_back()
        raise


def _begin(name: str, what: str) -> Try:
    now = current_services().now()
    with current_services().database.writing() as connection:
        _forget_old(connection, now)
        is_known = _is_known_browser(connection, name)
        place = ("browser", known_token()) if is_known else ("address", _address())
        key = _keyed(what, name_key(name), *place)
        wait_s = _count(connection, key, now)
        if isinstance(wait_s, MustWait):
            raise wait_s
        name_hash = _keyed(what, name_key(name))
        of_name = select(func.count()).where(wrong_try.c.name_hash == name_hash)
        lately = connection.execute(of_name).scalar_one()
        new = insert(wrong_try).values(name_hash=name_hash, at=now).returning(wrong_try.c.id)
        counted = Try(key, connection.execute(new).scalar_one(), wait_s)
    if lately >= PER_HOUR and not is_known:
        try:
            _answer_slowly()
        except MustWait:  # too many are waiting already: this one was never compared, so it does not count
            counted.take_back()
            raise
    return counted


def _count(connection: Connection, key: str, now: datetime) -> int | MustWait:
    """Count one more, if it is its turn: one statement, so that of several at once each counts."""
    new, is_forgotten = upsert(connection, throttle_table), throttle_table.c.last_at < now - FORGOTTEN_AFTER
    counted = connection.execute(
        new.values(key=key, wrong=1, last_at=now, blocked_until=now)
        .on_conflict_do_update(
            index_elements=[throttle_table.c.key],
            set_={
                "wrong": case((is_forgotten, 1), else_=throttle_table.c.wrong + 1),
                "last_at": now,
            },
            where=throttle_table.c.blocked_until <= now,
        )
        .returning(throttle_table.c.wrong)
    ).scalar()
    if counted is None:
        blocked_until = select(throttle_table.c.blocked_until).where(throttle_table.c.key == key)
        return MustWait((connection.execute(blocked_until).scalar_one() - now).total_seconds())
    wait_s = wait_after(counted)
    if wait_s:
        until = now + timedelta(seconds=wait_s)
        connection.execute(update(throttle_table).where(throttle_table.c.key == key).values(blocked_until=until))
    return wait_s


def wait_after(wrong_tries: int) -> int:
    """How many seconds to wait after that many wrong tries."""
    if wrong_tries <= FREE_TRIES:
        return 0
    doublings = min(wrong_tries - FREE_TRIES - 1, 10)
    return min(FIRST_WAIT_S << doublings, LONGEST_WAIT_S)


def _answer_slowly() -> None:
    if not _two_slow_at_once.acquire(blocking=False):
        raise MustWait(SLOW_S)
    try:
        current_services().sleep(SLOW_S)
    finally:
        _two_slow_at_once.release()


def known_token() -> str:
    return request.cookies.get(KNOWN_COOKIE, "")


def _is_known_browser(connection: Connection, name: str) -> bool:
    if not known_token():
        return False
    query = (
        select(known_browser.c.member_id)
        .join(member_table)
        .where(known_browser.c.token_hash == hash_of(known_token()), member_table.c.name_key == name_key(name))
    )
    return connection.execute(query).first() is not None


def _address() -> str:
    """Whence the request comes; of an IPv6 address the network, since a single machine has all of it."""
    text = request.remote_addr or ""
    try:
        address = ipaddress.ip_address(text.split("%")[0])
    except ValueError:
        return text
    if address.version == 6:
        return str(address.ipv4_mapped or ipaddress.ip_network((int(address), 64), strict=False))
    return str(address)


def _keyed(*parts: str) -> str:
    """Names and addresses are not kept, only a hash that cannot be tried out without our secret."""
    key = current_services().settings.secret_key.encode()
    return hmac.new(key, "\0".join(parts).encode(), hashlib.sha256).hexdigest()


def _forget_old(connection: Connection, now: datetime) -> None:
    connection.execute(delete(throttle_table).where(throttle_table.c.last_at < now - FORGOTTEN_AFTER))
    connection.execute(delete(wrong_try).where(wrong_try.c.at < now - timedelta(hours=1)))
