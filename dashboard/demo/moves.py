"""What the demo's page can do to the simulated car, charger and cloud: its buttons, in groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dashboard.texts import mark


@dataclass(frozen=True)
class Move:
    """One button of the demo page.

    Attributes:
        verb: the simulator's name for it; `cloud` verbs move the cloud, the others the first charger.
        ends_tokens: so that the next question has to sign in; a token lives a day.
    """

    verb: str
    label: str
    of_cloud: bool = False
    arguments: tuple[tuple[str, Any], ...] = ()
    ends_tokens: bool = False

    @property
    def key(self) -> str:
        return "-".join((self.verb, *(str(value) for _name, value in self.arguments)))


GROUPS = (
    (
        mark("The car"),
        (
            Move("plug_in_and_charge", mark("Plug in and charge")),
            Move("plug_in", mark("Plug in, the car waits")),
            Move("fill_up", mark("Fill the battery")),
            Move("car_sleeps", mark("The car falls asleep")),
            Move("car_wakes", mark("The car wakes up")),
            Move("unplug", mark("Unplug")),
        ),
    ),
    (
        mark("The charger"),
        (
            Move("go_offline", mark("Goes offline")),
            Move("come_online", mark("Comes back")),
            Move("pause_elsewhere", mark("Paused in Zaptec’s app")),
            Move("resume_elsewhere", mark("Resumed in Zaptec’s app")),
            Move("limit_current", mark("No power free for it"), arguments=(("amps", 0),)),
            Move("limit_current", mark("Power free again"), arguments=(("amps", 16),)),
            Move("require_authorisation", mark("Asks for permission"), arguments=(("required", True),)),
            Move("require_authorisation", mark("Asks for none"), arguments=(("required", False),)),
        ),
    ),
    (
        mark("Zaptec’s cloud"),
        (
            Move("be_slow", mark("Slow: 5 s for each answer"), of_cloud=True, arguments=(("seconds", 5),)),
            Move("go_down", mark("Down"), of_cloud=True),
            Move("answer_html", mark("Answers nonsense"), of_cloud=True),
            Move("lose_commands", mark("Takes commands and forgets them"), of_cloud=True),
            Move("reject_sign_in", mark("Refuses the sign-in"), of_cloud=True, ends_tokens=True),
            Move("heal", mark("All well again"), of_cloud=True),
        ),
    ),
)
MOVES = {move.key: move for _title, moves in GROUPS for move in moves}
