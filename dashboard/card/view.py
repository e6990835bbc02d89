"""One charger's card: everything the template places, decided here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup
from sqlalchemy import Connection

from dashboard import formats, reasons
from dashboard.activity import lines as activity_lines
from dashboard.activity import log as activity_log
from dashboard.card import receipt_words, words
from dashboard.card.alerts import alerts_for
from dashboard.card.details import Detail, details_of, evidence_of
from dashboard.card.version import CardView
from dashboard.charger import receipts
from dashboard.charger.chargers import HouseholdCharger
from dashboard.history import card as history_card
from dashboard.household import members
from dashboard.household import words as household_words
from dashboard.parts import Alert, Number, Section
from dashboard.plan import card as plan_card
from dashboard.plan import next_words
from dashboard.texts import _
from dashboard.web.access import Role
from zaptec.charger import ChargerState
from zaptec.commands import Action, releases_cable
from zaptec.situation import Situation, SituationName


@dataclass(frozen=True)
class Button:
    """An action as it stands on the page; `is_off` while it cannot be pressed and that is said elsewhere."""

    action: Action
    label: str
    is_off: bool = False
    note: str = ""

    @property
    def has_question(self) -> bool:
        """Owners' actions have a question before them; it has the button that acts."""
        return self.action in (Action.DEAUTHORIZE, Action.RESTART)

    @property
    def endpoint(self) -> str:
        return f"card.{self.action.value}"

    @property
    def question(self) -> str:
        return f"card.show_{self.action.value}"


@dataclass(frozen=True)
class Why:
    """What stands in the button's place: why there is none, and what helps."""

    reason: str
    remedy: str


@dataclass(frozen=True)
class ReceiptLine:
    """The receipt as words; a step is there only once it has happened."""

    id: int
    steps: list[tuple[str, str]]
    action: str
    note: str
    is_under_way: bool
    undo: Button | None


@dataclass(frozen=True)
class Card:
    """What one person sees of one charger now.

    Attributes:
        version: names all this; a refresh that brings the same gets nothing back.
        ask_again_s: when a visible page should ask again.
        button, why: the one action, or what stands in its place; never both.
        others: what else is possible, for the folded part.
        quick, sections: what other rooms add, under the numbers and further down.
        message: a passing word about a press that was not taken.
        lead: on the page of one action, what pressing will do.
        focus: the action this page is for, if it is for one.
        is_compact: one of several cards on a page; what only the charger's own page shows is left out.
    """

    charger: HouseholdCharger
    version: str
    ask_again_s: int
    situation: Situation
    tone: str
    sentence: Markup
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
    others: list[Button]
    details: list[Detail]
    evidence: list[Detail]
    lines: list[tuple[str, str]]
    quick: list[Section]
    sections: list[Section]
    is_owner: bool
    message: str = ""
    lead: str = ""
    focus: Action | None = None
    is_compact: bool = False


def card_for(connection: Connection, view: CardView, role: Role, *, message: str = "") -> Card:
    """Put one charger's card together for somebody of that role."""
    situation, state, now = view.situation, view.snapshot.state, view.now
    is_old = view.snapshot.is_too_old(now) and situation.name is not SituationName.NO_ACCESS
    button, why = _action(connection, view, situation, role, is_old)
    author = receipts.author_of_pause(connection, view.charger.id, state)
    was_outside = (
        situation.name is SituationName.PAUSED
        and author is None
        and activity_log.was_outside(connection, view.charger.id, state.final_stop_changed_at if state else None)
    )
    parts = [room.part(connection, view, situation, role) for room in (plan_card, history_card)]
    sections = [section for part in parts for section in part.sections]
    return Card(
        charger=view.charger,
        version=view.glance.version(role, now),
        ask_again_s=view.glance.ask_again_s(now),
        situation=situation,
        tone=words.TONES[situation.name],
        sentence=_sentence(view, situation, receipt_words.author_of(author), was_outside),
        since=_since(situation, state, now),
        as_of=view.snapshot.fetched_at,
        as_of_words=formats.second_near(view.snapshot.fetched_at, now),
        is_old=is_old,
        alerts=alerts_for(connection, view, situation, role) + [one for part in parts for one in part.alerts],
        button=button,
        why=why,
        receipt=_receipt_line(view, situation, role),
        next=next((part.next for part in parts if part.next), "") or next_words.nothing_planned(situation.name),
        numbers=_numbers(situation, state) + [one for part in parts for one in part.numbers],
        others=_others(view, situation, role, button),
        details=details_of(view.charger.as_listed, state, now) if state else [],
        evidence=evidence_of(view.charger.as_listed, situation, role, now),
        lines=_lines(connection, view),
        quick=[one for one in sections if one.is_quick and view.charger.is_listed],
        sections=[one for one in sections if not one.is_quick],
        is_owner=role is Role.OWNER,
        message=message,
    )


