"""What else has a say at a charger, and so may fight with a timer or the plan; as codes."""

from __future__ import annotations

from datetime import timedelta

from dashboard.plan.rules import ActiveRules
from dashboard.plan.timers import contradiction, pause_until
from zaptec.charger import Charger, ChargerState
from zaptec.situation import Situation, SituationName
from zaptec.state import MIN_CURRENT_A

AROUND_THE_HOUR, MINUTE = timedelta(minutes=2), timedelta(minutes=1)
# Of these the sentence and the reason on the card speak already.
SAID_BY_THE_CARD = {
    SituationName.OFFLINE: "offline",
    SituationName.STAND_ALONE: "stand_alone",
    SituationName.SCHEDULED: "schedule",
    SituationName.WAITING_POWER: "limit",
    SituationName.WAITING_AUTHORISATION: "authorisation",
}


def of(charger: Charger, state: ChargerState | None, situation: Situation) -> list[str]:
    """What speaks against commands by the clock, as keys of `words.CONFLICTS`."""
    if state is None:
        return []
    required = state.is_authentication_required
    if required is None:
        required = charger.is_authorisation_required
    facts = {
        "offline": situation.name is SituationName.OFFLINE,
        "stand_alone": state.is_stand_alone is True,
        "schedule": state.has_schedule,
        "steered": is_steered(state),
        "limit": state.is_current_too_low and not is_steered(state),
        "authorisation": required is True,
    }
    return [code for code, holds in facts.items() if holds]


def is_steered(state: ChargerState) -> bool:
    """Whether the current was taken away on the hour, as the eco mode and price schedules of Zaptec's portal do."""
    at = state.changed_at("allocated_current_a")
    is_away = state.allocated_current_a is not None and state.allocated_current_a < MIN_CURRENT_A
    return is_away and at is not None and (at + AROUND_THE_HOUR).minute * MINUTE < 2 * AROUND_THE_HOUR


def contradicting_timers(rules: ActiveRules) -> bool:
    """Whether a pause and a charge that are set want opposite things for part of the time."""
    return any(
        timer.kind == "pause" and contradiction(rules, pause_until(timer.starts_at, timer.ends_at), timer.starts_at)
        for timer in rules.timers
    )
