"""What a charger can be asked to do, and how its readings show that it has done it.

Zaptec's "accepted" is not "done": the charger acts a few seconds later, and the state we can read may be a
copy up to 15 s old (custom-components/zaptec#189). So a command counts as done when readings say so that are
newer, by the charger's own clock, than those at the press. Our clock is never compared with the charger's.

| Sent | Done when |
| --- | --- |
| 506 | 710 = 5 and 718 = 1 |
| 507 | 718 = 0 and 710 is 2 or 3 |
| 10001 | 721 is another than at the press, or 710 = 1, or 710 left 3 |
| 102 | 807 or 808 changed and -2 = 1, at least 60 s after the press |

Sources: docs.zaptec.com/docs/understanding-finalstopactive-and-resume-command-behavior, recorded timings in
custom-components/zaptec#209 and metskem/zaptecbot.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from zaptec.catalogue import may_stop_charging
from zaptec.modes import CAR_NOT_DRAWING, OperationMode
from zaptec.observation import Observation
from zaptec.state import NO_POWER_BELOW_W, ChargerState


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


class ResumeOutcome(StrEnum):
    """What came of a resume that the charger has confirmed."""

    FLOWING = "flowing"
    CAR_NOT_ASKING = "car_not_asking"


_COMMANDS = {
    Action.PAUSE: Command.STOP_CHARGING_FINAL,
    Action.RESUME: Command.RESUME_CHARGING,
    Action.DEAUTHORIZE: Command.DEAUTHORIZE_AND_STOP,
    Action.RESTART: Command.RESTART_CHARGER,
}

STATE_CACHE_S = 15  # Zaptec repeats its answer about the state for so long (custom-components/zaptec#189)
ACTS_WITHIN_S = 5  # a charger has usually acted by then (custom-components/zaptec#209)
LOOK_IN_CACHE_AFTER_S = (2, 7)  # reads after a press that do no harm while Zaptec repeats its last answer
GIVE_UP_AFTER_S: Mapping[Action, int] = {
    Action.PAUSE: 60,
    Action.RESUME: 60,
    Action.DEAUTHORIZE: 60,
    Action.RESTART: 300,
}
RESTART_TAKES_AT_LEAST_S = 60  # until then values stand still, and -2 is still 1 from before
RESUME_OUTCOME_FOR_S = 300  # so long after a resume its outcome may change

_BASELINE_IDS = (-2, -1, 513, 702, 710, 718, 721, 722, 763, 807, 808)
_REPORTED_IDS = (-1, 513, 702, 710, 718, 721, 722, 763, 807, 808)  # the charger's own, not the cloud's opinion
_MOVED_BY_COMMANDS = (507, 508, 509, 513, 702, 710, 718, 721, 722, 763)


@dataclass(frozen=True)
class Baseline:
    """What the charger said at the press, of the readings that tell whether a command is done."""

    state: ChargerState

    @classmethod
    def from_state(cls, state: ChargerState) -> "Baseline":
        """Keep what is needed of a state."""
        kept = {number: state.observations[number] for number in _BASELINE_IDS if number in state.observations}
        return cls(ChargerState(kept))

    def to_record(self) -> list[list[int | str | None]]:
        """For storage, as `ChargerState.to_record`."""
        return self.state.to_record()

    @classmethod
    def from_record(cls, record: Iterable[Sequence[int | str | None]]) -> "Baseline":
        """Read back what `to_record` gave."""
        return cls(ChargerState.from_record(record))


@dataclass(frozen=True)
class UnderWay:
    """A command that has been asked for and has not ended.

    Attributes:
        asked_at: by our clock.
    """

    action: Action
    asked_at: datetime
    baseline: Baseline


def is_done(under_way: UnderWay, state: ChargerState, *, fetched_at: datetime) -> bool:
    """Whether this state proves that the charger has done it.

    A reading that is no newer than the one at the press proves nothing, and one that is older shows that the
    whole state is an old copy.

    Args:
        fetched_at: when we read the state, by the clock that gave `asked_at`.
    """
    if fetched_at < under_way.asked_at:
        return False
    return _IS_DONE[under_way.action](under_way, state, fetched_at)


def had_its_chance(under_way: UnderWay, state: ChargerState) -> bool:
    """Whether the charger has gone on reporting for a minute after the press and has still not done it.

    What it does later, others have asked for. Zaptec's news has been 20 minutes late, and whole fleets offline for
    two hours: until such a reading nobody else need have done it. By the charger's own clock; of a charger that was
    away, from its return on.
    """
    if _is_news(under_way.baseline, state, (718,)):
        return False  # whoever moved it, it has been moved
    reported_at = _newest(state, _REPORTED_IDS)
    known_at = _newest(under_way.baseline.state, _REPORTED_IDS)
    if reported_at is None or known_at is None:
        return False
    since = max(known_at, state.at(-2) or known_at)
    return reported_at - since >= timedelta(seconds=GIVE_UP_AFTER_S[under_way.action])


def _newest(state: ChargerState, ids: Iterable[int]) -> datetime | None:
    return max((at for at in map(state.at, ids) if at), default=None)


def _pause_is_done(under_way: UnderWay, state: ChargerState, fetched_at: datetime) -> bool:
    return state.is_paused and _is_news(under_way.baseline, state, (710, 718))


def _resume_is_done(under_way: UnderWay, state: ChargerState, fetched_at: datetime) -> bool:
    """763 counts too: a car held by a schedule says 718 = 0 and 710 = 2 before and after the command."""
    is_let_go = not state.is_final_stop_active and state.mode in (
        OperationMode.CONNECTED_REQUESTING,
        OperationMode.CONNECTED_CHARGING,
    )
    return is_let_go and _is_news(under_way.baseline, state, (710, 718, 763))


def _deauthorize_is_done(under_way: UnderWay, state: ChargerState, fetched_at: datetime) -> bool:
    before = under_way.baseline.state
    if _is_news(under_way.baseline, state, (721,)) and state.session_id != before.session_id:
        return True
    has_left = state.mode is OperationMode.DISCONNECTED or (
        before.mode is OperationMode.CONNECTED_CHARGING
        and state.mode not in (OperationMode.CONNECTED_CHARGING, OperationMode.UNKNOWN)
    )
    return has_left and _is_news(under_way.baseline, state, (710,))


def _restart_is_done(under_way: UnderWay, state: ChargerState, fetched_at: datetime) -> bool:
    if fetched_at < under_way.asked_at + timedelta(seconds=RESTART_TAKES_AT_LEAST_S):
        return False
    return state.is_online is not False and any(_is_news(under_way.baseline, state, (log,)) for log in (807, 808))


_IS_DONE: Mapping[Action, Callable[[UnderWay, ChargerState, datetime], bool]] = {
    Action.PAUSE: _pause_is_done,
    Action.RESUME: _resume_is_done,
    Action.DEAUTHORIZE: _deauthorize_is_done,
    Action.RESTART: _restart_is_done,
}


def _is_news(baseline: Baseline, state: ChargerState, ids: tuple[int, ...]) -> bool:
    """Whether one of the readings is newer than at the press, and none is older."""
    pairs = [(baseline.state.observations.get(number), state.observations.get(number)) for number in ids]
    return any(_is_newer(after, before) for before, after in pairs) and not any(
        _is_older(after, before) for before, after in pairs
    )


def _is_newer(one: Observation | None, other: Observation | None) -> bool:
    """By the charger's own timestamps; by a different text only where a timestamp is missing."""
    if one is None or other is None:
        return one is not None
    if one.at is None or other.at is None:
        return one.text != other.text
    return one.at > other.at


