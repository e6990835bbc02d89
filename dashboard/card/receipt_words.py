"""What a receipt says: its steps, what came of it, what helps; and the text for a press that changes nothing."""

from __future__ import annotations

from datetime import datetime

from dashboard import formats
from dashboard.charger.receipt import ASKED, CONFIRMED, NOT_CONFIRMED, PRESS_AGAIN, REFUSED, Receipt
from dashboard.reasons import FAILURE_REMEDIES, reason, remedy
from dashboard.texts import _, mark
from zaptec.commands import Action
from zaptec.reasons import Reason, Refusal, Remedy
from zaptec.situation import Situation, SituationName

# A refused press is over: nothing goes on by itself. Of a pause or resume the alert has *Try again*.
NOTHING_SENT = mark("Nothing has been sent to the charger.")
NOTHING_SENT_WITHOUT_ALERT = mark("Nothing has been sent to the charger. Press again in a moment.")
NOT_TAKEN = mark("Look at the sentence above, then press again.")
# Whose a command is that no person asked for.
BY_ORIGIN = {"plan": mark("the plan"), "timer": mark("a timer"), "aim": mark("the ready-by time")}
WANTED = {
    Action.PAUSE: mark("%(name)s asked to pause it %(when)s."),
    Action.RESUME: mark("%(name)s asked to resume it %(when)s."),
    Action.DEAUTHORIZE: mark("%(name)s asked to end this charge %(when)s."),
    Action.RESTART: mark("%(name)s asked to restart it %(when)s."),
}
DID = {
    Action.PAUSE: mark("%(name)s paused it %(when)s."),
    Action.RESUME: mark("%(name)s resumed it %(when)s."),
    Action.DEAUTHORIZE: mark("%(name)s ended this charge %(when)s."),
    Action.RESTART: mark("%(name)s restarted it %(when)s."),
}
FAILED = {
    (Action.PAUSE, SituationName.CHARGING): mark("Still charging: the pause did not get through."),
    (Action.RESUME, SituationName.PAUSED): mark("Still paused: the resume did not get through."),
    (Action.RESUME, SituationName.SCHEDULED): mark("Still waiting: the resume did not get through."),
}
FAILED_OTHERWISE = {
    Action.PAUSE: mark("Not paused: the pause did not get through."),
    Action.RESUME: mark("Not resumed: the resume did not get through."),
}
NOT_CONFIRMED_REMEDIES = {
    Action.PAUSE: "",  # the alert above has *Try again*, and the plan and timers have their own
    Action.RESUME: mark("If it stays so, an owner can restart the charger."),
    Action.DEAUTHORIZE: mark("The charger has not reported it. Try again."),
    Action.RESTART: mark("The charger has not reported back after five minutes. Check its power."),
}
FLOWS = {
    "flowing": mark("Power is flowing."),
    "car_not_asking": mark(
        "The charger is ready, the car is not asking: unlock the car, plug it in again, or look at its own timer."
    ),
}
FLOW_OF = {
    "flowing": {SituationName.CHARGING},
    "car_not_asking": {SituationName.NOT_DRAWING, SituationName.WAITING_CAR},
}


def author_of(receipt: Receipt | None) -> str | None:
    """Who is behind a command: a person's name, or the plan or a timer; at its end nobody is up for a timer."""
    if receipt is None:
        return None
    if receipt.member_name:
        return _("%s’s timer") % receipt.member_name if receipt.origin == "timer" else receipt.member_name
    return _(BY_ORIGIN[receipt.origin]) if receipt.origin in BY_ORIGIN else None


def says(receipt: Receipt, now: datetime) -> list[str]:
    """What has become of a command so far, in sentences: who asked, and how far it has come."""
    who = author_of(receipt) or _("somebody")
    sentence = DID if receipt.outcome == CONFIRMED else WANTED
    said = _(sentence[receipt.action]) % {
        "name": who[:1].upper() + who[1:],
        "when": formats.moment_at(receipt.asked_at, now) or _("at a time not known"),
    }
    return [said, _progress(receipt)] if receipt.stage != ASKED else [said]


