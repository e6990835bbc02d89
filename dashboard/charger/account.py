"""The household's account at Zaptec: the client, its manners, and what all processes know of its standing."""

from __future__ import annotations

import hashlib
import hmac
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, select, update

from dashboard import reasons
from dashboard.charger.tables import account, snapshot_table
from dashboard.charger.turns import SECONDS_PER_REQUEST, Turns
from dashboard.database import Database
from dashboard.leases import still_holds
from dashboard.settings import Settings
from zaptec.errors import (
    CommandRefused,
    MalformedRequest,
    NoAccess,
    NotUnderstood,
    SignInEnded,
    SignInRejected,
    TryLater,
    UnknownCharger,
    ZaptecError,
)

if TYPE_CHECKING:
    from zaptec.client import RequestRecord, ZaptecClient

log = logging.getLogger(__name__)
SKEW_WORTH_AN_ALERT_S = 30.0
CONNECTING = timedelta(seconds=3)  # the client gives it no longer, see LONGEST_CONNECT_S in zaptec.transport
TRY_AN_ENDED_SIGN_IN = timedelta(hours=1)  # with the password in it, so no more often than that
SKEW_NOTED_EVERY = timedelta(hours=1)
CLOCK_TRUSTED_FOR = timedelta(days=2)  # without anybody looking Zaptec is asked daily, for the history
FAILURES = {
    SignInRejected: "sign_in_rejected",
    SignInEnded: "sign_in_ended",
    NoAccess: "no_access",
    UnknownCharger: "unknown_charger",
    CommandRefused: "not_understood",
    MalformedRequest: "malformed_request",
    NotUnderstood: "not_understood",
}
REFUSED_SIGN_IN = frozenset({FAILURES[SignInRejected], FAILURES[SignInEnded]})
_SKEW = select(account.c.skew_s, account.c.skew_at)


def failure_code(error: ZaptecError) -> str:
    """The word under which a failure is kept; what it means to a person is in words.py."""
    if isinstance(error, TryLater):
        return error.cause
    return FAILURES.get(type(error), "not_understood")


def refusal_code(rejected_key: str | None, ended_code: str | None) -> str:
    """The word for how Zaptec refuses to sign in, from the account's row; empty where it does not."""
    return "" if rejected_key is None else _refusal_code(ended_code)


def _refusal_code(ended_code: str | None) -> str:
    return FAILURES[SignInRejected if ended_code is None else SignInEnded]


def _warn_of(ended_code: str | None) -> None:
    """In the log, where whoever typed the password looks first."""
    code = _refusal_code(ended_code)
    log.warning("%s. %s", reasons.reason(code), reasons.failure_remedy(code))


