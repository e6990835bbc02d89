"""How times and numbers are written on the page; the one place that decides it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import ROUND_HALF_EVEN, Decimal

from flask import g

from dashboard.services import current_services
from dashboard.texts import _

NOTHING = "–"
FIRST_POSSIBLE = datetime(2015, 1, 1, tzinfo=UTC)  # no charger of Zaptec's has told of anything before
AHEAD_AT_MOST = timedelta(days=1)
MINOR_DIGITS = {"CLP": 0, "ISK": 0, "JPY": 0, "KRW": 0, "VND": 0, "BHD": 3, "JOD": 3, "KWD": 3, "OMR": 3, "TND": 3}
CURRENCY_SIGNS = {"EUR": "€", "GBP": "£", "USD": "$", "NOK": "kr", "SEK": "kr", "DKK": "kr", "ISK": "kr"}


def zone() -> tzinfo:
    """The time zone in which times are told: that of the charger being told of, else the household's."""
    told_in: tzinfo | None = g.get("zone_told_in")
    return told_in or current_services().zone()


@contextmanager
def in_zone_of(charger_id: str) -> Iterator[tzinfo]:
    """Tell the times inside in this charger's own time zone: one account may have chargers in two countries."""
    before = g.get("zone_told_in")
    g.zone_told_in = here = current_services().zone(charger_id)
    try:
        yield here
    finally:
        g.zone_told_in = before


def local(moment: datetime) -> datetime:
    return moment.astimezone(zone())


def clock(moment: datetime | None) -> str:
    """14:03; “02:10 summer time” in the hour that comes twice."""
    return clock_of(local(moment)) if moment else NOTHING


def clock_of(here: datetime) -> str:
    """The same of a time that is local already."""
    return f"{here:%H:%M}{_which_of_two(here)}"


def _which_of_two(here: datetime) -> str:
    """Where the clocks are set back, an hour comes twice: first in summer time, then in winter time."""
    if here.replace(fold=1 - here.fold).utcoffset() == here.utcoffset():
        return ""
    return " " + (_("winter time") if here.fold else _("summer time"))


def clock_seconds(moment: datetime | None) -> str:
    """14:03:12; “02:10:12 summer time” in the hour that comes twice."""
    return f"{local(moment):%H:%M:%S}{_which_of_two(local(moment))}" if moment else NOTHING


def second_past(moment: datetime | None, now: datetime) -> str:
    """14:03:12 today, else as `moment_past`: of what has happened."""
    is_today = moment is not None and local(moment).date() == local(now).date()
    return clock_seconds(moment) if is_today else moment_past(moment, now)


def second_near(moment: datetime | None, now: datetime) -> str:
    """14:03:12 today, else as `moment_near`."""
    is_today = moment is not None and local(moment).date() == local(now).date()
    return clock_seconds(moment) if is_today else moment_near(moment, now)


def day(moment: datetime | None) -> str:
    """Sat 9 March 2024"""
    if moment is None:
        return NOTHING
    here = local(moment)
    return f"{_(here.strftime('%a'))} {here.day} {_(here.strftime('%B'))} {here.year}"


def moment_near(moment: datetime | None, now: datetime) -> str:
    """14:03 today, “yesterday 14:03”, “Sat 14:03” within a week, else the date and time."""
    if moment is None:
        return NOTHING
    days = (local(now).date() - local(moment).date()).days
    if days == 1:
        return _("yesterday %s") % clock(moment)
    if days == -1:
        return _("tomorrow %s") % clock(moment)
    return moment_beside(moment, now)


def moment_at(moment: datetime | None, now: datetime) -> str:
    """“at 14:03” today, else as `moment_near`, to stand inside a sentence; nothing for what cannot have been."""
    if moment is None or not is_possible(moment, now):
        return ""
    is_today = local(moment).date() == local(now).date()
    return _("at %s") % clock(moment) if is_today else moment_near(moment, now)


def moment_beside(moment: datetime, other: datetime) -> str:
    """14:03 on the other's day, “Sat 14:03” within a week, else the date and time; true whenever it is read."""
    here = local(moment)
    days = abs((local(other).date() - here.date()).days)
    if days == 0:
        return clock(moment)
    if days < 7:
        return f"{_(here.strftime('%a'))} {clock(moment)}"
    return f"{here.day} {_(here.strftime('%b'))} {here.year}, {clock(moment)}"


def is_possible(moment: datetime, now: datetime) -> bool:
    """Whether something can have happened then; a charger whose clock is not set says 1970, or the future."""
    return FIRST_POSSIBLE <= moment <= now + AHEAD_AT_MOST


