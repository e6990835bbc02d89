"""What every page may have to say: why there is nothing to see, and the names on a home screen."""

from __future__ import annotations

from dashboard.texts import _, mark

TITLES = {
    400: mark("That was not understood"),
    403: mark("Not allowed"),
    404: mark("Not found"),
    405: mark("That does not work here"),
    413: mark("That was too much"),
    429: mark("Too many tries"),
    500: mark("Something went wrong"),
    503: mark("Not possible now"),
}
SENTENCES = {
    400: mark("The request was not complete. Go back and try again."),
    403: mark("Your role in this household does not allow this."),
    404: mark("There is nothing at this address, or you may not see it."),
    405: mark("This address shows something, or takes a form, but not what was sent to it."),
    413: mark("What was sent is larger than anything this dashboard expects. Nothing was changed."),
    500: mark("This is a mistake in the dashboard. It has been written to the log; nothing else was changed."),
}


def title(code: int) -> str:
    """Of the page for an HTTP status."""
    return _(TITLES.get(code, TITLES[500]))


def sentence(code: int) -> str:
    """What happened and what helps, for an HTTP status; empty where there is nothing to add."""
    return _(SENTENCES[code]) if code in SENTENCES else ""


def from_another_site() -> str:
    return _("This form was sent from another site, so nothing was done. Open the page here and try again.")


def foreign_host() -> str:
    return _("This dashboard does not answer to that name. If it should, set PUBLIC_URL to its address.")


def database_trouble() -> str:
    return _("The dashboard’s database cannot be used right now, so nothing was changed. Try again in a minute.")


def a_time() -> str:
    """What a browser says of a time field that holds something else."""
    return _("A time like 07:00")


def app_name() -> str:
    return _("Charger")


def pause() -> str:
    return _("Pause charging")


def resume() -> str:
    return _("Resume charging")
