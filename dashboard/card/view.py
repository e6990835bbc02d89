"""One charger's card: everything the template places, decided here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup
from sqlalchemy import Connection

from dashboard import formats
from dashboard.activity import lines as activity_lines
from dashboard.activity import log as activity_log
from dashboard.card import past_words, receipt_words, words
from dashboard.card.alerts import alerts_for
from dashboard.card.buttons import UNDER_WAY, Button, Why, button_or_why, other_buttons
from dashboard.card.curve import Curve, curve_of
from dashboard.card.details import Detail, Evidence, details_of, evidence_of
from dashboard.card.receipt_line import ReceiptLine, failed_press, receipt_line
from dashboard.card.version import CardView
from dashboard.charger import receipts
from dashboard.charger.chargers import HouseholdCharger
from dashboard.history import card as history_card
from dashboard.history import charge_power
from dashboard.history.charge_power import PowerStep
from dashboard.history.cost_so_far import PowerSpan
from dashboard.parts import Alert, Number, Part, Section
from dashboard.plan import card as plan_card
from dashboard.plan import next_words
from dashboard.web.access import Role
from zaptec.commands import Action
from zaptec.situation import Situation, SituationName

WITHOUT_SESSION = (SituationName.DISCONNECTED, SituationName.NO_ACCESS, SituationName.NO_DATA)


@dataclass(frozen=True)
class FormAnswer:
    """What is said in passing about a press beside one of the card's forms.

    Attributes:
        beside: the template of that section.
    """

    beside: str
    text: str = ""


@dataclass(frozen=True)
class Card:
    """What one person sees of one charger now.

    Attributes:
        version: names all this; a refresh that brings the same gets nothing back.
        past: the sentence once nobody knows whether it is still so; empty where it stands in the past already.
        ask_again_s: when a visible page should ask again.
        button, why: the one action, or what stands in its place; never both.
        others: what else is possible, for the folded part.
        may_put_away: it has left the account, and the reader may leave it out of the pages.
        quick, sections: what other rooms add, under the numbers and further down.
        message: a passing word about a press that was not taken.
        answer: the same about what was chosen further down; it stands there, where the eye is.
        lead: on the page of one action, what pressing will do.
        focus: the action this page is for, if it is for one.
        reports_seen: its reader’s own press came to nothing, and their page tells when they have seen that.
        is_compact: one of several cards on a page; what only the charger's own page shows is left out.
    """

    charger: HouseholdCharger
    version: str
    ask_again_s: int
    situation: Situation
    tone: str
    sentence: Markup
    past: str
    since: str
    as_of: datetime | None
    as_of_words: str
    is_old: bool
    alerts: list[Alert]
    button: Button | None
    why: Why | None
    receipt: ReceiptLine | None
    next: str
    numbers: list[Number]
    curve: Curve | None
    others: list[Button]
    details: list[Detail]
    evidence: list[Evidence]
    lines: list[tuple[str, str]]
    quick: list[Section]
    sections: list[Section]
    may_put_away: bool
    message: str = ""
    answer: FormAnswer | None = None
    lead: str = ""
    focus: Action | None = None
    is_compact: bool = False
    reports_seen: bool = False

    @property
    def is_line(self) -> bool:
        """Among several, a charger without a car is told in one line, unless there is more to it."""
        has_no_car = self.situation.name is SituationName.DISCONNECTED and self.charger.is_listed
        return self.is_compact and has_no_car and not (self.alerts or self.receipt or self.message)

    @property
    def place(self) -> int:
        """Where it stands among several: first what can be pressed, then what has a car, then the rest."""
        if not self.charger.is_listed:
            return 3
        if self.button or self.situation.main_action:
            return 0
        return 2 if self.situation.name is SituationName.DISCONNECTED else 1

    @property
    def sign(self) -> str:
        """The icon beside the sentence: a ring that fills while something takes effect."""
        is_changing = self.situation.name in UNDER_WAY and not self.is_old and self.charger.is_listed
        return "under_way" if is_changing else self.tone


def card_for(connection: Connection, view: CardView, role: Role, *, message: str = "") -> Card:
    """Put one charger's card together for somebody of that role."""
    situation, state, charger, now = view.situation, view.snapshot.state, view.charger, view.now
    action = button_or_why(connection, view, role)
    button = action if isinstance(action, Button) else None
    steps = charge_power.read(connection, charger.id)
    parts = [
        plan_card.part(connection, view, situation, role),
        history_card.part(connection, view, situation, role, _spans(view, steps)),
    ]
    sections = [section for part in parts for section in part.sections]
    sentence, since = _headline(connection, view, parts)
    return Card(
        charger=charger,
        version=view.glance.version(role, now),
        ask_again_s=view.glance.ask_again_s(now),
        situation=situation,
        tone=_tone(view),
        sentence=sentence,
        since=since,
        past=_past(view),
        as_of=view.snapshot.fetched_at,
        as_of_words=formats.second_past(view.snapshot.fetched_at, now),
        is_old=view.is_old,
        alerts=_alerts(view, role, parts),
        button=button,
        why=action if isinstance(action, Why) else None,
        receipt=receipt_line(view, role),
        next=_next(view, parts),
        numbers=_energy(view) + [number for part in parts for number in part.numbers] + _time(view, steps),
        curve=_curve(view, steps),
        others=other_buttons(view, role, button.action if button else None),
        details=details_of(charger.as_listed, state, now) if state else [],
        evidence=evidence_of(state, situation, now),
        lines=_lines(connection, view),
        quick=[section for section in sections if section.is_quick and charger.is_listed],
        sections=[section for section in sections if not section.is_quick],
        may_put_away=role is Role.OWNER and not charger.is_listed,
        message=message,
    )


