"""What the demo's page says in passing; the labels of its buttons stand beside what they do, in `moves.py`."""

from __future__ import annotations

from dashboard.texts import _


def simulator_gone() -> str:
    return _("The simulated charger does not answer; is the demo still starting?")


def done(label: str) -> str:
    return _("Done: %s.") % _(label)
