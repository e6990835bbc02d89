"""What a person would call the state of a charger, and what can be done about it: one pure function."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from zaptec.commands import Action
from zaptec.state import Observation


class Name(StrEnum):
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


class Reason(StrEnum):
    """Why an action is not possible."""

    NO_ACCESS = "no_access"
    NO_DATA = "no_data"
    OFFLINE = "offline"
    DISABLED = "disabled"
    STAND_ALONE = "stand_alone"
    COMMAND_UNDER_WAY = "command_under_way"
    PAUSE_TAKING_EFFECT = "pause_taking_effect"
    NOT_PLUGGED_IN = "not_plugged_in"
    ALREADY_PAUSED = "already_paused"
    ALREADY_CHARGING = "already_charging"
    CAR_NOT_DRAWING = "car_not_drawing"
    FINISHED = "finished"
    CAR_TIMER = "car_timer"
    WAITING_AUTHORISATION = "waiting_authorisation"
    WAITING_POWER = "waiting_power"
    WAITING_CAR = "waiting_car"
    UNKNOWN_MODE = "unknown_mode"
    FIRMWARE_TOO_OLD = "firmware_too_old"
    UNSAFE = "unsafe"


class Remedy(StrEnum):
    """What helps against a reason."""

    ASK_OWNER = "ask_owner"
    WAIT = "wait"
    CHECK_CONNECTION = "check_connection"
    ENABLE_IN_PORTAL = "enable_in_portal"
    LEAVE_STAND_ALONE = "leave_stand_alone"
    PLUG_IN = "plug_in"
    NOTHING_NEEDED = "nothing_needed"
    CHECK_CAR = "check_car"
    CHANGE_CAR_TIMER = "change_car_timer"
    AUTHORISE = "authorise"
    CHECK_LIMITS = "check_limits"
    LOOK_AGAIN = "look_again"
    UPDATE_FIRMWARE = "update_firmware"
    STOP_USING = "stop_using"


@dataclass(frozen=True)
class Refusal:
    """Why something is not possible, and what would help."""

    reason: Reason
    remedy: Remedy


@dataclass(frozen=True)
class Situation:
    """What is going on at one charger.

    Attributes:
        evidence: the readings it rests on, the deciding one first.
        since: when the deciding reading changed, by the charger's clock; None when unknown.
        main_action: the one thing that makes sense now; None: `why_not` says why.
        refusals: every action that is not possible; the others are.
        warnings: names of the active warnings worth an alert.
        is_unsafe: one of them means that the charger should not be used.
    """

    name: Name
    evidence: tuple[Observation, ...]
    since: datetime | None
    main_action: Action | None
    refusals: Mapping[Action, Refusal]
    warnings: tuple[str, ...] = ()
    is_unsafe: bool = False

    def allows(self, action: Action) -> bool:
        """Whether the action is possible now, the main one or not."""
        return action not in self.refusals

    @property
    def why_not(self) -> Refusal | None:
        """The reason and the remedy that stand in the button's place; None when there is a button."""
        return None if self.main_action else self.refusals.get(Action.RESUME)