def _progress(receipt: Receipt) -> str:
    if receipt.outcome == REFUSED:
        return _("Refused: %s.") % reason(receipt.reason or "")
    if receipt.outcome == NOT_CONFIRMED:
        return _("The charger has not confirmed within %s.") % _waited(receipt)
    return _("The charger has confirmed.") if receipt.outcome else _("Zaptec has accepted; the charger follows.")


def _waited(receipt: Receipt) -> str:
    seconds = int(((receipt.ended_at or receipt.asked_at) - receipt.asked_at).total_seconds())
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} min"


def did_not_get_through(action: Action, name: SituationName) -> str:
    """The alert about a press that came to nothing, in the words of the headline."""
    return _(FAILED.get((action, name)) or FAILED_OTHERWISE[action])


def note(receipt: Receipt, situation: Situation, now: datetime, *, may_press: bool) -> str:
    """The line under the steps: what to do, for whom may do it, or what came of it, as long as it is still so."""
    may_press_again = may_press and (situation.allows(receipt.action) or receipt.action is Action.RESTART)
    if receipt.outcome == NOT_CONFIRMED:
        return _(NOT_CONFIRMED_REMEDIES[receipt.action]) if may_press_again else ""
    if receipt.outcome == REFUSED and may_press:
        is_for_nobody = receipt.remedy == PRESS_AGAIN and receipt.origin != "page"
        helps = "" if is_for_nobody else remedy(receipt.remedy)
        return helps or _refused_remedy(receipt, may_press_again)
    if receipt.outcome == CONFIRMED and receipt.flow and _is_still_so(receipt.flow, situation):
        return _(FLOWS[receipt.flow])
    has_no_answer = receipt.sent_at and not receipt.accepted_at and not receipt.is_waiting_for_answer(now)
    if receipt.is_under_way and has_no_answer:
        return _("Zaptec’s answer got lost; the charger itself will show whether it was done.")
    return ""


def _is_still_so(flow: str, situation: Situation) -> bool:
    """Whether what came of a resume is still so; nobody is sent to the car where a reading names another cause."""
    return situation.name in FLOW_OF[flow] and situation.fault is None


def _refused_remedy(receipt: Receipt, may_press_again: bool) -> str:
    """What helps after a refusal that has no remedy of its own."""
    code = receipt.reason or ""
    if code in FAILURE_REMEDIES:
        return _(FAILURE_REMEDIES[code])
    if receipt.origin != "page" or not may_press_again:
        return ""  # of a timer's or the plan's their own line says what becomes of it
    has_alert = receipt.action.opposite is not None
    if code == "refused_by_zaptec":
        return "" if has_alert else _(NOT_TAKEN)
    return _(NOTHING_SENT if has_alert else NOTHING_SENT_WITHOUT_ALERT)


def already(refusal: Refusal, paused_by: str | None, since: datetime | None, now: datetime) -> str:
    """“Already paused by Anna since 14:03.”; of a charger that waits, not paused, and what it waits for."""
    when = formats.moment_past(since, now) if since and formats.is_possible(since, now) else ""
    if refusal.reason is Reason.ALREADY_PAUSED and paused_by:
        text = _("Already paused by %(name)s since %(time)s.") if when else _("Already paused by %(name)s.")
        return text % {"name": paused_by, "time": when}
    if refusal.reason is Reason.ALREADY_PAUSED:
        return _("Already paused since %s.") % when if when else _("Already paused.")
    if refusal.reason is Reason.ALREADY_CHARGING:
        return _("Already charging since %s.") % when if when else _("Already charging.")
    return _("Not paused. %s.") % reason(refusal.reason)


def already_remedy(refusal: Refusal) -> str:
    """What helps whoever wanted more than what is so already; nothing where all is well."""
    return "" if refusal.remedy is Remedy.NOTHING_NEEDED else remedy(refusal.remedy)


def just_asked(by: str | None) -> str:
    """Of a press of what is under way; `by` is who was first, None where that was the same person."""
    return _("%s has just asked for this.") % by if by else _("This has just been asked for.")
