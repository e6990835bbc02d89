"""The sentences on whose charge it was."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from dashboard.history import totals
from dashboard.history.totals import GUEST
from dashboard.texts import _, ngettext


def person(id: int | None, name: str | None, names: Mapping[int, str]) -> str:
    """Whose charge it was; empty where nobody has said."""
    if id is None:
        return ""
    return guest() if id == GUEST else names.get(id, name or "")


def people(connection: Connection) -> dict[int, str]:
    """Whose a charge may be, by number; guests come last."""
    return totals.people(connection) | {GUEST: guest()}


def guest() -> str:
    return _("A guest")


def nobody() -> str:
    return _("Not assigned")


def nobody_in_particular() -> str:
    return _("Nobody in particular")


def whose(name: str) -> str:
    return _("Noted: %s.") % (name or nobody())


def unknown_person() -> str:
    return _("Nobody of that name is in the household any more. Nothing was changed.")


def not_assigned(count: int, month: str) -> str:
    sentence = ngettext(
        "%(count)d session of %(month)s is not assigned.",
        "%(count)d sessions of %(month)s are not assigned.",
        count,
    )
    return sentence % {"count": count, "month": month}


def claimed(count: int) -> str:
    if not count:
        return _("There was nothing that was not assigned.")
    return ngettext("%d session is noted as yours.", "%d sessions are noted as yours.", count) % count


def noted_usual(name: str, count: int) -> str:
    """The answer to noting who usually charges."""
    if not name:
        return _("Noted: from now on nobody is assumed. What is assigned stays.")
    noted = _("Noted: %s. New sessions are assigned at once.") % name
    if not count:
        return noted
    also = ngettext("%d session was assigned too.", "%d sessions were assigned too.", count) % count
    return f"{noted} {also}"


def usually_at(charger: str) -> str:
    """The label of the choice; the charger is named where there are several."""
    return _("Who usually charges at %s?") % charger if charger else _("Who usually charges?")


def usually_with_this_card() -> str:
    return _("Who usually charges with it?")


def also_open() -> str:
    return _("Also the sessions so far that are not assigned")
