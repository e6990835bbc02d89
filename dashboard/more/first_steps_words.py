"""The sentences of a new household's first steps."""

from __future__ import annotations

from dashboard import reasons
from dashboard.charger.chargers import HouseholdCharger, ListStatus
from dashboard.more.first_steps import FirstStep
from dashboard.texts import _, mark, ngettext

COUNTED = (FirstStep.NAME, FirstStep.INVITE, FirstStep.HOME_SCREEN)
NO_CHARGER = mark(
    "Zaptec knows the account, but lists no charger for it. Whoever owns the charger can give the account access "
    "in Zaptec’s app."
)


def first_steps() -> str:
    return _("First steps")


def about_first_steps() -> str:
    return _("Name the charger, invite the others, put it on the home screen")


def place(step: FirstStep) -> str:
    """“Step 1 of 3”; of the charger, which has to be found first, nothing."""
    if step not in COUNTED:
        return ""
    return _("Step %(number)d of %(all)d") % {"number": COUNTED.index(step) + 1, "all": len(COUNTED)}


def found(household_chargers: list[HouseholdCharger]) -> str:
    """What the account at Zaptec was found to list."""
    sentence = ngettext(
        "Zaptec knows the account, and this charger was found: %s.",
        "Zaptec knows the account, and these chargers were found: %s.",
        len(household_chargers),
    )
    return sentence % ", ".join(charger.name for charger in household_chargers) if household_chargers else ""


def may_only_look(household_chargers: list[HouseholdCharger]) -> str:
    """What helps where the account may not pause or resume what it lists; empty where it may."""
    names = ", ".join(charger.name for charger in household_chargers if not charger.as_listed.may_command)
    sentence = _("The account may look at %s, but not pause or resume.") % names
    return f"{sentence} {reasons.failure_remedy('no_access')}" if names else ""


def not_found(status: ListStatus) -> str:
    """Why no charger can be shown yet, and what helps."""
    if status.failure:
        return f"{reasons.reason(status.failure)}. {reasons.failure_remedy(status.failure)}"
    return _(NO_CHARGER) if status.listed_at else _("The list of chargers is on its way.")
