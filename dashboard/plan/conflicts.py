"""What else has a say at a charger, and so may fight with a timer or the plan; as codes."""

from __future__ import annotations

from dashboard.plan.rules import ActiveRules
from dashboard.plan.timers import contradiction, pause_until
from zaptec.charger import Charger, ChargerState
from zaptec.situation import Situation, SituationName

# Of these the sentence and the reason on the card speak already.
SAID_BY_THE_CARD = {
    SituationName.OFFLINE: "offline",
    SituationName.STAND_ALONE: "stand_alone",
    SituationName.SCHEDULED: "schedule",
    SituationName.WAITING_POWER: "limit",
    SituationName.WAITING_AUTHORISATION: "authorisation",
}


def of(charger: Charger, state: ChargerState | None, situation: Situation) -> list[str]:
    """What speaks against commands by the clock: offline, stand_alone, schedule, limit, authorisation."""
    if state is None:
        return []
    required = state.is_authentication_required
    if required is None:
        required = charger.is_authorisation_required
    facts = {
        "offline": situation.name is SituationName.OFFLINE,
        "stand_alone": state.is_stand_alone is True,
        "schedule": state.has_schedule,
        "limit": state.is_current_too_low,
        "authorisation": required is True,
    }
    return [code for code, holds in facts.items() if holds]


def contradicting_timers(rules: ActiveRules) -> bool:
    """Whether a pause and a charge that are set want opposite things for part of the time."""
    return any(
        timer.kind == "pause" and contradiction(rules, pause_until(timer.starts_at, timer.ends_at), timer.starts_at)
        for timer in rules.timers
    )
