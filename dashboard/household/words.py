"""The sentences of sign-in, members, invitations and account, for people who know nothing of tokens."""

from __future__ import annotations

from dashboard.texts import _, mark, ngettext
from dashboard.web.access import Role


def wrong_password() -> str:
    return _("The name or the password is wrong.")


def why_sign_in() -> str:
    return _("This device is no longer signed in. Sign in to go on to the page you wanted.")


def duration(seconds: int) -> str:
    if seconds < 100:
        return ngettext("%d second", "%d seconds", seconds) % seconds
    minutes = -(-seconds // 60)
    return ngettext("%d minute", "%d minutes", minutes) % minutes


def must_wait(seconds: int) -> str:
    return _("There were too many wrong tries. Please try again in %s.") % duration(seconds)


def too_busy() -> str:
    return _("Too many people are signing in just now. Please try again in a few seconds.")


def name_missing() -> str:
    return _("Please enter a name.")


def name_too_long(longest: int) -> str:
    return _("This name is too long: at most %d characters.") % longest


def name_unprintable() -> str:
    return _("This name contains characters that cannot be seen. Please type it again.")


def name_taken(name: str) -> str:
    return _("There is already somebody called %s. Please choose another name.") % name


def too_short(shortest: int) -> str:
    return _("This password is too short: at least %d characters.") % shortest


def too_long(longest: int) -> str:
    return _("This password is too long: at most %d characters.") % longest


def name_in_password() -> str:
    return _("The password must not contain the name.")


def too_simple() -> str:
    return _("This password is too easy to guess. Three or four unrelated words make a good one.")


def too_common() -> str:
    return _("Many people use this password, so whoever guesses tries it first. Please choose another.")


def name_and_password_missing() -> str:
    return _("Please enter your name and your password.")


def demo_person_missing() -> str:
    return _("Anna is no longer here. Sign in as somebody else, or start the demo again.")


def signed_out() -> str:
    return _("You are signed out.")


def device_name(browser: str, system: str) -> str:
    """“Firefox on Android”, or as much of it as is known."""
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("an unknown browser")


def wrong_setup_code() -> str:
    return _(
        "This is not the setup code. It stands in the window where you started the dashboard, or in "
        "“sudo journalctl -u zaptec-dashboard”; each start makes a new one."
    )


def last_owner(name: str) -> str:
    return _("%s is the only owner. Make somebody else an owner first.") % name


ROLES = {Role.VIEWER: mark("viewer"), Role.MEMBER: mark("member"), Role.OWNER: mark("owner")}
A_ROLE = {Role.VIEWER: mark("a viewer"), Role.MEMBER: mark("a member"), Role.OWNER: mark("an owner")}
MAY = {
    Role.VIEWER: mark("Viewer: sees state, history and plan, changes nothing"),
    Role.MEMBER: mark("Member: also pauses, resumes and plans"),
    Role.OWNER: mark("Owner: also looks after people and settings"),
}


def role(role: str) -> str:
    return _(ROLES[Role(role)])


def a_role(role: str) -> str:
    """As it stands in a sentence: “a viewer”."""
    return _(A_ROLE[Role(role)])


def you_are(role: str) -> str:
    return _("You are %s in this household.") % a_role(role)


def invites_you(inviter: str, role: str) -> str:
    return _("%(name)s invites you to see the household's charger, as %(role)s. Choose a name and a password.") % {
        "name": inviter,
        "role": a_role(role),
    }


def roles() -> dict[str, str]:
    """Each role with what it may do."""
    return {role.value: _(text) for role, text in MAY.items()}


def is_now(name: str, role_of_them: str) -> str:
    return _("%(name)s is now %(role)s.") % {"name": name, "role": a_role(role_of_them)}


def is_removed(name: str) -> str:
    return _("%s is removed and signed out everywhere.") % name


def what_removal_means(name: str, *, is_oneself: bool) -> list[str]:
    if is_oneself:
        return [
            _("You are signed out everywhere at once. To come back you need an invitation."),
            _("Your lines in the activity log stay."),
        ]
    return [
        _("%s is signed out everywhere at once. To come back they need an invitation.") % name,
        _("Their lines in the activity log stay."),
    ]


def is_gone() -> str:
    return _("This person is no longer in the household.")


def unknown_role() -> str:
    return _("Please choose a role.")


def revoked() -> str:
    return _("The invitation is withdrawn.")


def not_open_any_more() -> str:
    return _("This invitation is no longer open.")


def invitation_for(role_of_them: str, days: int) -> str:
    lasts = ngettext("for %d day", "for %d days", days) % days
    return _("Invitation as %(role)s, for one person, good %(lasts)s.") % {
        "role": a_role(role_of_them),
        "lasts": lasts,
    }


def reset_link_for(name: str) -> str:
    return _("With this link %s can set a new password, once, within a day.") % name


def only_at_home() -> str:
    return _("It opens only in the home’s Wi-Fi.")


def only_this_computer() -> str:
    return _(
        "This link works on this computer only. To let phones in, open the dashboard to your home network: "
        "start it with “make run HOST=0.0.0.0”."
    )


def opened_as_localhost() -> str:
    return _(
        "This link works on this computer only. Open this page by the computer's address in your home "
        "network (such as http://192.168.1.20:8000) and take the link from there."
    )


INVITATION = {
    "used": mark("This invitation has been used. If that was you, sign in; otherwise ask for a new one."),
    "expired": mark("This invitation has expired. Ask for a new one."),
    "revoked": mark("This invitation was withdrawn. Ask for a new one."),
    "unknown": mark("There is no such invitation. Perhaps the link was cut off; ask for a new one."),
}


def invitation_is(state: str) -> str:
    return _(INVITATION[state])


def signed_in_already(name: str) -> str:
    return _("You are signed in as %s, so there is no need to join.") % name


def reset_is_closed() -> str:
    return _("This link has been used or has expired. Ask an owner of the household for a new one.")


def old_password_wrong() -> str:
    return _("The old password is wrong.")


def name_changed(name: str) -> str:
    return _("You are now called %s.") % name


def password_changed() -> str:
    return _("The password is changed. All other devices are signed out.")


def password_is_set() -> str:
    return _("Your new password is set. You are signed in here, and everywhere else signed out.")


def devices_signed_out(count: int) -> str:
    if count == 0:
        return _("No other device was signed in.")
    return ngettext("%d other device is signed out.", "%d other devices are signed out.", count) % count


def device_signed_out(name: str) -> str:
    return _("%s is signed out.") % name


def forwarded() -> str:
    return _(
        "Requests come through a proxy, but TRUSTED_PROXIES is 0: the sign-in cannot tell visitors apart. "
        "Set TRUSTED_PROXIES to the number of proxies in front of the dashboard."
    )


def device_gone() -> str:
    return _("This device is not signed in any more.")


def ask_for_control(owners: list[str]) -> str:
    return _("Ask %s for control.") % _named(owners)


def ask_whom(owners: list[str]) -> str:
    return _("Ask %s.") % _named(owners)


def _named(owners: list[str]) -> str:
    """“Anna”, “Anna or Ben”, “Anna, Ben or Carla”."""
    if len(owners) < 2:
        return owners[0] if owners else _("an owner")
    return _("%(first)s or %(last)s") % {"first": ", ".join(owners[:-1]), "last": owners[-1]}