def _headline(connection: Connection, view: CardView, parts: list[Part]) -> tuple[Markup, str]:
    """The sentence and the line under it; of a car that a timer or the plan holds, until when is what one wants."""
    waits_until = next((part.waits_until for part in parts if part.waits_until), None)
    if waits_until and view.charger.is_listed and not view.is_old:
        pause = receipts.author_of_pause(connection, view.charger.id, view.snapshot.state)
        if pause and pause.origin in receipt_words.BY_ORIGIN:
            held = words.paused_since(view.situation, pause.origin, pause.member_name, view.now)
            return words.waits_until(waits_until, view.now), held
    return _sentence(connection, view), _since(view)


def _sentence(connection: Connection, view: CardView) -> Markup:
    situation, snapshot = view.situation, view.snapshot
    if not view.charger.is_listed or (view.is_old and snapshot.fetched_at):
        return past_words.was(situation, snapshot.fetched_at, view.now)
    if situation.name is SituationName.OFFLINE:
        return past_words.offline(situation, view.now)
    if situation.name is SituationName.NO_DATA and snapshot.failure:
        return words.no_news()  # the question has been answered, if with no reading: nobody is asking now
    if situation.name is SituationName.PAUSED:
        author = receipt_words.author_of(receipts.author_of_pause(connection, view.charger.id, snapshot.state))
        paused_at = snapshot.state.final_stop_changed_at if snapshot.state else None
        if author:
            return words.paused_by(author)
        if activity_log.was_outside(connection, view.charger.id, paused_at):
            return words.paused_outside()
    return words.sentence(situation, snapshot.state, view.now)


def _past(view: CardView) -> str:
    is_past = view.is_old or not view.charger.is_listed
    return "" if is_past else past_words.was(view.situation, view.snapshot.fetched_at, view.now).striptags()


def _tone(view: CardView) -> str:
    """The colour and the sign of the sentence: grey of what is no longer known to be so."""
    if not view.charger.is_listed:
        return "idle"
    return "unsure" if view.is_old else words.tone(view.situation)


def _since(view: CardView) -> str:
    if not view.charger.is_listed:
        return ""
    if view.situation.is_unsafe and view.situation.main_action:
        return words.advice()
    return words.since(view.situation, view.now)


def _alerts(view: CardView, role: Role, parts: list[Part]) -> list[Alert]:
    """What needs attention, worst first."""
    of_parts = [alert for part in parts for alert in part.alerts]
    alerts = [*failed_press(view, role), *alerts_for(view, role), *of_parts]
    return sorted(alerts, key=lambda alert: (not alert.is_dangerous, not alert.is_urgent, alert.is_quiet))


def _next(view: CardView, parts: list[Part]) -> str:
    """What happens next; of a charger that has left the account, nothing does."""
    if not view.charger.is_listed:
        return ""
    planned = next((part.next for part in parts if part.next), "")
    return planned or next_words.nothing_planned(view.situation, is_start_said=not view.is_old)


def _lines(connection: Connection, view: CardView) -> list[tuple[str, str]]:
    """The last lines of the log: when, and what."""
    return [
        (formats.moment_past(line.at, view.now), line.words)
        for line in activity_lines.latest(connection, view.charger.id)
    ]


def _energy(view: CardView) -> list[Number]:
    """What this car has taken; nothing where it has taken nothing."""
    state, is_listed = view.snapshot.state, view.charger.is_listed
    if state is None or not is_listed or view.situation.name in WITHOUT_SESSION:
        return []
    energy = formats.number(state.session_energy_kwh or 0.0)
    return [Number(words.session_number(), energy, "kWh")] if float(energy) else []


def _time(view: CardView, steps: list[PowerStep]) -> list[Number]:
    """For how long this car has been charged; not where nobody knows whether it goes on."""
    as_of, name = view.snapshot.fetched_at, view.situation.name
    if as_of is None or not view.charger.is_listed or name in (*WITHOUT_SESSION, SituationName.OFFLINE):
        return []
    time, unit = formats.hours(charge_power.time_charging(steps, as_of))
    return [Number(words.time_charging(), time, unit)] if time != "0" else []


def _spans(view: CardView, steps: list[PowerStep]) -> list[PowerSpan]:
    """How strongly the car was charged so far."""
    state, as_of = view.snapshot.state, view.snapshot.fetched_at
    return charge_power.spans_so_far(steps, state, as_of) if state and as_of else []


def _curve(view: CardView, steps: list[PowerStep]) -> Curve | None:
    as_of = view.snapshot.fetched_at
    is_charging = view.situation.name is SituationName.CHARGING and view.charger.is_listed
    return curve_of(steps, as_of, view.now) if is_charging and as_of else None
