"""What is said about ways: what is wrong with an address, and why a message was not handed over."""

from __future__ import annotations

from dashboard.texts import _, mark

FAILURES = {
    "unreachable": mark("There is no connection to it."),
    "no_answer": mark("It did not answer; the notice may have arrived all the same."),
    "rate_limited": mark("It wants to be left alone for a while."),
    "service_trouble": mark("It is in trouble itself."),
    "too_large": mark("The notice was too long for it."),
    "retired": mark("This browser no longer takes notices from here. Switch them on in it again."),
    "refused": mark("It refused the notice. Is the address right?"),
    "sign_in_rejected": mark("It does not accept the key or the password. Add the way again."),
    "redirected": mark("It points to another address, where nothing is sent. Is the address right?"),
    "inside_the_house": mark("The address leads into the house. Only an owner may add such a one."),
    "not_secure": mark("Nobody could be sure who is at the other end, so nothing was sent."),
    "not_allowed": mark("The settings no longer allow notices to go there."),
    "not_set_up": mark("No mail can be sent: SMTP_URL is not set."),
    "unreadable": mark("The address can no longer be read, as the secret key is another. Add the way again."),
    "mistake": mark("This is a mistake in the dashboard. It has been written to the log."),
}


def why(code: str) -> str:
    """Why a message was not handed over, by the reason of its outcome."""
    return _(FAILURES.get(code, FAILURES["mistake"]))


def no_packages() -> str:
    return _(
        "This machine lacks what notices need, as there is nothing ready-made for its kind of processor. "
        "The page “Notices” of the documentation says how to add it."
    )


def unreadable() -> str:
    return _("an address that can no longer be read")


def no_subscription() -> str:
    return _("This browser was not added. It needs JavaScript, and you allow notices when the browser asks.")


def unknown_push_service() -> str:
    return _(
        "This browser gets its notices from a place that is not known here. An owner can allow it with PUSH_HOSTS."
    )


def no_mail() -> str:
    return _("No mail can be sent from here: an owner has to set SMTP_URL and MAIL_FROM first.")


def no_mail_address() -> str:
    return _("That is no mail address. It looks like anna@example.org.")


def open_the_page() -> str:
    return _("Open the charger’s page")


def no_ntfy_address() -> str:
    return _(
        "That is no topic. It is a word of your own such as our-charger-7c2f9, or an address with it such as "
        "https://ntfy.example.org/our-charger."
    )


def only_secure() -> str:
    return _("The address must begin with https:// so that nobody reads along.")


def inside_the_house() -> str:
    return _("This address leads into the house. Only an owner may add such a one.")


def no_such_house() -> str:
    return _("This address cannot be found now. Is it written right?")


def no_telegram_address() -> str:
    return _("It needs the bot’s key and the chat, with a slash between: 123456:ABC…/987654.")


def only_owners() -> str:
    return _("Only an owner may add such an address; with pover://user@key for Pushover everybody may.")


def no_address() -> str:
    return _("That is no address that notices can be sent to. The list of forms is at github.com/caronc/apprise.")
