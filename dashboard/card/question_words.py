"""What owners read before they end a session or restart a charger."""

from __future__ import annotations

from dashboard import reasons
from dashboard.texts import _
from zaptec.reasons import Refusal, Remedy


def restart_means() -> list[str]:
    return [
        _("The charger restarts and is offline for one or two minutes."),
        _("A charge that is running is interrupted and should go on afterwards."),
        _("Use it when nothing else helps."),
    ]


def deauthorize_means(*, asks_permission: bool) -> list[str]:
    """Args: asks_permission: whether the charger wants a new permission before it charges again."""
    means = [_("This ends the session, takes back its permission and releases the cable.")]
    if asks_permission:
        return [*means, _("To charge again, somebody has to allow it with a card or in Zaptec’s app.")]
    return [
        *means,
        _("This charger asks for no permission, so it may start again by itself."),
        _("To keep it stopped, use Pause instead."),
    ]


def not_possible(refusal: Refusal) -> str:
    """Why, and what helps. This page stays as it is, unlike a card: waiting is not enough."""
    is_passing = refusal.remedy is Remedy.WAIT
    remedy = _("Wait a moment, then open this page again.") if is_passing else reasons.remedy(refusal.remedy)
    return f"{reasons.reason(refusal.reason)}. {remedy}"
