"""What needs attention, under the button, only while it is true; of a failed press see `receipt_line`."""

from __future__ import annotations

from collections.abc import Iterator

from dashboard import formats, reasons
from dashboard.card import alert_words
from dashboard.card.version import CardView
from dashboard.parts import Alert
from dashboard.services import current_services
from dashboard.web.access import Role
from zaptec.situation import SituationName


def alerts_for(view: CardView, role: Role) -> list[Alert]:
    """The alerts of a charger's card, for somebody of that role."""
    if not view.charger.is_listed:
        return []  # what there is to say stands in the place of the button
    alerts = [*_of_charger(view), *_of_failures(view, role), *_of_age(view)]
    return [*alerts, *_for_owners(view)] if role is Role.OWNER else alerts


def _of_charger(view: CardView) -> Iterator[Alert]:
    situation, state = view.situation, view.snapshot.state
    if situation.is_unsafe:
        yield Alert(alert_words.dangerous_fault(situation.warnings), is_dangerous=True)
    elif situation.warnings:
        yield Alert(alert_words.warning(situation.warnings), is_quiet=True)
    if situation.unknown_warnings:
        yield Alert(alert_words.unknown_warning(), is_quiet=True)
    if situation.name is not SituationName.OFFLINE and situation.is_silent and state and not view.snapshot.failure:
        yield Alert(alert_words.silent(state.heartbeat_at, view.now), is_quiet=True)


def _of_failures(view: CardView, role: Role) -> Iterator[Alert]:
    """About the way to Zaptec rather than the charger."""
    snapshot, failure = view.snapshot, view.snapshot.failure
    if refused := view.refused_sign_in:
        link = "more" if role is Role.OWNER else ""
        yield Alert(f"{reasons.reason(refused)}. {reasons.failure_remedy(refused)}", link=link)
    elif (
        failure and failure != "no_access" and snapshot.state is not None and (snapshot.failures > 1 or view.is_old)
    ):
        yield Alert(f"{reasons.reason(failure)}. {reasons.failure_remedy(failure)}", is_quiet=True)


def _of_age(view: CardView) -> Iterator[Alert]:
    """Of old news the sentence speaks, which says when it was so; not where our clock was set back since."""
    fetched_at = view.snapshot.fetched_at
    if fetched_at and not formats.is_possible(fetched_at, view.now):
        yield Alert(alert_words.of_unknown_age(), is_quiet=True)


def _for_owners(view: CardView) -> Iterator[Alert]:
    if current_services().zones() is None:
        yield Alert(alert_words.no_time_zone(), is_quiet=True)
    if view.glance.wrong_by_s is not None:
        yield Alert(alert_words.wrong_clock(view.glance.wrong_by_s), is_quiet=True)
    if view.glance.is_forwarded(view.now):
        yield Alert(alert_words.unknown_proxy(), is_quiet=True)
