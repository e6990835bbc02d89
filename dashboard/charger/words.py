"""What is said of the requests this room plans, and of a press while another is under way."""

from __future__ import annotations

from dashboard.texts import _


def looks_whether_done(charger_name: str) -> str:
    return _("%s: whether what was asked is done") % charger_name


def asks_again_after_failure(charger_name: str) -> str:
    return _("%s: again after a failure, if somebody looks") % charger_name


def reads_list() -> str:
    return _("the list of chargers, if somebody looks")


def reads_state_while_looked_at() -> str:
    return _("while somebody looks: the state of a charger, every 15 s while charging, else every minute")


def other_under_way() -> str:
    return _("Something else is still under way; try again when it has ended.")
