"""The kinds of lines in the log, each with its sentence.

A sentence's placeholders are `who`, `at_charger` and what `activity/words.py` makes of the line's details. Kinds
that are told in several ways (a command, what happened outside, a timer, a step of the plan) have those sentences
there; theirs here is for a line whose details name none of these ways.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from dashboard.texts import mark


class LineKind(StrEnum):
    """What a line of the log tells; the value is what is stored.

    Attributes:
        sentence: its pattern, marked for translation.
    """

    sentence: str

    def __new__(cls, value: str, sentence: str) -> Self:
        kind = str.__new__(cls, value)
        kind._value_ = value
        kind.sentence = sentence
        return kind

    @classmethod
    def of(cls, stored: str) -> LineKind | None:
        """The kind of a stored line; None if another version wrote it, which knew other kinds."""
        return next((kind for kind in cls if kind.value == stored), None)

    # people and their sign-in
    SIGNED_IN = "signed_in", mark("%(who)s signed in on a new device: %(device)s")
    FIRST_OWNER = "first_owner", mark("%(who)s set up the dashboard")
    MEMBER_INVITED = "member_invited", mark("%(who)s invited somebody as %(role)s")
    INVITATION_REVOKED = "invitation_revoked", mark("%(who)s withdrew an invitation as %(role)s")
    MEMBER_JOINED = "member_joined", mark("%(who)s joined as %(role)s, invited by %(inviter)s")
    MEMBER_ADDED = "member_added", mark("%(name)s was added as %(role)s")
    MEMBER_RENAMED = "member_renamed", mark("%(old)s is now called %(new)s")
    MEMBER_REMOVED = "member_removed", mark("%(who)s removed %(name)s")
    ROLE_CHANGED = "role_changed", mark("%(who)s made %(name)s %(role)s")
    PASSWORD_CHANGED = "password_changed", mark("%(who)s changed their password")
    PASSWORD_RESET = "password_reset", mark("%(who)s set a new password with a reset link")
    PASSWORD_SET = "password_set", mark("%(name)s was given a new password")
    RESET_LINK_MADE = "reset_link_made", mark("%(who)s made a reset link for %(name)s")
    # the charger
    CHARGER_RENAMED = "charger_renamed", mark("%(who)s renamed the charger %(old)s to %(new)s")
    COMMAND = "command", mark("%(who)s sent a command%(at_charger)s: %(action)s")
    OUTSIDE = "outside", mark("Something changed outside this page%(at_charger)s")
    # timers and the plan
    PLAN_SAVED = "plan_saved", mark("%(who)s saved the weekly plan%(at_charger)s")
    PLAN_ON = "plan_on", mark("%(who)s switched the weekly plan on%(at_charger)s")
    PLAN_OFF = "plan_off", mark("%(who)s switched the weekly plan off%(at_charger)s")
    PLAN_MISSED = (
        "plan_missed",
        mark(
            "Changes of the plan were missed%(at_charger)s, because the dashboard was not running: %(count)s, "
            "the first due %(since)s"
        ),
    )
    PLAN_STEP = "plan_step", mark("The %(what)s of %(due_at)s ended%(at_charger)s")
    TIMER_SET = "timer_set", mark("%(who)s set a timer%(at_charger)s")
    TIMER_CANCELLED = "timer_cancelled", mark("%(who)s cancelled the timer until %(until)s%(at_charger)s")
    TIMER_ENDED = "timer_ended", mark("The timer until %(until)s ended%(at_charger)s")
    TIMER_LATE = (
        "timer_late",
        mark("The timer until %(until)s counts after all%(at_charger)s: the charger did it late"),
    )
    AIM_SET = "aim_set", mark("%(who)s wants %(wanted)s by %(until)s%(at_charger)s")
    AIM_CANCELLED = "aim_cancelled", mark("%(who)s cancelled %(wanted)s by %(until)s%(at_charger)s")
    AIM_ENDED = "aim_ended", mark("%(wanted)s by %(until)s ended%(at_charger)s")
    # what leaves the house
    DOOR_OPENED = "door_opened", mark("%(who)s switched on %(host)s: it may be asked from now on")
    DOOR_SHUT = "door_shut", mark("%(who)s switched off %(host)s: it is not asked any more")
    # who was told of what
    TOLD = "told", mark("%(who)s was told at %(told_at)s%(at_charger)s: %(news)s")
    # the history
    PRICE_ADDED = "price_added", mark("%(who)s added a price: %(price)s per kWh from %(day)s")
    PRICE_CHANGED = (
        "price_changed",
        mark("%(who)s changed a price to %(price)s per kWh from %(day)s; it was %(before)s"),
    )
    PRICE_REMOVED = "price_removed", mark("%(who)s removed the price of %(price)s per kWh from %(day)s")
    CONTRACT_SAVED = "contract_saved", mark("%(who)s saved a contract from %(day)s on: %(contract)s")
    CONTRACT_REMOVED = "contract_removed", mark("%(who)s removed the contract from %(day)s on: %(contract)s")
    COSTS_RECALCULATED = (
        "costs_recalculated",
        mark("%(who)s recalculated the costs of %(year)s (sessions changed: %(count)s)"),
    )
    CHARGE_ASSIGNED = (
        "charge_assigned",
        mark("%(who)s noted whose charge it was on %(day)s%(at_charger)s: %(name)s"),
    )
    CHARGES_CLAIMED = (
        "charges_claimed",
        mark("%(who)s noted %(count)s charges of %(month)s as theirs, which were not assigned"),
    )
    USUAL_PERSON = "usual_person", mark("%(who)s noted who usually charges%(at_charger)s: %(name)s")
    USUAL_PERSON_OF_CARD = "usual_person_of_card", mark("%(who)s noted who usually charges with a card: %(name)s")
    CHARGE_UNASSIGNED = "charge_unassigned", mark("%(who)s took back whose charge it was on %(day)s%(at_charger)s")


PEOPLE = frozenset(
    {
        LineKind.SIGNED_IN,
        LineKind.FIRST_OWNER,
        LineKind.MEMBER_INVITED,
        LineKind.INVITATION_REVOKED,
        LineKind.MEMBER_JOINED,
        LineKind.MEMBER_ADDED,
        LineKind.MEMBER_RENAMED,
        LineKind.MEMBER_REMOVED,
        LineKind.ROLE_CHANGED,
        LineKind.PASSWORD_CHANGED,
        LineKind.PASSWORD_RESET,
        LineKind.PASSWORD_SET,
        LineKind.RESET_LINK_MADE,
    }
)


class Topic(StrEnum):
    """Which kinds of lines the page shows; the value stands in its address.

    Attributes:
        label: what it is called, marked for translation.
    """

    label: str

    def __new__(cls, value: str, label: str) -> Self:
        topic = str.__new__(cls, value)
        topic._value_ = value
        topic.label = label
        return topic

    ALL = "", mark("What happened")  # without sign-ins, which would drown it
    CHARGER = "charger", mark("The charger")
    PEOPLE = "people", mark("People and sign-ins")

    @classmethod
    def named(cls, value: str) -> Topic:
        return next((topic for topic in cls if topic.value == value), cls.ALL)
