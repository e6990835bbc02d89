"""Wrong tries cost time, more with each; counted in the database, so that all processes know.

Of the tries for one name from one place only one is compared at a time, so that many at once gain nothing and
whoever is right is never told of wrong tries. Per name and address the sixth wrong try brings a wait, which
doubles; per name from anywhere the twenty-first within an hour makes answers slow. A browser in which that
person has signed in before is counted by itself, so that a guesser behind the same address does not lock the
household out.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import math
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import request
from sqlalchemy import Connection, case, delete, func, insert, select, update

from dashboard.database import upsert
from dashboard.household import words
from dashboard.household.names import name_key
from dashboard.household.tables import known_browser, member_table, throttle_table, wrong_try
from dashboard.household.tokens import hash_of
from dashboard.leases import still_holds
from dashboard.services import current_services
from dashboard.web.forms import Wrong

FREE_TRIES = 5
FIRST_WAIT_S, LONGEST_WAIT_S = 30, 15 * 60
PER_HOUR = 20
SLOW_S = 2
PATIENCE_S = 5
FORGOTTEN_AFTER = timedelta(days=1)
KNOWN_COOKIE = "known"

_turns = [threading.Lock() for _number in range(64)]  # by a key's hash: two keys may share one, and wait a little


class MustWait(Wrong):
    """Too many wrong tries; nothing was compared."""

    def __init__(self, seconds: float) -> None:
        wait_s = max(1, math.ceil(seconds))
        super().__init__(words.must_wait(wait_s), status=429, wait_s=wait_s)


class TooBusy(Wrong):
    """Others are being checked; nothing was compared."""

    def __init__(self, wait_s: int = PATIENCE_S) -> None:
        super().__init__(words.too_busy(), status=429, wait_s=wait_s)


class WaitingRoom:
    """How many sign-ins wait at once in one process: half its threads serve those who are signed in."""

    def __init__(self) -> None:
        self.places = threading.BoundedSemaphore(max(1, current_services().settings.threads // 2))


@dataclass(frozen=True)
class Try:
    """One try whose turn it is."""

    key: str
    name_hash: str

    def was_right(self, connection: Connection) -> None:
        """Forget the wrong tries before it, for this name from this place."""
        connection.execute(delete(throttle_table).where(throttle_table.c.key == self.key))

    def was_wrong(self, sentence: str, field: str, status: int = 401) -> Wrong:
        """Count it; what to raise: the sentence, and how long the next try must wait if it must."""
        now = current_services().now()
        with current_services().database.writing() as connection:
            _forget_old(connection, now)
            connection.execute(insert(wrong_try).values(name_hash=self.name_hash, at=now))
            wait_s = wait_after(_count(connection, self.key, now))
            blocked = update(throttle_table).where(throttle_table.c.key == self.key)
            connection.execute(blocked.values(blocked_until=now + timedelta(seconds=wait_s)))
        if not wait_s:
            return Wrong(sentence, field, status=status)
        return Wrong(f"{sentence} {words.must_wait(wait_s)}", field, status=429, wait_s=wait_s)


@contextmanager
def one_try(name: str, what: str = "password") -> Iterator[Try]:
    """One try at somebody's password, or at what else is guessed.

    The comparing is done inside, and whoever was wrong is told by `was_wrong` there; nothing else counts.

    Raises:
        MustWait: there have been too many wrong ones.
        TooBusy: too many others are being checked.
    """
    if _is_to_be_slow(name, what):
        _answer_slowly()
    this = Try(_key_of(name, what), _keyed(what, name_key(name)))
    with turn_at(_turns[hash(this.key) % len(_turns)], PATIENCE_S):
        _stop_if_blocked(this.key)
        yield this


@contextmanager
def turn_at(lock: threading.Lock | threading.Semaphore, patience_s: float) -> Iterator[None]:
    """Hold a lock, and wait for it no longer than that.

    Raises:
        TooBusy: it was not free in time, or too many others are waiting already.
    """
    if not lock.acquire(blocking=False):
        with _waiting(PATIENCE_S):
            if not lock.acquire(timeout=patience_s):
                raise TooBusy
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _waiting(retry_after_s: int) -> Iterator[None]:
    """One place in the waiting room.

    Raises:
        TooBusy: there is none.
    """
    places = current_services().shared(WaitingRoom).places
    if not places.acquire(blocking=False):
        raise TooBusy(retry_after_s)
    try:
        yield
    finally:
        places.release()


def _key_of(name: str, what: str) -> str:
    with current_services().database.reading() as connection:
        is_known = _is_known_browser(connection, name)
    place = ("browser", known_token()) if is_known else ("address", _network(request.remote_addr or ""))
    return _keyed(what, name_key(name), *place)


def _stop_if_blocked(key: str) -> None:
    now = current_services().now()
    with current_services().database.reading() as connection:
        until = connection.execute(
            select(throttle_table.c.blocked_until).where(throttle_table.c.key == key)
        ).scalar()
    if until is not None and still_holds(until, now, timedelta(seconds=LONGEST_WAIT_S)):
        raise MustWait((until - now).total_seconds())


def _count(connection: Connection, key: str, now: datetime) -> int:
    """Count one more wrong try; how many there are now. One statement, so that of several at once each counts."""
    new, is_forgotten = upsert(connection, throttle_table), throttle_table.c.last_at < now - FORGOTTEN_AFTER
    counted = (
        new.values(key=key, wrong=1, last_at=now, blocked_until=now)
        .on_conflict_do_update(
            index_elements=[throttle_table.c.key],
            set_={"wrong": case((is_forgotten, 1), else_=throttle_table.c.wrong + 1), "last_at": now},
        )
        .returning(throttle_table.c.wrong)
    )
    return int(connection.execute(counted).scalar_one())


def wait_after(wrong_tries: int) -> int:
    """How many seconds to wait after that many wrong tries."""
    if wrong_tries <= FREE_TRIES:
        return 0
    doublings = min(wrong_tries - FREE_TRIES - 1, 10)
    return min(FIRST_WAIT_S << doublings, LONGEST_WAIT_S)


def _is_to_be_slow(name: str, what: str) -> bool:
    """Whether so many have been wrong about this name lately, wherever they were, that strangers wait."""
    of_name = wrong_try.c.name_hash == _keyed(what, name_key(name))
    now, hour = current_services().now(), timedelta(hours=1)
    lately = wrong_try.c.at.between(now - hour, now + hour)  # further ahead a wrong clock has put them
    with current_services().database.reading() as connection:
        if _is_known_browser(connection, name):
            return False
        return connection.execute(select(func.count()).where(of_name, lately)).scalar_one() >= PER_HOUR


def _answer_slowly() -> None:
    with _waiting(SLOW_S):
        current_services().sleep(SLOW_S)


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


# As proxies write them: with a port, in brackets, or both.
_WITH_PORT = re.compile(r"\[(?P<six>[^\]]*)\](:\d+)?|(?P<four>[^:]*):\d+")


def _network(address: str) -> str:
    """Whence the request comes; of an IPv6 address the network, since a single machine has all of it.

    What is no address is all one place, or everybody could have as many as they can write.
    """
    match = _WITH_PORT.fullmatch(address.strip())
    if match:
        address = match["six"] or match["four"] or ""
    try:
        parsed = ipaddress.ip_address(address.strip().split("%")[0])
    except ValueError:
        return "nowhere"
    if parsed.version == 6:
        return str(parsed.ipv4_mapped or ipaddress.ip_network((int(parsed), 64), strict=False))
    return str(parsed)


def _keyed(*parts: str) -> str:
    """Names and addresses are not kept, only a hash that cannot be tried out without our secret."""
    key = current_services().settings.secret_key.encode()
    return hmac.new(key, "\0".join(parts).encode(), hashlib.sha256).hexdigest()


def _forget_old(connection: Connection, now: datetime) -> None:
    connection.execute(delete(throttle_table).where(throttle_table.c.last_at < now - FORGOTTEN_AFTER))
    connection.execute(delete(wrong_try).where(wrong_try.c.at < now - timedelta(hours=1)))
