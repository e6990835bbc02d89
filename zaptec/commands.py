"""What a charger can be asked to do, and how its readings show that it has done it."""

from enum import IntEnum, StrEnum


class Command(IntEnum):
    """Zaptec's numbers, for `POST /api/chargers/{id}/sendCommand/{command}`.

    Source: docs.zaptec.com/reference/api_chargers_id_sendcommand_commandid_post
    """

    RESTART_CHARGER = 102
    STOP_CHARGING_FINAL = 506
    RESUME_CHARGING = 507
    DEAUTHORIZE_AND_STOP = 10001


class Action(StrEnum):
    """What a person asks for."""

    PAUSE = "pause"
    RESUME = "resume"
    DEAUTHORIZE = "deauthorize"
    RESTART = "restart"

    @property
    def command(self) -> Command:
        return _COMMANDS[self]

    @property
    def opposite(self) -> "Action | None":
        """What undoes it, if anything does."""
        return {Action.PAUSE: Action.RESUME, Action.RESUME: Action.PAUSE}.get(self)


_COMMANDS = {
    Action.PAUSE: Command.STOP_CHARGING_FINAL,
    Action.RESUME: Command.RESUME_CHARGING,
    Action.DEAUTHORIZE: Command.DEAUTHORIZE_AND_STOP,
    Action.RESTART: Command.RESTART_CHARGER,
}