class Account:
    """Reaches Zaptec for the whole household. Requests of all processes share one limiter and one memory.

    Attributes:
        turns: when a request may leave; see `dashboard.charger.turns`.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        now: Callable[[], datetime],
        sleep: Callable[[float], None] = time.sleep,
        seconds_per_request: float = SECONDS_PER_REQUEST,
    ) -> None:
        self._settings = settings
        self._database = database
        self._now = now
        self._of_thread = threading.local()
        self.turns = Turns(database, now, sleep, seconds_per_request)

    @cached_property
    def client(self) -> ZaptecClient:
        from zaptec.client import (
            ZaptecClient,  # brings `requests` along: 150 ms that a start need not wait for
        )

        return ZaptecClient.with_password(
            self._settings.zaptec_username,
            self._settings.zaptec_password,
            api_url=self._settings.zaptec_api_url,
            scope=self._settings.zaptec_scope or None,
            before_request=self._before_request,
            now=self._now,
            on_request=self._note_request,
            before_sign_in=self._stop_if_rejected,
            on_rejected=self._remember_refusal,
            on_ended=self._remember_refusal,
            sleep=self.turns.sleep,
        )

    @property
    def _key(self) -> str:
        """What stands for the way we sign in in the database; worthless without the secret key.

        Name, password and scope: whichever of them is changed, the old refusal says nothing any more.
        """
        sent = [self._settings.zaptec_username, self._settings.zaptec_password, self._settings.zaptec_scope]
        text = "\0".join(sent if sent[-1] else sent[:-1])
        return hmac.new(self._settings.secret_key.encode(), text.encode(), hashlib.sha256).hexdigest()

    def _refusal(self) -> Row[Any, Any] | None:
        """How Zaptec last refused to sign in with this name and password; None when it does not."""
        columns = (account.c.rejected_at, account.c.ended_code)
        query = select(*columns).where(account.c.rejected_key == self._key)
        with self._database.reading() as connection:
            return connection.execute(query).one_or_none()

    def say_if_refused(self) -> None:
        """At a start: write into the log again that Zaptec refuses to sign us in, and is therefore not asked."""
        if refusal := self._refusal():
            _warn_of(refusal.ended_code)

    def _stop_if_rejected(self) -> None:
        refusal = self._refusal()
        if refusal is None:
            return
        if refusal.ended_code is None:
            raise SignInRejected("Zaptec turned this name and password away before")
        until = refusal.rejected_at + TRY_AN_ENDED_SIGN_IN
        if still_holds(until, self._now(), TRY_AN_ENDED_SIGN_IN) or not self._claim_a_try(refusal.rejected_at):
            raise SignInEnded(refusal.ended_code)

    def _claim_a_try(self, rejected_at: datetime) -> bool:
        """Take the one try of this hour; of all processes one gets it."""
        claim = update(account).where(account.c.rejected_key == self._key, account.c.rejected_at == rejected_at)
        with self._database.writing() as connection:
            return bool(connection.execute(claim.values(rejected_at=self._now())).rowcount)

    def _remember_refusal(self, refusal: SignInRejected | SignInEnded) -> None:
        code = refusal.code[:40] if isinstance(refusal, SignInEnded) else None
        with self._database.writing() as connection:
            connection.execute(
                update(account).values(rejected_key=self._key, rejected_at=self._now(), ended_code=code)
            )
        _warn_of(code)

    def try_again(self, connection: Connection) -> None:
        """Forget the rejection, and every pause after a failure: somebody says that all is well now."""
        # The snapshots first, as everybody locks these two.
        connection.execute(update(snapshot_table).values(ask_again_at=None))
        forgotten = {"rejected_key": None, "rejected_at": None, "ended_code": None, "list_again_at": None}
        connection.execute(update(account).values(forgotten))

    def forget_other_rejection(self) -> None:
        """At a start: that another name or password was turned away says nothing about these."""
        with self._database.reading() as connection:
            key = connection.execute(select(account.c.rejected_key)).scalar()
        if key is not None and key != self._key:
            self._forget()

    def _forget(self) -> None:
        with self._database.writing() as connection:
            self.try_again(connection)

    @contextmanager
    def sending_until(self, deadline: datetime) -> Iterator[None]:
        """What this thread asks of Zaptec inside leaves by then, or not at all: then TryLater is raised.

        Connecting counts too, so a request does not begin in the last few seconds.
        """
        self._of_thread.deadline = deadline
        try:
            yield
        finally:
            self._of_thread.deadline = None

    def _before_request(self, kind: str) -> None:
        """Wait for this request's turn; a sign-in or a queue may have taken too long for it to leave at all."""
        self.turns.wait(kind)
        deadline: datetime | None = getattr(self._of_thread, "deadline", None)
        if deadline is not None and self._now() > deadline - CONNECTING:
            raise TryLater(None, "timed_out", was_not_carried_out=True)

    def _note_request(self, record: RequestRecord) -> None:
        """Keep to how long Zaptec wants to be left alone, whatever the request was about; see a sign-in succeed."""
        if record.kind == "token" and record.status == 200 and self._refusal() is not None:
            self._forget()
        if record.retry_after_s:
            self.turns.pause(record.retry_after_s)

    def note_skew(self) -> None:
        """Keep how far our clock is from Zaptec's, if that changed enough to matter, and hourly."""
        skew, now = self.client.clock_skew_s, self._now()
        if skew is None:
            return
        with self._database.reading() as connection:
            kept = connection.execute(_SKEW).one()
        was, now_is = (value is not None and abs(value) >= SKEW_WORTH_AN_ALERT_S for value in (kept.skew_s, skew))
        is_news = kept.skew_s is None or abs(kept.skew_s - skew) > 5 or was != now_is
        if is_news or kept.skew_at is None or not timedelta() <= now - kept.skew_at < SKEW_NOTED_EVERY:
            with self._database.writing() as connection:
                connection.execute(update(account).values(skew_s=skew, skew_at=now))

    def is_clock_right(self, connection: Connection) -> bool:
        """Whether our clock was found to agree with Zaptec's lately.

        What is kept for a time is forgotten only then: a clock that jumps a year ahead, if only for seconds,
        would make all of it too old. Right after such a jump the last time it was found right is a year ago.
        """
        kept = connection.execute(_SKEW).one()
        if kept.skew_at is None or abs(kept.skew_s) >= SKEW_WORTH_AN_ALERT_S:
            return False
        age: timedelta = self._now() - kept.skew_at
        return timedelta() <= age <= CLOCK_TRUSTED_FOR
