"""The lines of the log in words: the facts that a line holds, read in the language of whoever looks.

A kind of line has its sentence in `kinds.py`; the kinds that are told in several ways have them here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from dashboard import formats, reasons
from dashboard.activity.kinds import LineKind
from dashboard.household import words as household_words
from dashboard.notices import words as notice_words
from dashboard.plan import aim_words
from dashboard.tariff.form_words import KINDS
from dashboard.texts import _, mark

# What was set, by the kind of timer; why one ended before its time; what became of a step that sent nothing.
TIMERS = {
    "pause": mark("%(who)s set a timer%(at_charger)s: pause until %(until)s"),
    "charge": mark("%(who)s set a timer%(at_charger)s: charge from %(since)s until %(until)s"),
    "charge_now": mark("%(who)s lets the car charge just this once%(at_charger)s, until %(until)s"),
    "skip": mark("%(who)s skips the plan%(at_charger)s from %(since)s until %(until)s"),
}
ENDED = {
    "unplugged": mark("The timer until %(until)s ended%(at_charger)s, because the car was unplugged"),
    "resumed": mark("The timer until %(until)s ended%(at_charger)s, because %(who)s resumed charging"),
    "charge_now": mark("The timer until %(until)s ended%(at_charger)s, because %(who)s lets the car charge now"),
    "not_taken": mark("The timer until %(until)s was taken back%(at_charger)s: %(reason)s"),
}
# The same of a time of the plan that was skipped, and of what older versions let charge outside the plan.
SKIP_ENDED = {
    "cancelled": mark("%(who)s cancelled skipping the plan until %(until)s%(at_charger)s"),
    "late": mark("The plan is skipped until %(until)s after all%(at_charger)s: the charger did it late"),
    "not_taken": mark("The plan is not skipped until %(until)s%(at_charger)s: %(reason)s"),
    "over": mark("The plan counts again%(at_charger)s: it was skipped until %(until)s"),
    "plan_changed": mark("The plan was changed%(at_charger)s, so nothing is skipped until %(until)s"),
    "unplugged": mark("The car was unplugged%(at_charger)s, so nothing is skipped until %(until)s"),
}
CHARGE_NOW_ENDED = {
    "cancelled": mark("%(who)s cancelled the charge until %(until)s%(at_charger)s"),
    "not_taken": mark("The charge until %(until)s was taken back%(at_charger)s: %(reason)s"),
    "over": mark("The charge until %(until)s is over%(at_charger)s"),
    "plan_changed": mark("The charge until %(until)s ended%(at_charger)s, because the plan was changed"),
    "unplugged": mark("The charge until %(until)s ended%(at_charger)s, because the car was unplugged"),
}
AIMS_ENDED = {
    "reached": mark("The car got %(wanted)s%(at_charger)s, wanted by %(until)s"),
    "full": mark("The car wanted no more%(at_charger)s; it was to have %(wanted)s by %(until)s"),
    "no_car": mark("No car came%(at_charger)s; it was to have %(wanted)s by %(until)s"),
    "unplugged": mark("The car was unplugged%(at_charger)s; it was to have %(wanted)s by %(until)s"),
}
STEPS = {
    "nothing_to_do": mark("Nothing to do%(at_charger)s for the %(what)s of %(due_at)s: %(reason)s"),
    "late": mark("The %(what)s of %(due_at)s came late%(at_charger)s"),
    "waits": mark("The %(what)s of %(due_at)s has to wait%(at_charger)s: %(reason)s"),
    "missed": mark("The %(what)s of %(due_at)s was missed%(at_charger)s: %(reason)s"),
    "failed": mark("The %(what)s of %(due_at)s was given up%(at_charger)s: %(reason)s"),
}
WHAT = {"pause": mark("pause"), "resume": mark("start of charging")}
STEP_REASONS = {
    "person": mark("somebody has decided otherwise since"),
    "timer": mark("a timer rules"),
    "exception": mark("the plan is skipped"),
    "aim": mark("the ready-by time rules"),
    "plan": mark("the plan rules"),
    "nobody": mark("it is no longer wanted"),
    "not_confirmed": mark("the charger did not do it"),
    "missed": mark("the dashboard was not running"),
}
COMMANDS = {
    "pause": mark("%(who)s paused charging%(at_charger)s"),
    "resume": mark("%(who)s resumed charging%(at_charger)s"),
    "deauthorize": mark("%(who)s ended the charge%(at_charger)s"),
    "restart": mark("%(who)s restarted the charger%(at_charger)s"),
}
# What somebody asked for, where it has not (yet) happened.
ASKED = {
    "pause": mark("%(who)s asked to pause charging%(at_charger)s"),
    "resume": mark("%(who)s asked to resume charging%(at_charger)s"),
    "deauthorize": mark("%(who)s asked to end the charge%(at_charger)s"),
    "restart": mark("%(who)s asked to restart the charger%(at_charger)s"),
}
OUTSIDE = {
    "pause": mark("Charging was paused outside this page%(at_charger)s"),
    "resume": mark("Charging was resumed outside this page%(at_charger)s"),
}
# Of what a person wanted of the plan for once: skipping it pauses, and older versions let charge outside it.
BESIDE_THE_PLAN = {"pause": mark("to skip the plan"), "resume": mark("outside the plan’s times")}
TOLD_AND_OPENED = mark("%(who)s was told at %(told_at)s%(at_charger)s; opened %(opened_at)s: %(news)s")
# Of a price that is valid from the first session on, and of costs recalculated without naming a year.
WITHOUT_A_DAY = {
    LineKind.CONTRACT_SAVED: mark("%(who)s saved a contract from the first session on: %(contract)s"),
    LineKind.CONTRACT_REMOVED: mark("%(who)s removed the contract from the first session on: %(contract)s"),
    LineKind.PRICE_ADDED: mark("%(who)s added a price: %(price)s per kWh from the first session on"),
    LineKind.PRICE_CHANGED: mark(
        "%(who)s changed a price to %(price)s per kWh from the first session on; it was %(before)s"
    ),
    LineKind.PRICE_REMOVED: mark("%(who)s removed the price of %(price)s per kWh from the first session on"),
}
WITHOUT_A_YEAR = {
    LineKind.COSTS_RECALCULATED: mark(
        "%(who)s recalculated the costs booked with a price that was changed (sessions changed: %(count)s)"
    )
}
# What a command has come to, where that is not what everybody expects: “Anna paused charging” is confirmed.
OUTCOMES = {
    "not_confirmed": mark("not confirmed"),
    "refused": mark("refused"),
    "accepted": mark("accepted, not confirmed yet"),
    "asked": mark("asked"),
    "nothing_to_do": mark("nothing to do"),
}
ORIGINS = {
    "timer": mark("by a timer"),
    "plan": mark("by the plan"),
    "aim": mark("by the ready-by time"),
    "shell": mark("by whoever runs the dashboard"),
}
WHO_ELSE = {
    "timer": mark("The timer"),
    "plan": mark("The plan"),
    "aim": mark("The ready-by time"),
    "shell": mark("Whoever runs the dashboard"),
}
ROLES = {role.value: words for role, words in household_words.A_ROLE.items()}
MOMENTS = ("since", "until", "due_at", "told_at", "opened_at")


class _Words(dict[str, str]):
    """The placeholders; one that a line lacks becomes a dash rather than an error."""

    def __missing__(self, key: str) -> str:
        return formats.NOTHING


def sentence(
    kind: str, who: str | None, origin: str, charger: str | None, details: Mapping[str, Any], at: datetime
) -> str:
    """The line in words; a kind nobody knows is named rather than hidden.

    Args:
        at: when it happened; times of that day are told without a day.
    """
    words = _details_in_words(details, at)
    words["at_charger"] = _(" at %s") % charger if charger else ""
    pattern, outcome = _pattern(kind, details)
    is_by_timer = bool(who) and origin == "timer" and "%(who)s" in pattern  # at its end nobody was up for it
    words["who"] = _("%s’s timer") % who if is_by_timer else who or _(WHO_ELSE.get(origin, mark("Somebody")))
    ends = [_(outcome)] if outcome else []
    if origin in ORIGINS and not is_by_timer and (who or "%(who)s" not in pattern):
        ends.append(_(_by_whom(who, origin, str(details.get("action")))))
    return (_(pattern) % words) + (f" ({', '.join(ends)})" if ends else "")


def _by_whom(who: str | None, origin: str, action: str) -> str:
    """What had it done, where that was no press."""
    beside_the_plan = BESIDE_THE_PLAN.get(action) if who and origin == "plan" else None
    return beside_the_plan or ORIGINS[origin]


def _pattern(kind: str, details: Mapping[str, Any]) -> tuple[str, str]:
    """The sentence's pattern, and the outcome to name beside it."""
    action, outcome = str(details.get("action")), str(details.get("outcome", ""))
    line_kind = LineKind.of(kind)
    if line_kind is None:
        return kind.replace("_", " ").replace("%", "%%"), ""
    if line_kind is LineKind.COMMAND:
        is_done = outcome in ("", "confirmed")
        pattern = (COMMANDS if is_done else ASKED).get(action, line_kind.sentence)
        return pattern, "" if is_done else OUTCOMES.get(outcome, outcome)
    ways = {
        LineKind.TOLD: TOLD_AND_OPENED if "opened_at" in details else None,
        LineKind.OUTSIDE: OUTSIDE.get(action),
        LineKind.TIMER_SET: TIMERS.get(str(details.get("timer"))),
        LineKind.TIMER_ENDED: _ended(details, str(details.get("why"))),
        LineKind.TIMER_CANCELLED: _ended(details, "cancelled"),
        LineKind.TIMER_LATE: _ended(details, "late"),
        LineKind.AIM_ENDED: AIMS_ENDED.get(str(details.get("why"))),
        LineKind.PLAN_STEP: STEPS.get(outcome),
    }
    if "day" not in details:
        ways |= WITHOUT_A_DAY
    if "year" not in details:
        ways |= WITHOUT_A_YEAR
    return ways.get(line_kind) or line_kind.sentence, ""


