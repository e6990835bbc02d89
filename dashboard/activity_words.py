"""A sentence for each kind of line in the log.

To teach the log a new kind, add it to SENTENCES; placeholders are `who`, `at_charger` and the line's details.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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
    "settings": mark("%(who)s changed the settings: %(what)s"),
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
ROLES = {"viewer": mark("viewer"), "member": mark("member"), "owner": mark("owner")}


class _Words(dict[str, str]):
    """The placeholders; one that a line lacks becomes a dash rather than an error."""

    def __missing__(self, key: str) -> str:
        return "–"


def sentence(kind: str, who: str | None, origin: str, charger: str | None, details: Mapping[str, Any]) -> str:
    """The line in words; a kind nobody knows is named rather than hidden."""
    words = _Words({name: _in_words(name, value) for name, value in details.items()})
    words["who"] = who or _(WHO_ELSE.get(origin, mark("Somebody")))
    words["at_charger"] = _(" at %s") % charger if charger else ""
    pattern, outcome = _pattern(kind, details)
    ends = [_(outcome)] if outcome else []
    if origin in ORIGINS and (who or "%(who)s" not in pattern):
        ends.append(_(ORIGINS[origin]))
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
    return SENTENCES.get(kind, kind.replace("_", " ").replace("%", "%%")), ""


def _in_words(name: str, value: Any) -> str:
    if name == "role":
        return _(ROLES.get(str(value), str(value)))
    return str(value)
