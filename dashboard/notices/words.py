"""The sentences of *Being told* on the page of one's own account, and of the list of what leaves the house."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from markupsafe import Markup
from sqlalchemy import Row

from dashboard import formats
from dashboard.news import NewsKind
from dashboard.notices.message import WayKind
from dashboard.notices.stages import NotTold, Stage
from dashboard.notices.ways import words as way_words
from dashboard.texts import _, mark, ngettext
from dashboard.web.access import Role

CHOICES = {
    NewsKind.NOT_TAKEN: mark("Something I asked for did not get through"),
    NewsKind.NOT_CHARGING: mark("The car does not charge although it should"),
    NewsKind.FINISHED: mark("A charge has ended"),
    NewsKind.NOT_PLUGGED_IN: mark("No car is plugged in in the evening"),
    NewsKind.PLUGGED_IN: mark("A car was plugged in"),
    NewsKind.PRESSED: mark("Somebody else paused or resumed"),
    NewsKind.OFFLINE: mark("The charger is offline"),
    NewsKind.WARNING: mark("The charger warns of danger"),
    NewsKind.LATE: mark("It will not be ready in time"),
    NewsKind.OWNER: mark("Something only an owner can mend"),
    NewsKind.MONTH: mark("The month’s sum"),
}
WAY_KINDS = {
    WayKind.BROWSER: mark("this browser"),
    WayKind.MAIL: mark("mail"),
    WayKind.NTFY: mark("ntfy"),
    WayKind.TELEGRAM: mark("Telegram"),
    WayKind.ANOTHER: mark("another"),
    WayKind.PRETEND: mark("the demo’s phone"),
}
# What stands below the field *Address*; the demo's phone and *this browser* have none.
NEEDS = {
    WayKind.MAIL: mark("Your mail address."),
    WayKind.NTFY: mark(
        "Install the app ntfy. Leave the address empty, and you get a word to subscribe to there; or enter one of "
        "your own that nobody can guess."
    ),
    WayKind.TELEGRAM: mark(
        "The key of a bot of your own (@BotFather makes them), a slash, the number of the chat."
    ),
    WayKind.ANOTHER: mark("For Pushover: pover://user@key. An owner can add anything else."),
}
NOT_TOLD = {
    NotTold.NO_LONGER_SO: mark("It was no longer so, and was not sent."),
    NotTold.TOO_OLD: mark("It was too old by then, and was not sent."),
    NotTold.QUIET_HOURS: mark("Your quiet hours had begun, and it was not sent."),
    NotTold.WAY_REMOVED: mark("This way was removed before it left."),
    NotTold.SWITCHED_OFF: mark("An owner has switched this way off under What leaves the house."),
}
WHY_FOR = mark("Notices to people of the household: what happened at which charger, and when.")


def choice(kind: NewsKind) -> str:
    return _(CHOICES[kind])


def news(stored: str) -> str:
    """What a notice is about, from what is stored; another version may have known other kinds."""
    return next((choice(kind) for kind in NewsKind if kind.value == stored), stored)


def about(*, has_way: bool) -> str:
    if has_way:
        return _("Choose what you want to hear. Each thing is told once, and below you see whether it arrived.")
    return _("Add a way first, then choose what you want to hear by it. Until then nothing is sent.")


def way_kind(kind: WayKind) -> str:
    return _(WAY_KINDS[kind])


def needs(kind: WayKind, role: Role, *, has_mail: bool) -> str:
    """What that way needs, said where it is chosen; empty of *this browser*, of which the page's script says it."""
    if kind is WayKind.MAIL and not has_mail:
        return way_words.no_mail()
    if kind is WayKind.ANOTHER and role is Role.OWNER:
        return _("An address as Apprise writes it: pover://user@key, gotify://192.168.1.7/key …")
    return _(NEEDS[kind]) if kind in NEEDS else ""


def leaves(role: Role) -> str:
    """What adding a way means for the house."""
    if role is Role.OWNER:
        return _("Adding it lets notices leave the house this way.")
    return _("Perhaps an owner has to allow this way first; it is said here.")


