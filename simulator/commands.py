"""What the cloud makes of a command: who may send it, when it is refused, and what the answer looks like.

Sources: https://docs.zaptec.com/page/charger-command-validation-update and, for the wording of the refusal,
https://github.com/evcc-io/evcc/issues/21566
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

RESTART, UPGRADE, START, STOP, PAUSE, RESUME, DEAUTHORIZE = 102, 200, 501, 502, 506, 507, 10001
WITHOUT_EFFECT = (UPGRADE, STOP)


@dataclass(frozen=True)
class Verdict:
    """How a command was answered.

    Attributes:
        status: the HTTP status.
        code: Zaptec's own error code, None where the body is empty.
        is_executed: whether the charger acts on it.
    """

    status: int
    code: int | None = None
    details: str | None = None
    is_executed: bool = False

    @property
    def outcome(self) -> str:
        """What a charger's record of commands says of it."""
        if self.is_executed:
            return "executed"
        if self.code is None:
            return "no effect"
        return "unreachable" if self == UNREACHABLE else "refused"


@dataclass(frozen=True)
class ReceivedCommand:
    """One line of a charger's record of commands.

    Attributes:
        outcome: executed, refused, lost, unreachable or no effect.
    """

    at: datetime
    command: int
    status: int
    outcome: str


ACCEPTED = Verdict(200, is_executed=True)
UNREACHABLE = Verdict(500, 520, "Error communicating with device")


def judge(command: int, text_of: Callable[[int], str | None], *, is_reachable: bool) -> Verdict:
    """Decide by the values the cloud knows; `text_of` gives the text of an observation."""
    if command not in (RESTART, START, PAUSE, RESUME, DEAUTHORIZE, *WITHOUT_EFFECT):
        return Verdict(500, 519, "Unknown command")
    if command == START:
        # Answered with the code for a serial number already registered: custom-components/zaptec#55
        return Verdict(500, 517)
    if not is_reachable or text_of(-2) == "0":
        return UNREACHABLE
    if command in WITHOUT_EFFECT:
        return Verdict(200)
    if command in (PAUSE, RESUME):
        return _judge_pause_or_resume(command, text_of)
    if command == DEAUTHORIZE:
        # Executed, and yet answered like a refusal: custom-components/zaptec#346, July 2025.
        return Verdict(500, 528, is_executed=True)
    return ACCEPTED


def _judge_pause_or_resume(command: int, text_of: Callable[[int], str | None]) -> Verdict:
    mode, is_paused = text_of(710), text_of(710) == "5" and text_of(718) == "1"
    if command == RESUME and not is_paused and not text_of(763):
        return Verdict(500, 528, "Charging is not Paused nor Scheduled; Resume command cannot be sent")
    if command == PAUSE and mode == "1":
        return Verdict(500, 528, "Charger is Disconnected; Stop command cannot be sent")
    if command == PAUSE and is_paused:
        return Verdict(500, 528, "Charging is already Paused; Stop command cannot be sent")
    return ACCEPTED