def _ended(details: Mapping[str, Any], why: str) -> str | None:
    """How it is told that a timer, or what was wanted of the plan for once, has ended or counts after all."""
    tables = {"skip": SKIP_ENDED, "charge_now": CHARGE_NOW_ENDED}
    return tables.get(str(details.get("timer")), ENDED).get(why)


def _details_in_words(details: Mapping[str, Any], at: datetime) -> _Words:
    """The facts in words; what an older version stored as words stays as it is."""
    words = _Words({name: _in_words(name, value, at) for name, value in details.items() if value is not None})
    words["what"] = _(WHAT.get(str(details.get("action")), mark("change")))
    if details.get("outcome") == "missed":
        words.setdefault("reason", _(STEP_REASONS["missed"]))
    if "energy_wh" in details:
        words["wanted"] = aim_words.what(details["energy_wh"], details.get("duration_s"))
    if "browser" in details or "system" in details:
        words["device"] = household_words.device_name(words.get("browser", ""), words.get("system", ""))
    if isinstance(micro := details.get("micro_per_kwh"), int):
        words["price"] = formats.price(micro, details.get("currency"))
    if isinstance(micro := details.get("before_micro"), int):
        words["before"] = formats.price(micro, details.get("currency"))
    if details.get("is_guest"):
        words["name"] = _("A guest")
    if details.get("is_nobody"):
        words["name"] = _("nobody any more")
    return words


def _in_words(name: str, value: Any, at: datetime) -> str:
    text = str(value)
    if name == "contract":
        return _(KINDS.get(text, text))
    if name == "news":
        return notice_words.news(text)
    if name == "role":
        return _(ROLES.get(text, text))
    if name in MOMENTS:
        return _moment(text, at)
    if name == "day":
        return _day(text)
    if name == "month":
        return _month(text)
    if name == "reason":
        return _reason(text)
    return text


def _moment(text: str, beside: datetime) -> str:
    """“23:00”, or “Sat 23:00” in a line of another day."""
    try:
        return formats.moment_beside(datetime.fromisoformat(text), beside)
    except ValueError:
        return text


def _day(text: str) -> str:
    try:
        return formats.calendar_day(date.fromisoformat(text))
    except ValueError:
        return text


def _month(text: str) -> str:
    try:
        return formats.month(date.fromisoformat(f"{text}-01"))
    except ValueError:
        return text


def _reason(code: str) -> str:
    if code in STEP_REASONS:
        return _(STEP_REASONS[code])
    text = reasons.reason(code)
    return text[:1].lower() + text[1:] if not text.startswith("Zaptec") else text
