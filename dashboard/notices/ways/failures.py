"""Why a message could not be handed over: a code, and what follows from it."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from dashboard.notices.message import Outcome, Result


class WayFailure(StrEnum):
    """Why a message was not handed over; the words are in `words.py`."""

    UNREACHABLE = "unreachable"  # no connection: it has certainly not arrived
    NO_ANSWER = "no_answer"  # it was sent, but nobody said whether it was taken: it may have arrived
    RATE_LIMITED = "rate_limited"
    SERVICE_TROUBLE = "service_trouble"
    TOO_LARGE = "too_large"
    RETIRED = "retired"
    REFUSED = "refused"
    SIGN_IN_REJECTED = "sign_in_rejected"
    REDIRECTED = "redirected"
    INSIDE_THE_HOUSE = "inside_the_house"
    NOT_SECURE = "not_secure"
    NOT_ALLOWED = "not_allowed"  # by what the settings allow today
    NOT_SET_UP = "not_set_up"
    UNREADABLE = "unreadable"  # sealed with another secret key
    MISTAKE = "mistake"  # in this program


PASSES = {
    WayFailure.UNREACHABLE,
    WayFailure.NO_ANSWER,
    WayFailure.RATE_LIMITED,
    WayFailure.SERVICE_TROUBLE,
}


class NotSent(Exception):
    """A message was not handed over, or nobody knows whether it was.

    Attributes:
        retry_after: how long the other side wants to be left alone, if it said so.
    """

    def __init__(self, failure: WayFailure, retry_after: timedelta | None = None) -> None:
        super().__init__(failure.value)
        self.failure = failure
        self.retry_after = retry_after

    def outcome(self, *, can_replace: bool) -> Outcome:
        """What it means for the notice.

        Args:
            can_replace: a second sending takes the place of the first; else one whose answer was lost is the last.
        """
        result = Result.TRY_LATER if self.failure in PASSES else Result.FAILED
        if self.failure is WayFailure.RETIRED:
            result = Result.GONE
        if self.failure is WayFailure.NO_ANSWER and not can_replace:
            result = Result.FAILED
        return Outcome(result, self.failure.value, self.retry_after)


def of_status(status: int) -> WayFailure | None:
    """What an HTTP status means for what was sent; None where it was taken."""
    if 200 <= status < 300:
        return None
    if 300 <= status < 400:
        return WayFailure.REDIRECTED
    if status >= 500:
        return WayFailure.SERVICE_TROUBLE
    return {
        401: WayFailure.SIGN_IN_REJECTED,
        403: WayFailure.SIGN_IN_REJECTED,
        408: WayFailure.NO_ANSWER,
        413: WayFailure.TOO_LARGE,
        425: WayFailure.SERVICE_TROUBLE,
        429: WayFailure.RATE_LIMITED,
    }.get(status, WayFailure.REFUSED)
