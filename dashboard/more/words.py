"""The sentences of More."""

from __future__ import annotations

from dashboard import reasons
from dashboard.texts import _, mark

KINDS = {
    "token": mark("signing in"),
    "chargers": mark("the list of chargers"),
    "installation": mark("details of the site"),
    "firmware": mark("software versions"),
    "state": mark("the state of a charger"),
    "sessions": mark("finished sessions"),
    "history": mark("finished sessions, the old way"),
    "command": mark("orders sent to a charger"),
}


def kind_of_question(kind: str) -> str:
    """What was asked of Zaptec, from the client's word for it."""
    return _(KINDS.get(kind, KINDS["command"] if kind.startswith("command") else kind))


def refused_sign_in(code: str) -> str:
    """Why Zaptec is not asked any more, and what helps; empty where it lets us in."""
    return f"{reasons.reason(code)}. {reasons.failure_remedy(code)}" if code else ""
