"""Which conditions hold at a charger, followed with each new state and each minute; told after their time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from dashboard.charger.view import ChargerView
from dashboard.news import News, NewsKind
from dashboard.notices import watches
from dashboard.notices.watches import Condition
from dashboard.plan import active_rules
from dashboard.plan.next_requests import needed_news
from dashboard.plan.rules import Rule, Ruler
from dashboard.services import Services
from zaptec.commands import Action
from zaptec.modes import OperationMode
from zaptec.reasons import Remedy
from zaptec.situation import Situation, SituationName

KNOWN_FOR = timedelta(minutes=12)  # older news says nothing of what holds now
# A car is there and takes nothing: of these somebody could do something about.
_IDLE = {
    SituationName.PAUSED,
    SituationName.SCHEDULED,
    SituationName.NOT_DRAWING,
    SituationName.WAITING_AUTHORISATION,
    SituationName.WAITING_POWER,
    SituationName.WAITING_CAR,
    SituationName.DISABLED,
    SituationName.STAND_ALONE,
}
_NO_CAR = {None, SituationName.DISCONNECTED}
_AS_NEWS = {
    Condition.OFFLINE: NewsKind.OFFLINE,
    Condition.NOT_CHARGING: NewsKind.NOT_CHARGING,
    Condition.UNSAFE: NewsKind.WARNING,
}


def lets_charge(rule: Rule) -> bool:
    """Whether the plan, a timer or an exception lets it charge now; a person sees what their own press does."""
    return rule.is_open is True and rule.ruler not in (Ruler.PERSON, Ruler.NOBODY)


def is_idle(situation: Situation) -> bool:
    """Whether a car is there that should charge and does not; one that is full, or has been charging, may rest."""
    if situation.is_power_flowing or (situation.besides in _NO_CAR and situation.name in _BESIDES):
        return False
    if situation.fault is not None:
        return True
    return situation.name in _IDLE and not (situation.has_charged and situation.name is SituationName.NOT_DRAWING)


_BESIDES = {SituationName.DISABLED, SituationName.STAND_ALONE}


def holding(situation: Situation, rule: Rule, mode: OperationMode) -> dict[Condition, bool]:
    """Which conditions hold; one that is not named stays as it was, as nobody knows."""
    if situation.name in (SituationName.NO_DATA, SituationName.NO_ACCESS):
        return {}
    if situation.name is SituationName.OFFLINE:
        return {Condition.OFFLINE: True}
    held = {
        Condition.OFFLINE: False,
        Condition.NOT_CHARGING: lets_charge(rule) and is_idle(situation),
        Condition.UNSAFE: situation.is_unsafe,
    }
    if situation.name is SituationName.CHARGING:
        held[Condition.CHARGING] = True
    elif mode is OperationMode.DISCONNECTED:
        held[Condition.CHARGING] = False
    return held


def follow(services: Services, connection: Connection, view: ChargerView) -> None:
    """Write down what has begun to hold or has ended, and report what is to be told."""
    state = view.snapshot.state
    if state is None or view.snapshot.is_older_than(KNOWN_FOR, view.now):
        return
    charger_id, now = view.charger.id, view.now
    rule = active_rules.read(connection, charger_id, services.zone(charger_id), now).rule_at(now)
    for condition, holds in holding(view.situation, rule, state.mode).items():
        if holds:
            watches.begin(connection, charger_id, condition, now)
            _tell(services, connection, view, condition)
        elif watches.end(connection, charger_id, condition) and condition is Condition.OFFLINE:
            _report(services, connection, view, condition, now, {"is_over": True})


def _tell(services: Services, connection: Connection, view: ChargerView, condition: Condition) -> None:
    """Report it, once, when it has held for as long as it may."""
    kind = _AS_NEWS.get(condition)
    if kind is None or (condition is Condition.OFFLINE and not _matters(connection, view)):
        return
    since = watches.claim_telling(connection, view.charger.id, condition, view.now)
    if since is not None:
        _report(services, connection, view, condition, since, _facts(view, condition))


def _matters(connection: Connection, view: ChargerView) -> bool:
    """Whether somebody waits for the charger: a car charges there, or something is planned."""
    is_charging = view.situation.last_known is SituationName.CHARGING
    return is_charging or any(news.freshness.charger_id == view.charger.id for news in needed_news(connection))


def _facts(view: ChargerView, condition: Condition) -> dict[str, Any]:
    situation = view.situation
    if condition is Condition.OFFLINE:
        return {"was_charging": situation.last_known is SituationName.CHARGING}
    if condition is Condition.NOT_CHARGING:
        return _why(situation)
    return {}


def _why(situation: Situation) -> dict[str, Any]:
    """Why no power flows, as codes."""
    if situation.name is SituationName.PAUSED and situation.fault is None:
        return {"reason": "already_paused", "remedy": None}
    refusal = situation.refusals.get(Action.RESUME)
    if situation.fault is not None or refusal is None:
        reason = situation.fault.value if situation.fault else None
        return {"reason": reason, "remedy": refusal.remedy.value if refusal else None}
    remedy = None if refusal.remedy in (Remedy.NOTHING_NEEDED, Remedy.WAIT) else refusal.remedy.value
    return {"reason": refusal.reason.value, "remedy": remedy}


def _report(
    services: Services,
    connection: Connection,
    view: ChargerView,
    condition: Condition,
    at: datetime,
    facts: dict[str, Any],
) -> None:
    kind, told_as = _AS_NEWS[condition], "over" if "is_over" in facts else "since"
    key = f"{kind}:{view.charger.id}:{told_as}:{at.isoformat()}"
    told = {"condition": condition.value, **facts}
    services.report(connection, News(kind, key, view.now, view.charger.id, facts=told))
