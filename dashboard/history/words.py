"""The sentences of the history, for people who know nothing of interfaces and databases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from dashboard import formats, reasons
from dashboard.history.due import FetchProgress
from dashboard.history.sessions import BookedSession
from dashboard.history.totals import Month
from dashboard.texts import _, ngettext


def progress(now: FetchProgress, at: datetime) -> str:
    """How the fetching stands, or nothing where there is nothing to say."""
    if now.failure:
        reason = reasons.reason(now.failure)
        again = formats.moment_near(now.again_at, at)
        return _("%(reason)s, so newer sessions may be missing here. It is tried again at %(time)s.") % {
            "reason": reason,
            "time": again,
        }
    if now.is_filled:
        return ""
    if now.filled_to is None:
        return _("The history is being fetched from Zaptec.")
    month = formats.month(now.filled_to.date())
    return _("The history is being fetched from Zaptec, newest first. It reaches back to %s so far.") % month


def collected(now: FetchProgress, at: datetime) -> str:
    return _("Fetched from Zaptec: %s.") % formats.moment_near(now.collected_at, at) if now.collected_at else ""


def unusable(counts: Mapping[Month, int]) -> str:
    """How many sessions are missing because what Zaptec told of them cannot be used; empty where none is."""
    count = sum(counts.values())
    if not count:
        return ""
    sentence = ngettext(
        "%(count)d session of Zaptec’s list could not be read and is missing here: %(months)s.",
        "%(count)d sessions of Zaptec’s list could not be read and are missing here: %(months)s.",
        count,
    )
    return sentence % {"count": count, "months": ", ".join(formats.month(month.first) for month in counts)}


def unknown_times(count: int, energy_mwh: int) -> str:
    """How many sessions are in no total because they cannot have been when they say; empty where none is."""
    if not count:
        return ""
    sentence = ngettext(
        "%(count)d session (%(energy)s kWh) is in no total: its time is not known.",
        "%(count)d sessions (%(energy)s kWh) are in no total: their times are not known.",
        count,
    )
    return sentence % {"count": count, "energy": formats.kwh(energy_mwh)}


def when(session: BookedSession, now: datetime) -> str:
    """“Tue 3, 18:02 – Wed 4, 07:10”; “time not known” in place of an end that cannot be."""
    if session.are_times_known:
        return formats.span(session.start_at, session.end_at)
    moments = (session.start_at, session.end_at)
    ends = [_moment(moment) if formats.is_possible(moment, now) else time_not_known() for moment in moments]
    return f"{ends[0]} – {ends[1]}" if ends.count(time_not_known()) == 1 else time_not_known()


def _moment(moment: datetime) -> str:
    return f"{formats.day(moment)}, {formats.clock(moment)}"


def until(session: BookedSession, now: datetime) -> str:
    """“until yesterday 14:03”, of a last session."""
    return _("until %s") % formats.moment_near(session.end_at, now) if session.are_times_known else time_not_known()


def title(session: BookedSession) -> str:
    """What the page of a session is headed with."""
    return formats.day(session.start_at) if session.are_times_known else _("Session whose time is not known")


def time_not_known() -> str:
    return _("time not known")


def energy_not_known() -> str:
    return _("energy not known")


def how_long(time: timedelta | None) -> str:
    """“13 h 8 min”; empty where nobody knows."""
    if time is None:
        return ""
    minutes = round(time.total_seconds() / 60)
    hours, minutes = divmod(minutes, 60)
    days, rest = divmod(hours, 24)
    if days:
        return f"{days} d {rest} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def sessions(count: int) -> str:
    return ngettext("%d session", "%d sessions", count) % count


def flags(session: BookedSession) -> list[str]:
    """What is odd about a session, shortest form, for lists."""
    all_flags = (
        (session.is_voided, _("void")),
        (session.is_aborted, _("aborted")),
        (session.is_corrected, _("corrected")),
        (not session.are_times_known, time_not_known()),
        (session.are_times_known and not session.has_reliable_clock, _("times uncertain")),
        (not session.is_energy_known, energy_not_known()),
        (session.is_counted and session.is_energy_known and not session.energy_mwh, _("no energy")),
        (session.has_stray_readings, _("readings outside its times")),
        (session.is_offline, _("recorded offline")),
    )
    return [flag for is_so, flag in all_flags if is_so]


def flag_sentences(session: BookedSession) -> list[str]:
    """The same as sentences, for the session's own page."""
    all_sentences = (
        (session.is_voided, _("Zaptec has declared this session void. It does not count in any total.")),
        (session.is_aborted, _("This session was broken off before it began. It does not count in any total.")),
        (session.is_corrected, _("Zaptec has corrected this session by a later record. Only that one counts.")),
        (
            not session.are_times_known,
            _("It cannot have been when Zaptec says, so its time is not known. It does not count in any total."),
        ),
        (
            session.are_times_known and not session.has_reliable_clock,
            _("The charger’s clock was not set, so the times are a guess."),
        ),
        (
            not session.is_energy_known,
            _("Zaptec does not say how much energy it took. It does not count in any total."),
        ),
        (
            session.is_counted and session.is_energy_known and not session.energy_mwh,
            _("The car was plugged in, but took no energy."),
        ),
        (
            session.has_stray_readings,
            _("Its readings lie outside its times, so its energy counts on the day it ended."),
        ),
        (session.is_offline, _("Recorded while the charger was offline, and sent later.")),
        (session.stopped_by_rfid, _("Ended with a card or key fob.")),
        (
            session.source == "observation",
            _("So far this is what the charger says; Zaptec’s own record follows."),
        ),
    )
    return [sentence for is_so, sentence in all_sentences if is_so]


def range_unreadable() -> str:
    return _(
        "Please enter a month, such as 2026-03, or two days, the first not after the last, such as 2026-01-01 and "
        "2026-03-31."
    )


def cost_so_far(*, is_about: bool) -> str:
    return _("Cost so far, about") if is_about else _("Cost so far")


def reads_sessions(charger: str) -> str:
    return _("%s: finished sessions") % charger


def reads_earlier_months(charger: str) -> str:
    return _("%s: the sessions of earlier months") % charger


def reads_sessions_while_looked_at() -> str:
    return _("while somebody looks at the history: finished sessions, every 15 minutes")