def moment_past(moment: datetime | None, now: datetime) -> str:
    """As `moment_near`, of what has happened: “time not known” where it cannot have been then.

    Nothing has happened tomorrow, though a clock that is some hours ahead may say so.
    """
    if moment is None:
        return NOTHING
    is_past = is_possible(moment, now) and local(moment).date() <= local(now).date()
    return moment_near(moment, now) if is_past else _("time not known")


def age(moment: datetime | None, now: datetime) -> str:
    """“12 s”, “6 min”, “3 h”, “4 days”, “2 years”: in its largest sensible unit; “time not known”."""
    if moment is None:
        return NOTHING
    return duration(now - moment) if is_possible(moment, now) else _("time not known")


def ago(moment: datetime | None, now: datetime) -> str:
    """“6 min ago”; “time not known”; nothing without a moment."""
    if moment is None:
        return ""
    return _("%s ago") % age(moment, now) if is_possible(moment, now) else _("time not known")


def duration(span: timedelta) -> str:
    """“12 s”, “6 min”, “3 h”, “4 days”, “2 years”; less than nothing is “0 s”."""
    seconds = max(0, int(span.total_seconds()))
    for size, unit in ((365 * 86400, _("years")), (86400, _("days")), (3600, "h"), (60, "min")):
        if seconds >= 2 * size or (size < 86400 and seconds >= size):
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def hours(span: timedelta) -> tuple[str, str]:
    """A time that somebody waits for, with its unit: “35”, “min”; “2:05”, “h”."""
    minutes = int(span.total_seconds()) // 60
    return (f"{minutes // 60}:{minutes % 60:02}", "h") if minutes >= 60 else (str(minutes), "min")


def number(value: float | None, decimals: int = 1) -> str:
    return NOTHING if value is None else f"{value:.{decimals}f}"


def kilowatts(power_w: float | None) -> str:
    return NOTHING if power_w is None else number(power_w / 1000, 1)


def kwh(energy_mwh: int | None, decimals: int = 1) -> str:
    """12.3, from milliwatt-hours; exact, rounded half to even."""
    if energy_mwh is None:
        return NOTHING
    return f"{(Decimal(energy_mwh) / 1_000_000).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN):f}"


def minor_digits(currency: str) -> int:
    """How many digits a currency's amounts have behind the point (ISO 4217)."""
    return MINOR_DIGITS.get(currency, 2)


def amount(micro: int, currency: str) -> Decimal:
    """Millionths of a currency rounded half to even to what can be paid; nothing is 0.00, never -0.00."""
    return (Decimal(micro) / 1_000_000).quantize(Decimal(1).scaleb(-minor_digits(currency)), ROUND_HALF_EVEN) + 0


def money(micro: int | None, currency: str | None) -> str:
    """4.27 €, from millionths of the currency."""
    if micro is None or currency is None:
        return NOTHING
    return f"{amount(micro, currency):f}\N{NO-BREAK SPACE}{CURRENCY_SIGNS.get(currency, currency)}"


def price(micro_per_kwh: int, currency: str | None) -> str:
    """“0.30 €”, “0.2875 €”: exact, with at least the digits that the currency has."""
    per_kwh = Decimal(micro_per_kwh) / 1_000_000
    exact = f"{per_kwh.normalize():f}".partition(".")[2]
    digits = max(len(exact), minor_digits(currency or ""))
    sign = CURRENCY_SIGNS.get(currency or "", currency or "")
    return f"{per_kwh:.{digits}f}\N{NO-BREAK SPACE}{sign}"


def calendar_day(date: date) -> str:
    """Sat 9 March 2024"""
    return f"{_(date.strftime('%a'))} {date.day} {_(date.strftime('%B'))} {date.year}"


def month(date: date) -> str:
    """March 2024"""
    return f"{_(date.strftime('%B'))} {date.year}"


def month_name(date: date) -> str:
    """March"""
    return _(date.strftime("%B"))


def short_day(date: date) -> str:
    """Sat 9"""
    return f"{_(date.strftime('%a'))} {date.day}"


def span(start_at: datetime, end_at: datetime) -> str:
    """“Tue 3, 18:02 – Wed 4, 07:10”: each end says what tells it from the other."""
    start, end = local(start_at), local(end_at)
    day_of = _day_of_span(start, end)
    begin = f"{day_of(start)}, {clock_of(start)}"
    if start.date() == end.date():
        return f"{begin} – {clock_of(end)}"
    return f"{begin} – {day_of(end)}, {clock_of(end)}"


def _day_of_span(start: date, end: date) -> Callable[[date], str]:
    """As much of a day as tells both ends apart."""
    if start.year != end.year:
        return calendar_day
    if start.month != end.month:
        return lambda day: f"{short_day(day)} {month_name(day)}"
    return short_day
