"""What a person would call the state of a charger, and what can be done about it: one pure function.

The truth table is `_TABLE` below: rows are tried from the top, and the first whose condition holds is the
situation. What is assumed where a reading is missing stands in `zaptec.facts`. Besides the table:

- Deauthorizing is possible with a car connected, restarting always, unless nothing can reach the charger.
- While a command of ours is under way nothing else can be asked for.
- A Pro whose firmware is not above 3.2 can neither pause nor resume.
- A warning that means "stop using it" takes the place of the button, and forbids to resume. What stops
  charging stays possible.

Sources: docs.zaptec.com/docs/state-observation-reference for the readings;
docs.zaptec.com/docs/understanding-finalstopactive-and-resume-command-behavior and evcc-io/evcc#21566 for what
Zaptec refuses (it takes a resume when paused or scheduled); custom-components/zaptec#209 and #55 for pausing
a car that is not charging yet; #80 there for stand-alone mode, #311 for roles.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from zaptec.catalogue import UNSAFE_WARNINGS
from zaptec.charger import Charger
from zaptec.commands import Action, UnderWay
from zaptec.facts import Facts
from zaptec.modes import OperationMode
from zaptec.observation import Observation
from zaptec.reasons import Reason, Refusal, Remedy
from zaptec.state import ChargerState

__all__ = ["Reason", "Refusal", "Remedy", "Situation", "SituationName", "situation"]


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
class Situation:
    """What is going on at one charger.

    Attributes:
        evidence: the readings it rests on, the deciding one first; without a time where the list of chargers
            stood in for a reading.
        since: when the deciding reading changed, by the charger's clock; of a command of ours under way, when
            it was asked for, by our clock; None when unknown.
        main_action: the one thing that makes sense now.
        why_not: without a main action, what stands in the button's place.
        refusals: every action that is not possible; the others are.
        warnings: Zaptec's names of the active warnings worth an alert.
        is_unsafe: one of them means that the charger should not be used.
        is_silent: the charger's heartbeat is overdue, although the cloud may say that it is online.
        next_change_at: when the charger's schedule lets go; None without one, or when that time has passed.
        last_known: of an offline charger, the situation its last readings describe.
    """

    name: SituationName
    evidence: tuple[Observation, ...]
    since: datetime | None
    main_action: Action | None
    why_not: Refusal | None
    refusals: Mapping[Action, Refusal]
    warnings: tuple[str, ...] = ()
    is_unsafe: bool = False
    is_silent: bool = False
    next_change_at: datetime | None = None
    last_known: SituationName | None = None

    def allows(self, action: Action) -> bool:
        """Whether the action is possible now, the main one or not."""
        return action not in self.refusals


@dataclass(frozen=True)
class _Row:
    """One row of the truth table.

    Attributes:
        pause: why it is not possible, or YES.
        resume: likewise.
        decided_by: ids of the readings that decide, the most telling one first.
        since: where that reading's own time is not the answer.
    """

    name: SituationName
    when: Callable[[Facts], bool]
    pause: Reason | None
    resume: Reason | None
    main: Action | None
    decided_by: tuple[int, ...]
    since: Callable[[Facts], datetime | None] | None = None


YES = NONE = None
PAUSE, RESUME = Action.PAUSE, Action.RESUME
_DISCONNECTED = OperationMode.DISCONNECTED
_REQUESTING = OperationMode.CONNECTED_REQUESTING
_CHARGING = OperationMode.CONNECTED_CHARGING
_FINISHED = OperationMode.CONNECTED_FINISHED

# fmt: off
_TABLE: tuple[_Row, ...] = (
    # situation, when
    #    pause, resume, main action, decided by
    _Row(SituationName.NO_ACCESS, lambda it: not it.may_read,
         Reason.NO_ACCESS, Reason.NO_ACCESS, NONE, (-2, 710)),
    _Row(SituationName.NO_DATA, lambda it: not it.has_reading,
         Reason.NO_DATA, Reason.NO_DATA, NONE, (-2, 710)),
    _Row(SituationName.OFFLINE, lambda it: not it.is_online,
         Reason.OFFLINE, Reason.OFFLINE, NONE, (-2, -1, 710, 718)),
    _Row(SituationName.DISABLED, lambda it: not it.is_enabled,
         Reason.DISABLED, Reason.DISABLED, NONE, (711, 710)),
    _Row(SituationName.STAND_ALONE, lambda it: it.is_stand_alone,
         Reason.STAND_ALONE, Reason.STAND_ALONE, NONE, (712, 710)),
    _Row(SituationName.PAUSING, lambda it: it.mode.is_plugged_in and it.under_way is PAUSE,
         Reason.COMMAND_UNDER_WAY, Reason.COMMAND_UNDER_WAY, NONE, (718, 710, 513), lambda it: it.asked_at),
    _Row(SituationName.RESUMING, lambda it: it.mode.is_plugged_in and it.under_way is RESUME,
         Reason.COMMAND_UNDER_WAY, Reason.COMMAND_UNDER_WAY, NONE, (718, 710, 513), lambda it: it.asked_at),
    _Row(SituationName.DISCONNECTED, lambda it: it.mode is _DISCONNECTED,
         Reason.NOT_PLUGGED_IN, Reason.NOT_PLUGGED_IN, NONE, (710,)),
    _Row(SituationName.PAUSING, lambda it: it.mode is _CHARGING and it.is_final_stop_active,
         Reason.PAUSE_TAKING_EFFECT, Reason.PAUSE_TAKING_EFFECT, NONE, (718, 710, 513)),
    _Row(SituationName.NOT_DRAWING, lambda it: it.mode is _CHARGING and it.not_drawing_since is not None,
         YES, Reason.CAR_NOT_DRAWING, PAUSE, (702, 513, 710, 718), lambda it: it.not_drawing_since),
    _Row(SituationName.CHARGING, lambda it: it.mode is _CHARGING,
         YES, Reason.ALREADY_CHARGING, PAUSE, (710, 718, 513, 702)),
    _Row(SituationName.PAUSED, lambda it: it.mode is _FINISHED and it.is_final_stop_active,
         Reason.ALREADY_PAUSED, YES, RESUME, (718, 710)),
    _Row(SituationName.SCHEDULED, lambda it: it.mode is _FINISHED and it.is_scheduled,
         YES, YES, RESUME, (710, 718, 763)),
    # A pause of a car that has finished keeps it from starting again by itself.
    _Row(SituationName.FINISHED, lambda it: it.mode is _FINISHED and it.has_car_timer,
         YES, Reason.CAR_TIMER, NONE, (710, 718, 553, 721)),
    _Row(SituationName.FINISHED, lambda it: it.mode is _FINISHED,
         YES, Reason.FINISHED, NONE, (710, 718, 702)),
    _Row(SituationName.SCHEDULED, lambda it: it.mode is _REQUESTING and it.is_scheduled,
         YES, YES, RESUME, (710, 763)),
    _Row(SituationName.WAITING_AUTHORISATION, lambda it: it.mode is _REQUESTING and it.lacks_authorisation,
         YES, Reason.WAITING_AUTHORISATION, NONE, (710, 120, 722)),
    # Eco mode and price schedules of the portal look like this too: the cloud takes the current away.
    _Row(SituationName.WAITING_POWER, lambda it: it.mode is _REQUESTING and it.is_current_too_low,
         YES, Reason.WAITING_POWER, PAUSE, (710, 708, 510)),
    _Row(SituationName.WAITING_CAR, lambda it: it.mode is _REQUESTING,
         YES, Reason.WAITING_CAR, PAUSE, (710, 702, 708, 510)),
    _Row(SituationName.UNKNOWN, lambda it: True,
         Reason.UNKNOWN_MODE, Reason.UNKNOWN_MODE, NONE, (710,)),
)
# fmt: on


def situation(
    charger: Charger,
    observations: ChargerState | None,
    now: datetime,
    command: UnderWay | None = None,
    *,
    is_forbidden: bool = False,
) -> Situation:
    """What is going on at a charger, and what can be done.

    Args:
        observations: the last state read; None when none ever was.
        now: aware, by our clock; compared with the charger's only where minutes matter.
        command: ours, as long as it has not ended; a state that proves it done counts at once.
        is_forbidden: Zaptec refused the last question for the state (403), whatever the roles say.
    """
    may_read = charger.may_command and not is_forbidden
    state = observations if observations and may_read else ChargerState({})
    facts = Facts(charger, state, now, command, may_read)
    row = _first(facts)
    is_unsafe = not UNSAFE_WARNINGS.isdisjoint(facts.warnings)
    reasons = _reasons(row, facts, is_unsafe)
    has_main = row.main is not None and row.main not in reasons and not is_unsafe
    missing = RESUME if is_unsafe or row.main is None else row.main
    return Situation(
        name=row.name,
        evidence=facts.readings(row.decided_by + ((804,) if is_unsafe else ())),
        since=row.since(facts) if row.since else state.at(row.decided_by[0]),
        main_action=row.main if has_main else None,
        why_not=None if has_main else Refusal.because(reasons[missing]),
        refusals={action: Refusal.because(reason) for action, reason in reasons.items()},
        warnings=facts.warnings,
        is_unsafe=is_unsafe,
        is_silent=facts.is_silent,
        next_change_at=facts.next_change_at if row.name is SituationName.SCHEDULED else None,
        last_known=_first(facts, leaving_out=SituationName.OFFLINE).name
        if row.name is SituationName.OFFLINE
        else None,
    )


def _first(facts: Facts, leaving_out: SituationName | None = None) -> _Row:
    return next(row for row in _TABLE if row.name is not leaving_out and row.when(facts))


def _reasons(row: _Row, facts: Facts, is_unsafe: bool) -> dict[Action, Reason]:
    """Why each action that is not possible is not; where several reasons hold, the one that matters most."""
    by_table = {Action.PAUSE: row.pause, Action.RESUME: row.resume}
    if row.name in (SituationName.NO_ACCESS, SituationName.NO_DATA, SituationName.OFFLINE):
        by_table |= {Action.DEAUTHORIZE: row.pause, Action.RESTART: row.pause}
    else:
        by_table[Action.DEAUTHORIZE] = _no_deauthorize(row, facts)
    reasons = {action: reason for action, reason in by_table.items() if reason is not None}
    if facts.cannot_pause:
        reasons = {Action.PAUSE: Reason.FIRMWARE_TOO_OLD, Action.RESUME: Reason.FIRMWARE_TOO_OLD} | reasons
    if facts.under_way:
        reasons = dict.fromkeys(Action, Reason.COMMAND_UNDER_WAY) | reasons
    if is_unsafe:
        reasons[Action.RESUME] = Reason.UNSAFE
    return reasons


def _no_deauthorize(row: _Row, facts: Facts) -> Reason | None:
    if row.name is SituationName.STAND_ALONE:
        return Reason.STAND_ALONE
    if facts.mode.is_plugged_in:
        return None
    return Reason.NOT_PLUGGED_IN if facts.mode is OperationMode.DISCONNECTED else Reason.UNKNOWN_MODE
