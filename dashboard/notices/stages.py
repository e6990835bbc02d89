"""How far a notice has come by one way."""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """Each is named only once it has happened; the value is what is stored and what `data-stage` says."""

    ASKED = "asked"
    HANDED_OVER = "handed_over"
    OPENED = "opened"  # of the notice, by whichever way
    FAILED = "failed"
    PERHAPS = "perhaps"  # it may have arrived: nobody knows, and it is not sent again


class NotTold(StrEnum):
    """Why this room itself did not hand something over; further codes are those of `ways`."""

    NO_LONGER_SO = "no_longer_so"
    TOO_OLD = "too_old"
    QUIET_HOURS = "quiet_hours"
    WAY_REMOVED = "way_removed"
    SWITCHED_OFF = "switched_off"  # by an owner, under What leaves the house
    GIVEN_UP = "given_up"
