"""A sentence for each kind of line in the log.

To teach the log a new kind, add it to SENTENCES; placeholders are `who`, `at_charger` and the line's details.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dashboard import reasons
from dashboard.texts import _, mark

SENTENCES = {
    "signed_in": mark("%(who)s signed in on a new device: %(device)s"),
    "member_invited": mark("%(who)s invited somebody as %(role)s"),
    "invitation_revoked": mark("%(who)s withdrew an invitation as %(role)s"),
    "member_joined": mark("%(who)s joined as %(role)s, invited by %(inviter)s"),
    "member_added": mark("%(name)s was added as %(role)s"),
    "first_owner": mark("%(who)s set up the dashboard"),
    "role_changed": mark("%(who)s made %(name)s %(role)s"),
    "member_renamed": mark("%(old)s is now called %(new)s"),
    "member_removed": mark("%(who)s removed %(name)s"),
    "password_changed": mark("%(who)s changed their password"),
    "password_reset": mark("%(who)s set a new password with a reset link"),
    "password_set": mark("%(name)s was given a new password"),
    "reset_link_made": mark("%(who)s made a reset link for %(name)s"),
    "charger_renamed": mark("%(who)s renamed the charger %(old)s to %(new)s"),
    "price_added": mark("%(who)s added a price: %(price)s per kWh from %(day)s"),
    "price_removed": mark("%(who)s removed the price of %(price)s per kWh from %(day)s"),
    "costs_recalculated": mark("%(who)s recalculated the costs of %(year)s (sessions changed: %(count)s)"),
    "charge_assigned": mark("%(who)s noted whose charge it was on %(day)s%(at_charger)s: %(name)s"),
    "charge_unassigned": mark("%(who)s took back whose charge it was on %(day)s%(at_charger)s"),
    "settings": mark("%(who)s changed the settings: %(what)s"),
    "plan_saved": mark("%(who)s saved the weekly plan%(at_charger)s"),
    "plan_on": mark("%(who)s switched the weekly plan on%(at_charger)s"),
    "plan_off": mark("%(who)s switched the weekly plan off%(at_charger)s"),
    "plan_missed": mark(
        "Changes of the plan were missed%(at_charger)s, because the dashboard was not running: %(count)s, "
        "the first due %(since)s"
    ),
    "timer_cancelled": mark("%(who)s cancelled the %(timer)s until %(until)s%(at_charger)s"),
    "timer_late": mark("The %(timer)s until %(until)s counts after all%(at_charger)s: the charger did it late"),
}
# What was set, by the kind of timer; why one ended before its time; what became of a step that sent nothing.
TIMERS = {
    "pause": mark("%(who)s set a timer%(at_charger)s: pause until %(until)s"),
    "charge": mark("%(who)s set a timer%(at_charger)s: charge from %(since)s until %(until)s"),
    "charge_now": mark("%(who)s lets the car charge just this once%(at_charger)s, until %(until)s"),
    "skip": mark("%(who)s skips the plan%(at_charger)s from %(since)s until %(until)s"),
}
ENDED = {
    "unplugged": mark("The %(timer)s until %(until)s ended%(at_charger)s, because the car was unplugged"),
    "resumed": mark("The timer until %(until)s ended%(at_charger)s, because %(who)s resumed charging"),
    "charge_now": mark("The timer until %(until)s ended%(at_charger)s, because %(who)s lets the car charge now"),
    "plan_changed": mark("The exception until %(until)s ended%(at_charger)s, because the plan was changed"),
    "not_taken": mark("The %(timer)s until %(until)s was taken back%(at_charger)s: %(reason)s"),
    "over": mark("The exception until %(until)s is over%(at_charger)s"),
}
STEPS = {
    "nothing_to_do": mark("Nothing to do%(at_charger)s for the %(what)s of %(due_at)s: %(reason)s"),
    "late": mark("The %(what)s of %(due_at)s came late%(at_charger)s"),
    "missed": mark("The %(what)s of %(due_at)s was missed%(at_charger)s: the dashboard was not running"),
    "failed": mark("The %(what)s of %(due_at)s was given up%(at_charger)s: %(reason)s"),
}
EXCEPTIONS = {"charge_now", "skip"}
WHAT = {"pause": mark("pause"), "resume": mark("start of charging")}
STEP_REASONS = {
    "person": mark("somebody has decided otherwise since"),
    "timer": mark("a timer rules"),
    "exception": mark("somebody made an exception"),
    "plan": mark("the plan rules"),
    "nobody": mark("it is no longer wanted"),
    "not_confirmed": mark("the charger did not do it"),
    "missed": mark("the dashboard was not running"),
}
COMMANDS = {
    "pause": mark("%(who)s paused charging%(at_charger)s"),
    "resume": mark("%(who)s resumed charging%(at_charger)s"),
    "deauthorize": mark("%(who)s deauthorized and stopped the session%(at_charger)s"),
    "restart": mark("%(who)s restarted the charger%(at_charger)s"),
}
# What somebody wanted, where it has not (yet) happened.
WANTED = {
    "pause": mark("%(who)s asked to pause charging%(at_charger)s"),
    "resume": mark("%(who)s asked to resume charging%(at_charger)s"),
    "deauthorize": mark("%(who)s asked to deauthorize and stop the session%(at_charger)s"),
    "restart": mark("%(who)s asked to restart the charger%(at_charger)s"),
}
OUTSIDE = {
    "pause": mark("Charging was paused outside this page%(at_charger)s"),
    "resume": mark("Charging was resumed outside this page%(at_charger)s"),
}
OUTCOMES = {
    "confirmed": mark("confirmed"),
    "not_confirmed": mark("not confirmed"),
    "refused": mark("refused"),
    "accepted": mark("accepted, not confirmed yet"),
    "asked": mark("asked"),
    "nothing_to_do": mark("nothing to do"),
}
ORIGINS = {
    "timer": mark("by a timer"),
    "plan": mark("by the plan"),
    "shell": mark("in the shell"),
}
WHO_ELSE = {"timer": mark("The timer"), "plan": mark("The plan"), "shell": mark("Somebody in the shell")}
ROLES = {"viewer": mark("a viewer"), "member": mark("a member"), "owner": mark("an owner")}


class _Words(dict[str, str]):
    """The placeholders; one that a line lacks becomes a dash rather than an error."""

    def __missing__(self, key: str) -> str:
        return "–"


def sentence(
    kind: str, who: str | None, origin: str, charger: str | None, details: Mapping[str, Any], at: datetime
) -> str:
    """The line in words; a kind nobody knows is named rather than hidden.

    Args:
        at: when it happened; times of that day are told without a day.
    """
    words = _Words({name: _in_words(name, value, at) for name, value in details.items()})
    words["who"] = who or _(WHO_ELSE.get(origin, mark("Somebody")))
    words["at_charger"] = _(" at %s") % charger if charger else ""
    words["what"] = words.get("what") or _(WHAT.get(str(details.get("action")), mark("change")))
    words["timer"] = _("exception") if details.get("timer") in EXCEPTIONS else _("timer")
    pattern, outcome = _pattern(kind, details)
    ends = [_(outcome)] if outcome else []
    if origin in ORIGINS and (who or "%(who)s" not in pattern):
        ends.append(_("exception from the plan") if who and origin == "plan" else _(ORIGINS[origin]))
    return (_(pattern) % words) + (f" ({', '.join(ends)})" if ends else "")


def _pattern(kind: str, details: Mapping[str, Any]) -> tuple[str, str]:
    """The sentence's pattern, and the outcome to name beside it."""
    action, outcome = str(details.get("action")), str(details.get("outcome", "")).replace(" ", "_")
    if kind == "command":
        done = outcome in ("", "confirmed")
        pattern = (COMMANDS if done else WANTED).get(action, mark("%(who)s sent a command: %(action)s"))
        return pattern, OUTCOMES.get(outcome, outcome)
    if kind == "outside":
        return OUTSIDE.get(action, mark("Something changed outside this page%(at_charger)s")), ""
    if kind == "timer_set" and details.get("timer") in TIMERS:
        return TIMERS[str(details["timer"])], ""
    if kind == "timer_ended" and details.get("why") in ENDED:
        return ENDED[str(details["why"])], ""
    if kind == "plan_step" and outcome in STEPS:
        return STEPS[outcome], ""
    return SENTENCES.get(kind, kind.replace("_", " ").replace("%", "%%")), ""


def _in_words(name: str, value: Any, at: datetime) -> str:
    if name == "role":
        return _(ROLES.get(str(value), str(value)))
    if name in ("since", "until", "due_at"):
        return _moment(str(value), at)
    if name == "reason":
        return _reason(str(value))
    return str(value)


def _moment(text: str, beside: datetime) -> str:
    """“23:00”, or “Sat 23:00” in a line of another day."""
    from dashboard import formats

    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return formats.moment_beside(at, beside)


def _reason(code: str) -> str:
    if code in STEP_REASONS:
        return _(STEP_REASONS[code])
    text = reasons.reason(code)
    return text[:1].lower() + text[1:] if not text.startswith("Zaptec") else text