def _is_older(one: Observation | None, other: Observation | None) -> bool:
    return bool(one and other and one.at and other.at and one.at < other.at)


def keep_achieved(new: ChargerState, achieved: ChargerState) -> ChargerState:
    """`new`, except where it would take back what a command has achieved with a reading that is no newer.

    Zaptec's answers can come from copies of different age. Only readings that commands move are held, and
    only by the charger's own timestamps. Meant for the minutes after a command: a charger whose clock jumped
    back would otherwise be held for as long as the jump.
    """
    held = {
        number: achieved.observations[number]
        for number in _MOVED_BY_COMMANDS
        if number in achieved.observations
        and not _is_newer(new.observations.get(number), achieved.observations[number])
    }
    return ChargerState({**new.observations, **held})


def resume_outcome(state: ChargerState) -> ResumeOutcome | None:
    """What came of a confirmed resume: power flows, or all is ready and the car does not ask for any.

    None while it cannot be told, or while it is not the car that is waited for: no current is granted, the
    session is not authorised, or heat or a fault stops the charge. A car may need a minute, so the answer may
    change.
    """
    if state.is_final_stop_active or not state.mode.is_plugged_in:
        return None
    is_charging = state.mode is OperationMode.CONNECTED_CHARGING
    if is_charging and (state.power_w or 0.0) >= NO_POWER_BELOW_W:
        return ResumeOutcome.FLOWING
    lacks_permission = state.is_authentication_required and not state.is_set(722)
    if state.pilot != CAR_NOT_DRAWING or state.is_current_too_low or lacks_permission:
        return None
    if may_stop_charging(state.warnings):
        return None
    return ResumeOutcome.CAR_NOT_ASKING


def releases_cable(state: ChargerState) -> bool:
    """Whether pausing lets go of the cable: unless it is locked for good (151), it does."""
    return state.is_cable_locked is not True


def outside_change(before: ChargerState, after: ChargerState) -> Action | None:
    """A pause or a resume between two states of one session, whoever asked for it.

    The caller knows whether a command of its own explains it; its time is `after.final_stop_changed_at`. A new
    session says nothing, nor does an empty session id, which shows up between two readings of one
    (evcc-io/evcc#33720).
    """
    if after.session_id is None or after.session_id != before.session_id or not after.mode.is_plugged_in:
        return None
    if before.is_final_stop_active == after.is_final_stop_active:
        return None
    if not _is_newer(after.observations.get(718), before.observations.get(718)):
        return None
    return Action.PAUSE if after.is_final_stop_active else Action.RESUME
