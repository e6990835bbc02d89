"""What the demo's page says in passing; the labels of its buttons stand beside what they do, in `moves.py`."""

from __future__ import annotations

from dashboard.texts import _


def simulator_gone() -> str:
    return _("The simulated charger does not answer; is the demo still starting?")


def done(label: str) -> str:
    return _("Done: %s.") % _(label)


def trouble(label: str) -> str:
    """A button's words inside a list of what goes wrong."""
    text = _(label)
    return text[:1].lower() + text[1:]
