"""What the demo's page can do to the simulated car, charger, cloud and price house: its buttons, in groups."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from dashboard.texts import mark


class Moved(Enum):
    """Whom a button moves; of the chargers it is the first."""

    CHARGER = auto()
    CLOUD = auto()
    PRICES = auto()


@dataclass(frozen=True)
class Move:
    """One button of the demo page.

    Attributes:
        verb: the simulator's name for it.
        ends_tokens: so that the next question has to sign in; a token lives a day.
        trouble: the price house's name for what goes wrong from then on.
    """

    verb: str
    label: str
    moved: Moved = Moved.CHARGER
    arguments: tuple[tuple[str, Any], ...] = ()
    ends_tokens: bool = False
    trouble: str = ""

    @property
    def key(self) -> str:
        whose = ("prices",) if self.moved is Moved.PRICES else ()
        return "-".join((*whose, self.verb, *(str(value) for _name, value in self.arguments)))


@dataclass(frozen=True)
class MoveGroup:
    """Buttons that stand together.

    Attributes:
        note: what happens besides.
    """

    title: str
    moves: tuple[Move, ...]
    note: str = ""

    @property
    def is_of_prices(self) -> bool:
        """They are for who looks for them, and folded."""
        return self.moves[0].moved is Moved.PRICES


def _prices(verb: str, label: str, trouble: str = "", **arguments: Any) -> Move:
    return Move(verb, label, Moved.PRICES, tuple(arguments.items()), trouble=trouble)


GROUPS = (
    MoveGroup(
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
    MoveGroup(
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
    MoveGroup(
        mark("Zaptec’s cloud"),
        (
            Move("be_slow", mark("Slow: 5 s for each answer"), moved=Moved.CLOUD, arguments=(("seconds", 5),)),
            Move("go_down", mark("Down"), moved=Moved.CLOUD),
            Move("answer_html", mark("Answers nonsense"), moved=Moved.CLOUD),
            Move("lose_commands", mark("Takes commands and forgets them"), moved=Moved.CLOUD),
            Move("reject_sign_in", mark("Refuses the sign-in"), moved=Moved.CLOUD, ends_tokens=True),
            Move("heal", mark("All well again"), moved=Moved.CLOUD),
        ),
    ),
    MoveGroup(
        mark("The exchange’s prices"),
        (
            _prices("tomorrow_late", mark("Tomorrow’s prices come late"), "tomorrow_late"),
            _prices("half_a_day", mark("Only half of each day is told"), "half"),
            _prices("yesterday_again", mark("The day before is told again"), "yesterday"),
            _prices("count_quarters", mark("An hour is missing in the day"), "quarters", quarters=92),
            _prices("count_quarters", mark("The day has an hour too many"), "quarters", quarters=100),
            _prices("cet_as_utc", mark("The times are written wrongly"), "cet_as_utc"),
            _prices("other_money", mark("Another currency is told"), "money"),
            _prices("fail", mark("The source has trouble"), "failing"),
            _prices("be_slow", mark("The source is too slow"), "slow_s"),
            _prices("talk_garbage", mark("The source answers nonsense"), "garbage"),
            _prices("heal", mark("All prices well again")),
        ),
        note=mark(
            "Each of them ends the one before and forgets the prices of today and tomorrow, which are asked for "
            "again at once. Tomorrow’s are told from about 13:00 on."
        ),
    ),
)
MOVES = {move.key: move for group in GROUPS for move in group.moves}
