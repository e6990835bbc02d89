"""The sentences of More."""

from __future__ import annotations

from dashboard import formats, reasons
from dashboard.household import words as household_words
from dashboard.texts import _, mark, ngettext
from zaptec.catalogue import warning_in_words
from zaptec.reasons import Refusal

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


def your_account() -> str:
    return _("Your account")


def being_told() -> str:
    return _("Being told")


def household() -> str:
    return _("Household")


def activity() -> str:
    return _("Activity")


def names_and_order() -> str:
    return _("Names and order")


def account_check() -> str:
    return _("Check the Zaptec account")


def what_a_kwh_costs() -> str:
    return _("What a kWh costs")


def about_costs() -> str:
    return _("one price, day and night, or by the hour; grid fee, tax, VAT")


def doors() -> str:
    return _("What leaves the house")


def about_doors() -> str:
    return _("Who else is asked besides Zaptec, and why")


def demo() -> str:
    return _("Demo")


def about_demo() -> str:
    return _("Plug the simulated car in and out, make Zaptec slow or down")


def about_account(name: str, role: str) -> str:
    return _("%(name)s, %(role)s: name, password, devices") % {"name": name, "role": household_words.a_role(role)}


def about_being_told() -> str:
    return _("When it does not charge, has ended …: on this phone, by mail, ntfy")


def about_household() -> str:
    return _("Who may see and do what; invite somebody")


def about_activity() -> str:
    return _("Who did what, and when")


def about_names() -> str:
    return _("What the household calls them, and which comes first")


def about_sheet() -> str:
    return _("A QR code to print and hang up")


def about_check() -> str:
    return _("What it may do with the chargers, and what stands in the way")


def sheet_for(name: str) -> str:
    return _("Sheet for the wall: %s") % name


def asked_so_far(count: int, since: str) -> str:
    """How often Zaptec was asked today."""
    return ngettext("%(count)d time since %(since)s", "%(count)d times since %(since)s", count) % {
        "count": count,
        "since": since,
    }


def kind_of_request(kind: str) -> str:
    """What was asked of Zaptec, from the client's word for it."""
    return _(KINDS.get(kind, KINDS["command"] if kind.startswith("command") else kind))


def refused_sign_in(code: str) -> str:
    """Why Zaptec is not asked any more, and what helps; empty where it lets us in."""
    return f"{reasons.reason(code)}. {reasons.failure_remedy(code)}" if code else ""


def at_that_time(time: str, why: str) -> str:
    return f"{time}: {why}"


def after_trying_again(failure: str | None) -> str:
    return f"{reasons.reason(failure)}." if failure else _("Zaptec has accepted the sign-in.")


def is_asking() -> str:
    return _("Asking Zaptec… Look again in a moment.")


def saved() -> str:
    return _("Saved.")


def left_account(is_put_away: bool) -> str:
    """Of a charger that the account's list no longer has."""
    if is_put_away:
        return _("Zaptec no longer lists it, and the pages leave it out. Its history stays.")
    return _("Zaptec no longer lists it. It can be left out of the pages; its history stays.")


def on_the_sheet() -> str:
    return _("Is the car charging? Point your phone’s camera here.")


# What the account may do, as an owner's check finds it.


def failed(code: str) -> str:
    """Why it could not be asked, and what helps."""
    return f"{reasons.reason(code)}. {reasons.failure_remedy(code)}"


def nothing_listed() -> str:
    return _("Zaptec lists no charger for this account.")


def role_not_told() -> str:
    return _("Zaptec does not say which role the account has.")


def role_enough(*, is_owner: bool) -> str:
    return _("The account has owner rights.") if is_owner else _("The account has service rights.")


def role_too_low() -> str:
    return _("The account has user rights only.")


def may_not_command(role: str) -> str:
    return f"{role} {reasons.failure_remedy('no_access')}"


def state_can_be_read() -> str:
    return _("Its state can be read.")


def nothing_in_the_way() -> str:
    return _("Nothing stands in the way of pausing and resuming.")


def in_the_way(refusal: Refusal) -> str:
    return f"{reasons.reason(refusal.reason)}. {reasons.remedy(refusal.remedy)}"


def current_too_low(limit_a: float) -> str:
    return _("The limit is %s A; a car needs at least 6 A to charge.") % formats.number(limit_a, 0)


def schedule_of_zaptec() -> str:
    return _("A schedule of Zaptec’s holds the charging back; Resume overrides it once.")


def needs_permission() -> str:
    return _("Each charge needs permission, with a card or in Zaptec’s app.")


def warning(name: str) -> str:
    return _("The charger reports: %s.") % _(warning_in_words(name))


def old_software(current: str, available: str) -> str:
    versions = {"current": current, "available": available}
    return _("Its software is %(current)s; %(available)s is available.") % versions
