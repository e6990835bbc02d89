"""Which situation a charger is in: rows tried from the top, the first whose condition holds.

What the conditions ask, and what is assumed where a reading is missing, stands in `zaptec.facts`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from zaptec.commands import Action
from zaptec.facts import Facts
from zaptec.modes import OperationMode
from zaptec.reasons import Reason


class SituationName(StrEnum):
    """The situations; exactly one holds at a time."""

    NO_ACCESS = "no_access"
    NO_DATA = "no_data"
    OFFLINE = "offline"
    DISABLED = "disabled"
    STAND_ALONE = "stand_alone"
    PAUSING = "pausing"
    RESUMING = "resuming"
    DISCONNECTED = "disconnected"
    CHARGING = "charging"
    NOT_DRAWING = "not_drawing"
    PAUSED = "paused"
    SCHEDULED = "scheduled"
    FINISHED = "finished"
    WAITING_AUTHORISATION = "waiting_authorisation"
    WAITING_POWER = "waiting_power"
    WAITING_CAR = "waiting_car"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Row:
    """One row of the truth table.

    Attributes:
        pause: why it is not possible, or YES.
        resume: likewise.
        decided_by: ids of the readings that decide, the most telling one first.
        since: where that reading's own time is not the answer.
        why_not: what stands in the place of the button where there is no main action, if it is not why resuming
            is not possible.
        is_besides: the charger is in another situation besides, which says what is possible.
    """

    name: SituationName
    when: Callable[[Facts], bool]
    pause: Reason | None
    resume: Reason | None
    main: Action | None
    decided_by: tuple[int, ...]
    since: Callable[[Facts], datetime | None] | None = None
    why_not: Reason | None = None
    is_besides: bool = False


YES = NONE = None
PAUSE, RESUME = Action.PAUSE, Action.RESUME
_DISCONNECTED = OperationMode.DISCONNECTED
_REQUESTING = OperationMode.CONNECTED_REQUESTING
_CHARGING = OperationMode.CONNECTED_CHARGING
_FINISHED = OperationMode.CONNECTED_FINISHED

# fmt: off
TABLE: tuple[Row, ...] = (
    # situation, when
    #    pause, resume, main action, decided by
    Row(SituationName.NO_ACCESS, lambda it: not it.may_read,
        Reason.NO_ACCESS, Reason.NO_ACCESS, NONE, (-2, 710)),
    Row(SituationName.NO_DATA, lambda it: not it.has_reading,
        Reason.NO_DATA, Reason.NO_DATA, NONE, (-2, 710)),
    Row(SituationName.OFFLINE, lambda it: not it.is_online,
        Reason.OFFLINE, Reason.OFFLINE, NONE, (-2, -1, 710, 718)),
    Row(SituationName.DISABLED, lambda it: not it.is_enabled,
        Reason.DISABLED, Reason.DISABLED, NONE, (711, 710)),
    # Commands may have no effect (custom-components/zaptec#80), yet one Go obeyed (its pull request 367).
    Row(SituationName.STAND_ALONE, lambda it: it.is_stand_alone,
        YES, YES, NONE, (712, 710), why_not=Reason.STAND_ALONE, is_besides=True),
    Row(SituationName.PAUSING, lambda it: it.mode.is_plugged_in and it.under_way is PAUSE,
        Reason.COMMAND_UNDER_WAY, Reason.COMMAND_UNDER_WAY, NONE, (718, 710, 513), lambda it: it.asked_at),
    Row(SituationName.RESUMING, lambda it: it.mode.is_plugged_in and it.under_way is RESUME,
        Reason.COMMAND_UNDER_WAY, Reason.COMMAND_UNDER_WAY, NONE, (718, 710, 513), lambda it: it.asked_at),
    Row(SituationName.DISCONNECTED, lambda it: it.mode is _DISCONNECTED,
        Reason.NOT_PLUGGED_IN, Reason.NOT_PLUGGED_IN, NONE, (710,)),
    # The final stop turns about five seconds before the mode does (custom-components/zaptec#209).
    Row(SituationName.PAUSING, lambda it: it.mode in (_REQUESTING, _CHARGING) and it.is_final_stop_active,
        Reason.PAUSE_TAKING_EFFECT, Reason.PAUSE_TAKING_EFFECT, NONE, (718, 710, 513)),
    Row(SituationName.WAITING_POWER, lambda it: it.mode is _CHARGING and it.is_current_too_low and it.has_no_power,
        YES, Reason.WAITING_POWER, PAUSE, (513, 708, 510, 710)),
    Row(SituationName.NOT_DRAWING, lambda it: it.mode is _CHARGING and it.not_drawing_since is not None,
        YES, Reason.CAR_NOT_DRAWING, PAUSE, (702, 513, 710, 718), lambda it: it.not_drawing_since),
    Row(SituationName.CHARGING, lambda it: it.mode is _CHARGING,
        YES, Reason.ALREADY_CHARGING, PAUSE, (710, 718, 513, 702)),
    Row(SituationName.PAUSED, lambda it: it.mode is _FINISHED and it.is_final_stop_active,
        Reason.ALREADY_PAUSED, YES, RESUME, (718, 710)),
    Row(SituationName.SCHEDULED, lambda it: it.mode is _FINISHED and it.is_scheduled,
        YES, YES, RESUME, (710, 718, 763)),
    # A charge that ends for want of permission or of current ends in the mode of a full car (evcc-io/evcc#32565,
    # custom-components/zaptec#290).
    Row(SituationName.WAITING_AUTHORISATION,
        lambda it: it.mode is _FINISHED and it.lacks_authorisation and it.has_charged_nothing,
        YES, Reason.WAITING_AUTHORISATION, NONE, (710, 120, 722, 553)),
    Row(SituationName.WAITING_POWER, lambda it: it.mode is _FINISHED and it.is_current_too_low,
        YES, Reason.WAITING_POWER, NONE, (710, 708, 510, 718)),
    # A pause of a car that has finished keeps it from starting again by itself.
    Row(SituationName.FINISHED, lambda it: it.mode is _FINISHED and it.has_car_timer,
        YES, Reason.CAR_TIMER, NONE, (710, 718, 553, 721)),
    Row(SituationName.FINISHED, lambda it: it.mode is _FINISHED,
        YES, Reason.FINISHED, NONE, (710, 718, 702)),
    Row(SituationName.SCHEDULED, lambda it: it.mode is _REQUESTING and it.is_scheduled,
        YES, YES, RESUME, (710, 763)),
    Row(SituationName.WAITING_AUTHORISATION, lambda it: it.mode is _REQUESTING and it.lacks_authorisation,
        YES, Reason.WAITING_AUTHORISATION, NONE, (710, 120, 722)),
    # Eco mode and price schedules of the portal look like this too: the cloud takes the current away.
    Row(SituationName.WAITING_POWER, lambda it: it.mode is _REQUESTING and it.is_current_too_low,
        YES, Reason.WAITING_POWER, PAUSE, (710, 708, 510)),
    Row(SituationName.WAITING_CAR, lambda it: it.mode is _REQUESTING,
        YES, Reason.WAITING_CAR, PAUSE, (710, 702, 708, 510)),
    # A mode that nobody knows, but a car is there (one Pro fleet says 6): Zaptec may refuse, if it must.
    Row(SituationName.UNKNOWN, lambda it: it.is_car_signalling,
        YES, YES, NONE, (710, 702), why_not=Reason.UNKNOWN_MODE),
    Row(SituationName.UNKNOWN, lambda it: True,
        Reason.UNKNOWN_MODE, Reason.UNKNOWN_MODE, NONE, (710,)),
)
# fmt: on


def first_row(facts: Facts, leaving_out: SituationName | None = None) -> Row:
    """The row that holds, or would hold without one situation."""
    return next(row for row in TABLE if row.name is not leaving_out and row.when(facts))
