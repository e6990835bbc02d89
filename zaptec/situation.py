"""What a person would call the state of a charger, and what can be done about it: one pure function.

The truth table is in `zaptec.truth_table`: rows are tried from the top, and the first whose condition holds is
the situation. Besides the table:

- Deauthorizing is possible with a car connected, restarting always, unless nothing can reach the charger.
- While a command of ours is under way nothing else can be asked for.
- A limit under 6 A, a missing permission, heat or a fault that a reading names is the reason, before the car is.
- A device of a type that nobody knows is shown, and nothing can be asked of it.
- A Pro whose firmware is not above 3.2 can neither pause nor resume.
- A warning that means "stop using it" takes the place of the button, and forbids to resume. What stops
  charging stays possible, and is the button while power flows.

Sources: docs.zaptec.com/docs/state-observation-reference for the readings;
docs.zaptec.com/docs/understanding-finalstopactive-and-resume-command-behavior and evcc-io/evcc#21566 for what
Zaptec refuses (it takes a resume when paused or scheduled); custom-components/zaptec#209 and #55 for pausing
a car that is not charging yet; #80 there for stand-alone mode, #311 for roles.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from zaptec.catalogue import UNSAFE_WARNINGS
from zaptec.charger import Charger
from zaptec.commands import Action, UnderWay
from zaptec.facts import Facts
from zaptec.modes import OperationMode
from zaptec.observation import Observation
from zaptec.reasons import Reason, Refusal, Remedy
from zaptec.state import ChargerState
from zaptec.truth_table import Row, SituationName, first_row

__all__ = ["Reason", "Refusal", "Remedy", "Situation", "SituationName", "situation"]


# Of these the readings describe another situation as well.
_WITH_ANOTHER = (SituationName.OFFLINE, SituationName.DISABLED, SituationName.STAND_ALONE)
# Reasons that blame the car or nobody, and give way to what a reading names as the cause.
_GIVING_WAY = (
    Reason.ALREADY_CHARGING,
    Reason.CAR_NOT_DRAWING,
    Reason.CAR_TIMER,
    Reason.FINISHED,
    Reason.WAITING_CAR,
)
_UNREACHABLE = (Reason.NO_ACCESS, Reason.NO_DATA, Reason.OFFLINE)


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
        unknown_warnings: bits of warnings that nobody knows: worth a quiet line, not an alert.
        fault: why no power flows although a car is connected: TOO_HOT, EARTH_FAULT or FAULT; None where nothing
            of the kind is reported. It comes before what the name says of the car.
        is_silent: the charger's heartbeat is overdue, although the cloud may say that it is online.
        next_change_at: when the charger's schedule lets go; None without one, or when that time has passed.
        besides: of a charger that is offline, disabled or in stand-alone mode, the situation that its readings
            describe as well.
        is_power_flowing: False outside of charging, too; None while charging without a reading of the power.
        has_charged: at least 0.1 kWh in this session; with no power flowing the car is near full, not about to
            begin.
    """

    name: SituationName
    evidence: tuple[Observation, ...]
    since: datetime | None
    main_action: Action | None
    why_not: Refusal | None
    refusals: Mapping[Action, Refusal]
    warnings: tuple[str, ...] = ()
    unknown_warnings: tuple[int, ...] = ()
    fault: Reason | None = None
    is_silent: bool = False
    next_change_at: datetime | None = None
    besides: SituationName | None = None
    is_power_flowing: bool | None = False
    has_charged: bool = False

    @property
    def is_unsafe(self) -> bool:
        """One of the warnings means that the charger should not be used."""
        return not UNSAFE_WARNINGS.isdisjoint(self.warnings)

    @property
    def last_known(self) -> SituationName | None:
        """Of an offline charger, the situation its last readings describe."""
        return self.besides if self.name is SituationName.OFFLINE else None

    def allows(self, action: Action) -> bool:
        """Whether the action is possible now, the main one or not."""
        return action not in self.refusals


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
    row, besides = _rows(facts)
    fault = _fault(row, facts)
    reasons = _reasons(besides if besides and row.is_besides else row, facts)
    main = row.main if row.main not in reasons and (not facts.is_unsafe or _stops_power(row, facts)) else None
    return Situation(
        name=row.name,
        evidence=_evidence(row, facts, fault),
        since=facts.possible(row.since(facts) if row.since else state.at(row.decided_by[0])),
        main_action=main,
        why_not=None if main else _why_not(row, facts, reasons),
        refusals={action: Refusal.because(reason) for action, reason in reasons.items()},
        warnings=facts.warnings,
        unknown_warnings=facts.unknown_warnings,
        fault=fault,
        is_silent=facts.is_silent,
        next_change_at=facts.next_change_at if row.name is SituationName.SCHEDULED else None,
        besides=besides.name if besides else None,
        is_power_flowing=facts.is_power_flowing,
        has_charged=facts.has_charged,
    )


