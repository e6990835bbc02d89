"""The one action of a charger's card, what stands in its place where there is none, and what else is possible."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from dashboard import reasons
from dashboard.card import words
from dashboard.charger.view import ChargerView
from dashboard.household import members
from dashboard.household import words as household_words
from dashboard.web.access import Role
from zaptec.commands import Action, releases_cable
from zaptec.reasons import Reason
from zaptec.situation import SituationName

# Reasons that the sentence has given already.
SAID_ABOVE = (Reason.FINISHED, Reason.WAITING_AUTHORISATION, Reason.DISABLED, Reason.UNKNOWN_MODE)
MERELY_WAITING = (SituationName.NOT_DRAWING, SituationName.WAITING_CAR, SituationName.WAITING_POWER)
UNDER_WAY = {SituationName.PAUSING: Action.PAUSE, SituationName.RESUMING: Action.RESUME}


@dataclass(frozen=True)
class Button:
    """An action as it stands on the page.

    Attributes:
        is_off: it cannot be pressed now, and that is said elsewhere.
        is_quiet: a car merely waits, so it is not the loudest thing there.
    """

    action: Action
    label: str
    is_off: bool = False
    note: str = ""
    is_quiet: bool = False

    @property
    def brings(self) -> str:
        """What pressing it brings, for its colour; nothing where a car merely waits."""
        return "" if self.is_quiet else self.action.value

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
    """What stands in the button's place: why there is none, unless the sentence says it, and what helps."""

    reason: str
    remedy: str


def button_or_why(connection: Connection, view: ChargerView, role: Role) -> Button | Why | None:
    """The one action for somebody of that role, or the reason and the remedy that stand in its place.

    None where the sentence says it all: without a car there is nothing to press.
    """
    situation = view.situation
    if not view.charger.is_listed:
        return Why(reasons.reason("not_listed"), reasons.failure_remedy("unknown_charger"))
    if not role.includes(Role.MEMBER) and (view.is_under_way or situation.main_action):
        return ask_for_control(connection)
    if situation.name in UNDER_WAY:
        action = UNDER_WAY[situation.name]
        return Button(action, words.under_way(action), is_off=True)
    if view.receipt and view.receipt.is_under_way:
        return Button(view.receipt.action, words.under_way(view.receipt.action), is_off=True)
    if situation.main_action is None:
        return _why_not(view)
    return button_for(situation.main_action, view)


def button_for(action: Action, view: ChargerView) -> Button:
    """A possible action as a button: off while the news is too old to act on."""
    if view.is_old:
        return Button(action, words.label(action), is_off=True, note=reasons.reason("too_old"))
    state = view.snapshot.state
    is_released = action is Action.PAUSE and state is not None and releases_cable(state)
    note = words.releases_cable() if is_released else ""
    return Button(action, words.label(action), note=note, is_quiet=view.situation.name in MERELY_WAITING)


def ask_for_control(connection: Connection) -> Why:
    """What a viewer reads in the place of a button."""
    return Why(reasons.reason("viewer"), household_words.ask_for_control(members.owner_names(connection)))


def _why_not(view: ChargerView) -> Why | None:
    """Where nothing can be pressed: because Zaptec did not answer, or because of the charger's own state."""
    situation, failure = view.situation, view.snapshot.failure
    if situation.name is SituationName.NO_DATA and failure:
        return Why(reasons.reason(failure), reasons.failure_remedy(failure))
    refusal = situation.why_not
    if refusal is None or refusal.reason is Reason.NOT_PLUGGED_IN:
        return None
    if situation.name is SituationName.NO_ACCESS and failure:
        return Why(reasons.reason(refusal.reason), reasons.failure_remedy(failure))
    reason = "" if refusal.reason in SAID_ABOVE else reasons.reason(refusal.reason)
    return Why(reason, reasons.remedy(refusal.remedy))


def other_buttons(view: ChargerView, role: Role, shown: Action | None) -> list[Button]:
    """What is possible besides the action that is shown."""
    if not view.charger.is_listed:
        return []
    offered = [Action.PAUSE, Action.RESUME] if role.includes(Role.MEMBER) else []
    if role is Role.OWNER:
        offered += [Action.DEAUTHORIZE, Action.RESTART]
    possible = [action for action in offered if view.situation.allows(action) and action is not shown]
    return [Button(action, words.link_label(action)) for action in possible]