def way_name(kind: WayKind, masked: str) -> str:
    """“ntfy, our-ch…”: as its buttons call it."""
    return f"{way_kind(kind)} {masked}".strip()


def retired(at: datetime, now: datetime) -> str:
    return _("It takes no more notices since %s. Remove it, and add it again.") % formats.moment_near(at, now)


def waits_for_owner(host: str) -> str:
    return _("Nothing is sent yet: an owner has to switch on %s under What leaves the house.") % host


def what_was_told(kind: str, count: int | None) -> str:
    if kind == "test":
        return _("A test")
    if kind == "more":
        return ngettext("%d more in that hour", "%d more in that hour", count or 0) % (count or 0)
    return news(kind)


def how_far(row: Row[Any], stage: Stage, now: datetime) -> str:
    """How far a notice has come by one way, in a sentence."""
    if stage is Stage.OPENED:
        times = {"told": formats.clock(row.handed_over_at or row.asked_at), "opened": formats.clock(row.opened_at)}
        return _("Handed over at %(told)s, opened at %(opened)s.") % times
    if stage is Stage.HANDED_OVER:
        return _("Handed over at %s.") % formats.clock(row.handed_over_at)
    if stage is Stage.PERHAPS:
        return _("Perhaps: nobody said whether it was taken.")
    if stage is Stage.FAILED:
        return f"{_('Failed.')} {why(row.reason or '')}"
    if row.reason:
        return f"{why(row.reason)} {_('It is tried again at %s.') % formats.clock(row.try_at)}"
    if row.try_at and row.try_at > now and not row.is_sending:
        return _("Is sent at %s.") % formats.clock(row.try_at)
    return _("On its way.")


def why(code: str) -> str:
    """Why it was not handed over."""
    return _(NOT_TOLD[NotTold(code)]) if code in NOT_TOLD else way_words.why(code)


# In answer to a form.


def saved() -> str:
    return _("Saved: this is what you hear.")


def way_added(name: str, *, switched_on: str = "") -> str:
    """That a way is there, and what an owner has switched on by that."""
    if switched_on:
        text = _(
            "Added: %(way)s. %(host)s is now on under What leaves the house. Send a test to see that it works."
        )
        return text % {"way": name, "host": switched_on}
    return _("Added: %s. Send a test to see that it works.") % name


def way_added_and_waits(name: str, host: str) -> str:
    return f"{_('Added: %s.') % name} {waits_for_owner(host)}"


def topic_made(topic: str, app_link: str) -> Markup:
    """How a word that was made here comes into the app; said this once."""
    tap = Markup('<a href="{}">{}</a>').format(app_link, _("tap here"))
    text = Markup(_("In the app ntfy, subscribe to %(topic)s; on Android %(tap)s."))  # noqa: S704 - ours
    return text % {"topic": Markup("<b>{}</b>").format(topic), "tap": tap}


def way_removed(name: str) -> str:
    return _("Removed: %s.") % name


def way_gone() -> str:
    return _("That way was not there any more.")


def test_sent(name: str, line: str) -> str:
    return f"{_('Test to %s.') % name} {line}"


def unknown_way() -> str:
    return _("Choose by which way you want to be told.")


def no_time() -> str:
    return _("That is no time. Write it like 22:00.")


def one_of_two() -> str:
    return _("Quiet hours need both a beginning and an end.")


def too_many(count: int) -> str:
    return _("You have %d ways already. Remove one first.") % count


def removal_means() -> str:
    return _("Nothing is sent there any more. It can be added again at any time.")


def needs_news(name: str) -> str:
    return _("the state of %s, as somebody wants to be told what happens there") % name


# What leaves the house.


def failure(code: str) -> str:
    """Why something was not taken, as it goes on after “Without success: 14:03,”."""
    text = why(code).rstrip(".")
    return text[:1].lower() + text[1:]


def why_for() -> str:
    return _(WHY_FOR)


def for_whom(count: int, names: list[str]) -> str:
    """“2 ways of Anna and Ben go there.”"""
    text = ngettext("%(count)d way goes there: %(who)s.", "%(count)d ways go there: %(who)s.", count)
    return text % {"count": count, "who": ", ".join(names)}
