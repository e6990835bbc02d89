"""Why an action is not possible, and what would help; as codes, the words for people are elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


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
    LIMIT_TOO_LOW = "limit_too_low"
    WAITING_OPERATOR = "waiting_operator"
    TOO_HOT = "too_hot"
    EARTH_FAULT = "earth_fault"
    FAULT = "fault"
    UNKNOWN_MODE = "unknown_mode"
    UNKNOWN_DEVICE = "unknown_device"
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
    RAISE_LIMIT = "raise_limit"
    ASK_OPERATOR = "ask_operator"
    LET_COOL = "let_cool"
    CHECK_EARTH_FAULT = "check_earth_fault"
    CHECK_FAULT = "check_fault"
    LOOK_AGAIN = "look_again"
    USE_ZAPTECS_APP = "use_zaptecs_app"
    UPDATE_FIRMWARE = "update_firmware"
    STOP_USING = "stop_using"


@dataclass(frozen=True)
class Refusal:
    """Why something is not possible, and what would help."""

    reason: Reason
    remedy: Remedy

    @classmethod
    def because(cls, reason: Reason) -> "Refusal":
        """With the remedy that belongs to the reason."""
        return cls(reason, _REMEDIES[reason])

    @property
    def is_already_so(self) -> bool:
        """What was asked for holds already, as far as the charger is concerned."""
        return self.reason in ALREADY_SO

    @property
    def is_pointless(self) -> bool:
        """There is nothing to pause or resume, and nothing is wrong."""
        return self.reason in _POINTLESS


_REMEDIES: Mapping[Reason, Remedy] = {
    Reason.NO_ACCESS: Remedy.ASK_OWNER,
    Reason.NO_DATA: Remedy.WAIT,
    Reason.OFFLINE: Remedy.CHECK_CONNECTION,
    Reason.DISABLED: Remedy.ENABLE_IN_PORTAL,
    Reason.STAND_ALONE: Remedy.LEAVE_STAND_ALONE,
    Reason.COMMAND_UNDER_WAY: Remedy.WAIT,
    Reason.PAUSE_TAKING_EFFECT: Remedy.WAIT,
    Reason.NOT_PLUGGED_IN: Remedy.PLUG_IN,
    Reason.ALREADY_PAUSED: Remedy.NOTHING_NEEDED,
    Reason.ALREADY_CHARGING: Remedy.NOTHING_NEEDED,
    Reason.CAR_NOT_DRAWING: Remedy.CHECK_CAR,
    Reason.FINISHED: Remedy.CHECK_CAR,
    Reason.CAR_TIMER: Remedy.CHANGE_CAR_TIMER,
    Reason.WAITING_AUTHORISATION: Remedy.AUTHORISE,
    Reason.WAITING_POWER: Remedy.CHECK_LIMITS,
    Reason.WAITING_CAR: Remedy.CHECK_CAR,
    Reason.LIMIT_TOO_LOW: Remedy.RAISE_LIMIT,
    Reason.WAITING_OPERATOR: Remedy.ASK_OPERATOR,
    Reason.TOO_HOT: Remedy.LET_COOL,
    Reason.EARTH_FAULT: Remedy.CHECK_EARTH_FAULT,
    Reason.FAULT: Remedy.CHECK_FAULT,
    Reason.UNKNOWN_MODE: Remedy.LOOK_AGAIN,
    Reason.UNKNOWN_DEVICE: Remedy.USE_ZAPTECS_APP,
    Reason.FIRMWARE_TOO_OLD: Remedy.UPDATE_FIRMWARE,
    Reason.UNSAFE: Remedy.STOP_USING,
}
ALREADY_SO = frozenset(
    {
        Reason.ALREADY_PAUSED,
        Reason.ALREADY_CHARGING,
        Reason.CAR_NOT_DRAWING,
        Reason.WAITING_POWER,
        Reason.LIMIT_TOO_LOW,
        Reason.WAITING_CAR,
    }
)
_POINTLESS = frozenset({Reason.NOT_PLUGGED_IN, Reason.FINISHED, Reason.CAR_TIMER})