def _stops_power(row: Row, facts: Facts) -> bool:
    """Whether the main action ends a charge in which power flows, or may: without a reading nobody knows."""
    return row.main is Action.PAUSE and facts.is_power_flowing is not False


def _rows(facts: Facts) -> tuple[Row, Row | None]:
    """The row that holds, and the one that would hold without it, where that says something as well."""
    row = first_row(facts)
    return row, first_row(facts, leaving_out=row.name) if row.name in _WITH_ANOTHER else None


def _fault(row: Row, facts: Facts) -> Reason | None:
    """What a reading names as the cause that no power flows, where the row would blame the car or nobody."""
    return facts.fault if row.resume in _GIVING_WAY else None


def _evidence(row: Row, facts: Facts, fault: Reason | None) -> tuple[Observation, ...]:
    if fault:
        return facts.readings(dict.fromkeys((804, 702, *row.decided_by)))
    return facts.readings((*row.decided_by, 804) if facts.is_unsafe else row.decided_by)


def _why_not(row: Row, facts: Facts, reasons: Mapping[Action, Reason]) -> Refusal:
    """What stands in the place of the button."""
    if facts.is_unsafe:
        return Refusal.because(Reason.UNSAFE)
    if row.why_not is not None and facts.charger.has_known_type:
        return Refusal.because(row.why_not)
    return Refusal.because(reasons[row.main or Action.RESUME])


def _reasons(row: Row, facts: Facts) -> dict[Action, Reason]:
    """Why each action that is not possible is not; where several reasons hold, the one that matters most."""
    by_table = {Action.PAUSE: row.pause, Action.RESUME: row.resume}
    if row.name in (SituationName.NO_ACCESS, SituationName.NO_DATA, SituationName.OFFLINE):
        by_table |= {Action.DEAUTHORIZE: row.pause, Action.RESTART: row.pause}
    else:
        by_table[Action.DEAUTHORIZE] = _no_deauthorize(facts)
    reasons = {action: _named_cause(reason, facts) for action, reason in by_table.items() if reason is not None}
    if facts.cannot_pause:
        reasons = {Action.PAUSE: Reason.FIRMWARE_TOO_OLD, Action.RESUME: Reason.FIRMWARE_TOO_OLD} | reasons
    if facts.under_way:
        reasons = dict.fromkeys(Action, Reason.COMMAND_UNDER_WAY) | reasons
    if not facts.charger.has_known_type:
        reasons = dict.fromkeys(Action, Reason.UNKNOWN_DEVICE) | {
            action: reason for action, reason in reasons.items() if reason in _UNREACHABLE
        }
    if facts.is_unsafe:
        reasons[Action.RESUME] = Reason.UNSAFE
    return reasons


def _named_cause(reason: Reason, facts: Facts) -> Reason:
    """What a reading names as the cause, before the car or the fuse is blamed."""
    if reason in _GIVING_WAY:
        return facts.fault or reason
    if reason is Reason.WAITING_POWER and facts.is_limit_too_low:
        return Reason.LIMIT_TOO_LOW
    if reason is Reason.WAITING_AUTHORISATION and facts.charger.is_authorised_by_operator:
        return Reason.WAITING_OPERATOR
    return reason


def _no_deauthorize(facts: Facts) -> Reason | None:
    if facts.mode.is_plugged_in or (facts.mode is OperationMode.UNKNOWN and facts.is_car_signalling):
        return None
    return Reason.NOT_PLUGGED_IN if facts.mode is OperationMode.DISCONNECTED else Reason.UNKNOWN_MODE
