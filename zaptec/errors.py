"""What can go wrong between us and Zaptec, cut by what the caller can do about it.

    ZaptecError
    ├── SignInRejected   stop trying, tell the owner
    ├── SignInEnded      tell the owner, try once an hour at most
    ├── NoAccess         the account's role is too low: say so, ask seldom
    ├── UnknownCharger   it is gone: read the list again
    ├── CommandRefused   not possible now: read the state, explain
    ├── TryLater         wait; a command may have happened, unless `was_not_carried_out`
    └── NotUnderstood    keep the last good reading, write a bug report
        └── MalformedRequest    our mistake; a command was not carried out

Messages are for the log: they hold no password, token, answer or name. The cause is chained with `from`.
"""

from typing import Literal

Cause = Literal["rate_limited", "unavailable", "timed_out", "unreachable"]


class ZaptecError(Exception):
    """Anything Zaptec, or the way to it, did not do as asked."""


class SignInRejected(ZaptecError):
    """Zaptec does not accept this user name and password; asking again may lock the account out."""


class SignInEnded(ZaptecError):
    """Zaptec refuses this way of signing in, whatever the name and password; that lasts until something changes.

    Either Zaptec has withdrawn it, or it wants something else to be sent with it, such as a scope.

    Attributes:
        code: OAuth's error code, such as "unsupported_grant_type", "invalid_client" or "invalid_scope"; else the
            HTTP status, such as "status_403" or "status_302".
    """

    def __init__(self, code: str) -> None:
        super().__init__(f"the token endpoint refuses to sign in: {code}")
        self.code = code


class NoAccess(ZaptecError):
    """The account may not do or see this.

    Zaptec says 403, or since September 2025 an empty 204 for firmware and hierarchy
    (custom-components/zaptec#320); the 204 also shows for some seconds after access was granted.
    """


class UnknownCharger(ZaptecError):
    """Zaptec knows no such charger (or installation, or session); or the account cannot see it at all."""


class CommandRefused(ZaptecError):
    """Zaptec answered that it will not do the command now.

    Attributes:
        code: Zaptec's error code, mostly 528 (DeviceCommandRejected); None when the answer held none.
        details: Zaptec's own English sentence, if any. Not part of the message.

    Source: https://docs.zaptec.com/page/charger-command-validation-update
    """

    def __init__(self, code: int | None, details: str | None) -> None:
        super().__init__(f"command refused, code {code}")
        self.code = code
        self.details = details


class TryLater(ZaptecError):
    """No usable answer now; the same question may well work later.

    Attributes:
        retry_after_s: seconds to wait at least, if known.
        cause: "rate_limited" (429), "unavailable" (5xx), "timed_out", or "unreachable" (no connection, or it
            broke).
        was_not_carried_out: True only if it is certain that a command did not happen: Zaptec turned it away
            unread (401, 429), or it never left us (no address, no connection, no token).
    """

    def __init__(self, retry_after_s: float | None, cause: Cause, *, was_not_carried_out: bool = False) -> None:
        wait = "" if retry_after_s is None else f", wait {retry_after_s:.0f} s"
        super().__init__(f"{cause}{wait}")
        self.retry_after_s = retry_after_s
        self.cause: Cause = cause
        self.was_not_carried_out = was_not_carried_out or cause == "rate_limited"


class NotUnderstood(ZaptecError):
    """An answer came that is not what Zaptec documents: HTML, half a JSON text, another shape, a redirect.

    A command that was answered so may have happened: only the state can tell.
    """


class MalformedRequest(NotUnderstood):
    """Zaptec finds our request malformed (400): a mistake of ours. A command was certainly not carried out."""