def _action(
    connection: Connection, view: CardView, situation: Situation, role: Role, is_old: bool
) -> tuple[Button | None, Why | None]:
    """The one action, or the reason and the remedy that stand in its place."""
    if not view.charger.is_listed:
        return None, Why(reasons.reason("not_listed"), reasons.failure_remedy("unknown_charger"))
    is_under_way = situation.name in (SituationName.PAUSING, SituationName.RESUMING) or (
        view.receipt and view.receipt.is_under_way
    )
    if not role.includes(Role.MEMBER) and (is_under_way or situation.main_action):
        return None, Why(reasons.reason("viewer"), household_words.ask_for_control(members.owner_names(connection)))
    if situation.name in (SituationName.PAUSING, SituationName.RESUMING):
        return _button_under_way(situation), None
    if view.receipt and view.receipt.is_under_way:
        return Button(view.receipt.action, _("%s…") % _(words.ASKED[view.receipt.action]), is_off=True), None
    if situation.name is SituationName.NO_DATA and view.snapshot.failure:
        return None, Why(reasons.reason(view.snapshot.failure), reasons.failure_remedy(view.snapshot.failure))
    action = situation.main_action
    if action is None:
        refusal = situation.why_not
        code = (
            view.snapshot.failure if situation.name is SituationName.NO_ACCESS and view.snapshot.failure else None
        )
        if refusal is None:
            return None, None
        return None, Why(
            reasons.reason(refusal.reason), reasons.failure_remedy(code) if code else reasons.remedy(refusal.remedy)
        )
    if is_old:
        return Button(action, _(words.ACTION_LABELS[action]), is_off=True, note=reasons.reason("too_old")), None
    return Button(action, _(words.ACTION_LABELS[action]), note=_note(action, view.snapshot.state)), None


def _button_under_way(situation: Situation) -> Button:
    action = Action.PAUSE if situation.name is SituationName.PAUSING else Action.RESUME
    label = _("Pausing…") if action is Action.PAUSE else _("Resuming…")
    return Button(action, label, is_off=True)


def _note(action: Action, state: ChargerState | None) -> str:
    """What to know before pressing."""
    if action is Action.PAUSE and state and releases_cable(state):
        return _("Pausing releases the cable.")
    return ""


def _others(view: CardView, situation: Situation, role: Role, button: Button | None) -> list[Button]:
    """What is possible besides the main action."""
    if not view.charger.is_listed:
        return []
    offered = [Action.PAUSE, Action.RESUME] if role.includes(Role.MEMBER) else []
    if role is Role.OWNER:
        offered += [Action.DEAUTHORIZE, Action.RESTART]
    shown = button.action if button else None
    return [
        Button(one, _(words.ACTION_LABELS[one])) for one in offered if situation.allows(one) and one is not shown
    ]


def _receipt_line(view: CardView, situation: Situation, role: Role) -> ReceiptLine | None:
    receipt, now = view.receipt, view.now
    if receipt is None or receipt.is_over(now):
        return None
    undo = None
    opposite = receipt.action.opposite
    may_press = role.includes(Role.MEMBER) and view.charger.is_listed
    if opposite and may_press and receipt.may_be_undone(now) and situation.allows(opposite):
        undo = Button(opposite, _("Undo"))
    return ReceiptLine(
        id=receipt.id,
        steps=receipt_words.steps(receipt, now),
        action=_(words.ASKED[receipt.action]),
        note=receipt_words.note(receipt, situation, now, may_press=may_press),
        is_under_way=receipt.is_under_way,
        undo=undo,
    )


def _lines(connection: Connection, view: CardView) -> list[tuple[str, str]]:
    """The last lines of the log: when, and what."""
    return [
        (formats.moment_near(line.at, view.now), line.words)
        for line in activity_lines.latest(connection, view.charger.id)
    ]


def _sentence(view: CardView, situation: Situation, paused_by: str | None, was_outside: bool) -> Markup:
    if situation.name is SituationName.NO_DATA and view.snapshot.failure:
        return words.no_news()  # the question has been answered, if with no reading: nobody is asking now
    return words.sentence(situation, view.snapshot.state, paused_by, was_outside)


def _since(situation: Situation, state: ChargerState | None, now: datetime) -> str:
    if situation.name is SituationName.OFFLINE and situation.last_known:
        was = words.plain(words.sentence_of(situation.last_known, state))
        return _("since %(time)s · last known: %(was)s") % {
            "time": formats.moment_near(situation.since, now),
            "was": was,
        }
    if situation.since is None or situation.name in (SituationName.NO_DATA, SituationName.NO_ACCESS):
        return ""
    return _("since %s") % formats.moment_near(situation.since, now)


def _numbers(situation: Situation, state: ChargerState | None) -> list[Number]:
    if state is None:
        return []
    is_live = situation.name not in (SituationName.OFFLINE, SituationName.DISCONNECTED, SituationName.NO_ACCESS)
    has_session = situation.name is not SituationName.DISCONNECTED
    return [
        Number(_("Power"), formats.kilowatts(state.power_w) if is_live else formats.NOTHING, "kW"),
        Number(
            _("This session"),
            formats.number(state.session_energy_kwh) if has_session else formats.NOTHING,
            "kWh",
        ),
    ]
