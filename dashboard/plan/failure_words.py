"""What the plan's room says when something was not done: in answer to a press, or as an alert that stays."""

from __future__ import annotations

from datetime import datetime

from dashboard import reasons
from dashboard.charger import words as charger_words
from dashboard.charger.press import Press
from dashboard.charger.receipt import PRESS_AGAIN, REFUSED
from dashboard.plan.outages import Waiting
from dashboard.plan.queries import Step
from dashboard.plan.words import when
from dashboard.texts import _, mark
from zaptec.commands import Action
from zaptec.reasons import Reason

TROUBLE = {
    Action.RESUME: mark("Charging should have gone on %(time)s%(by)s."),
    Action.PAUSE: mark("Charging should have been paused %(time)s%(by)s."),
}
PRESS_YOURSELF = {
    Action.RESUME: mark("Press Resume charging if it should charge now."),
    Action.PAUSE: mark("Press Pause charging if it should be paused now."),
}
NOT_YOURSELF = {"unsafe", "firmware_too_old"}  # no press would help, or none should be made


def trouble(step: Step, now: datetime) -> str:
    """The alert about a step that was not taken, with what helps."""
    happened = should_have(step.action, step.due_at, step.origin, step.member_name, now)
    yourself = "" if step.reason in NOT_YOURSELF else _(PRESS_YOURSELF[step.action])
    remedy = "" if step.remedy == PRESS_AGAIN else reasons.remedy(step.remedy)  # nobody has pressed before
    return " ".join(text for text in (happened, _why(step), remedy, yourself) if text)


def should_have(action: Action, due_at: datetime, origin: str, who: str | None, now: datetime) -> str:
    """“Charging should have gone on at 19:00 by Ben’s timer.”"""
    return _(TROUBLE[action]) % {"time": when(due_at, now), "by": _by(origin, who)}


def _by(origin: str, who: str | None) -> str:
    """By whose word it should have happened; an exception from the plan is somebody's wish, not the plan's."""
    if origin == "aim":
        return _(", to be ready in time")
    if origin == "plan":
        return _(", as %s asked") % who if who else _(" by the plan")
    return _(" by %s’s timer") % who if who else ""


def _why(step: Step) -> str:
    reason = f"{reasons.reason(step.reason or '')}."
    if step.outcome == "missed" and step.reason is None:
        return _("It was missed: this dashboard was not running then.")
    if step.outcome == "missed":
        return f"{reason} {_('That lasted twelve hours, so it was given up.')}"
    if step.reason != "not_confirmed":
        return reason
    if step.tries:
        return _("It was tried several times, but the charger did not do it.")
    return _("The charger did not do it.")


def refused(press: Press) -> str:
    """The answer to a pause with an end that was not taken at once, and so has set nothing; empty where it was."""
    if press.was_under_way:
        is_same = press.receipt is not None and press.receipt.action is Action.PAUSE
        return "" if is_same else charger_words.other_under_way()
    if press.refusal is not None:
        says = f"{reasons.reason(press.refusal.reason)}. {reasons.remedy(press.refusal.remedy)}"
        return "" if press.refusal.is_already_so else says
    if press.receipt is None:
        return _("There is nothing to pause right now.")
    if press.receipt.outcome != REFUSED:
        return ""
    return f"{reasons.reason(press.receipt.reason or '')}. {_('No timer was set.')}"


def not_yet(press: Press | Waiting) -> str:
    """The answer where a car could not be held or let go yet; empty where it was, or there is none."""
    if isinstance(press, Waiting):  # nobody can reach the charger: it is done when somebody can
        return f"{reasons.reason(press.reason)}. {_('It is tried again by itself.')}"
    reason = press.receipt.reason if press.receipt and press.receipt.outcome == REFUSED else None
    if press.refusal is not None:
        is_held = press.refusal.is_already_so or press.refusal.is_pointless
        is_left_alone = press.refusal.reason is Reason.WAITING_AUTHORISATION
        reason = None if is_held or is_left_alone else press.refusal.reason
    return f"{reasons.reason(reason)}. {_('It is tried again by itself.')}" if reason else ""
