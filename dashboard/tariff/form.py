"""The contract that was typed, and a contract as it stands in its form."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time

from dashboard.tariff import form_words
from dashboard.tariff.amounts import HIGHEST, as_typed, read_amount
from dashboard.tariff.contract import (
    HOLIDAYS,
    HOUR,
    MICRO,
    QUARTER,
    WEEKDAYS,
    WEEKEND,
    WORKING_DAYS,
    ClockHours,
    ClockPrice,
    Contract,
    ContractKind,
    FixedInsteadOfSpot,
    SpotSupport,
    SpotTerms,
)
from dashboard.tariff.holidays import countries
from dashboard.tariff.sources.table import BY_HOST, SOURCES, PriceSource
from dashboard.tariff.typed_contract import BY_THE_CLOCK, FIXED, NONE, ONE_PRICE, SHARE, TypedContract, TypedHours
from dashboard.web.forms import Wrong, minutes_of

DAYS = (*WEEKDAYS, WORKING_DAYS, WEEKEND, HOLIDAYS)
STEPS = {"60": HOUR, "15": QUARTER}
MONTHS = [str(number) for number in range(1, 13)]
HIGHEST_PERCENT, HIGHEST_FACTOR, HIGHEST_RATE = 100, 10, 10_000


def as_form(contract: Contract, first_day: date) -> TypedContract:
    """A contract as its form shows it; one from `first_day` on has no day."""
    energy, support = contract.energy, contract.support
    typed: dict[str, str | list[TypedHours]] = {
        "kind": contract.kind.value,
        "valid_from": "" if contract.valid_from == first_day else contract.valid_from.isoformat(),
        "currency": contract.currency,
        "grid_kind": BY_THE_CLOCK if contract.grid.hours else ONE_PRICE if contract.grid.base_micro else NONE,
        "grid": as_typed(contract.grid.base_micro) if contract.grid != ClockPrice(0) else "",
        "grid_hours": [_typed_hours(hours) for hours in contract.grid.hours],
        "tax": as_typed(contract.tax_micro),
        "vat": as_typed(contract.vat_micro * 100),
        "includes_vat": "yes" if contract.includes_vat else "",
        "holidays_of": contract.holidays_of,
    }
    if isinstance(energy, ClockPrice):
        typed |= {"price": as_typed(energy.base_micro), "hours": [_typed_hours(hours) for hours in energy.hours]}
    else:
        typed |= {"source": energy.source, "area": energy.area, "step": "15" if energy.step == QUARTER else "60"}
        typed |= {"mark_up": as_typed(energy.mark_up_micro), "factor": as_typed(energy.factor_micro)}
        typed |= {"rate": as_typed(energy.rate_micro) if energy.currency != contract.currency else ""}
    if isinstance(support, SpotSupport):
        above, share = as_typed(support.above_micro), as_typed(support.share_micro * 100)
        typed |= {"support": SHARE, "share": share, "above": above}
    elif support is not None:
        typed |= {"support": FIXED, "fixed": as_typed(support.micro)}
    return TypedContract(**typed)  # type: ignore[arg-type]


def _typed_hours(hours: ClockHours) -> TypedHours:
    months = tuple(str(month) for month in sorted(hours.months))
    begin, end = f"{hours.begin:%H:%M}", f"{hours.end:%H:%M}"
    return TypedHours(begin, end, as_typed(hours.micro), tuple(sorted(hours.days)), months)


def read(typed: TypedContract, valid_from: date, currency: str) -> Contract:
    """The contract that was typed.

    Raises:
        Wrong: something of it cannot be read.
    """
    return Contract(
        valid_from=valid_from,
        currency=currency,
        energy=_spot(typed, currency) if typed.is_by_the_hour else _energy(typed),
        grid=_grid(typed),
        tax_micro=_amount(typed.tax, "tax"),
        vat_micro=_amount(typed.vat, "vat", HIGHEST_PERCENT) // 100,
        includes_vat=typed.includes_vat == "yes",
        support=_support(typed) if typed.is_by_the_hour else None,
        holidays_of=_one_of(typed.holidays_of, ("", *countries()), "holidays_of"),
    )


def _energy(typed: TypedContract) -> ClockPrice:
    _one_of(typed.kind, [kind.value for kind in ContractKind], "kind")
    base_micro = _amount(typed.price, "price", is_needed=True)
    is_by_the_clock = typed.kind == ContractKind.BY_THE_CLOCK
    hours = _hours(typed.hours, "hours") if is_by_the_clock else ()
    if is_by_the_clock and not hours:
        raise Wrong(form_words.hours_missing(), "hours-0-begin")
    return ClockPrice(base_micro, hours)


def _grid(typed: TypedContract) -> ClockPrice:
    kind = _one_of(typed.grid_kind, (NONE, ONE_PRICE, BY_THE_CLOCK), "grid_kind")
    if kind == NONE and not typed.grid:
        return ClockPrice(0)
    hours = _hours(typed.grid_hours, "grid_hours") if kind == BY_THE_CLOCK else ()
    return ClockPrice(_amount(typed.grid, "grid", is_needed=True), hours)


def _hours(rows: Iterable[TypedHours], which: str) -> tuple[ClockHours, ...]:
    return tuple(_row(row, f"{which}-{place}") for place, row in enumerate(rows) if not row.is_empty)


def _row(row: TypedHours, name: str) -> ClockHours:
    return ClockHours(
        begin=_time(row.begin, f"{name}-begin"),
        end=_time(row.end, f"{name}-end"),
        micro=_amount(row.price, f"{name}-price", is_needed=True),
        days=frozenset(_one_of(day, DAYS, f"{name}-begin") for day in row.days),
        months=frozenset(int(_one_of(month, MONTHS, f"{name}-months")) for month in row.months),
    )


def _spot(typed: TypedContract, currency: str) -> SpotTerms:
    source = _source(typed)
    is_own_money = currency in source.currencies
    if not is_own_money and not typed.rate:
        raise Wrong(form_words.rate_missing(source.currencies[0], currency), "rate")
    return SpotTerms(
        source=source.host,
        area=typed.area,
        currency=currency if is_own_money else source.currencies[0],
        step=STEPS[_one_of(typed.step, STEPS, "step")],
        factor_micro=_amount(typed.factor or "1", "factor", HIGHEST_FACTOR),
        mark_up_micro=_amount(typed.mark_up, "mark_up"),
        rate_micro=MICRO if is_own_money else _amount(typed.rate, "rate", HIGHEST_RATE),
    )


def source_of(typed: TypedContract) -> PriceSource | None:
    """The source that was chosen; where none was, the one that tells the area in its country's own money."""
    telling = [source for source in SOURCES if typed.area in source.areas]
    return telling[-1] if not typed.source and telling else BY_HOST.get(typed.source)


def _source(typed: TypedContract) -> PriceSource:
    source = source_of(typed)
    if source is None:
        raise Wrong(form_words.please_choose(), "source")
    if typed.area not in source.areas:
        raise Wrong(form_words.area_unknown(source.host, source.areas), "area")
    return source


def _support(typed: TypedContract) -> SpotSupport | FixedInsteadOfSpot | None:
    kind = _one_of(typed.support, (NONE, SHARE, FIXED), "support")
    if kind == NONE and (typed.share or typed.above or typed.fixed):
        raise Wrong(form_words.support_not_chosen(), "support")
    if kind == SHARE:
        share_micro = _amount(typed.share, "share", HIGHEST_PERCENT, is_needed=True) // 100
        return SpotSupport(share_micro, _amount(typed.above, "above", is_needed=True))
    return FixedInsteadOfSpot(_amount(typed.fixed, "fixed", is_needed=True)) if kind == FIXED else None


def _amount(text: str, name: str, highest: int = HIGHEST, *, is_needed: bool = False) -> int:
    """Millionths; nothing typed is 0 where a number is not needed."""
    if not text and not is_needed:
        return 0
    micro = read_amount(text, highest)
    if micro is None:
        raise Wrong(form_words.number_unreadable(highest), name)
    return micro


def _time(text: str, name: str) -> time:
    minutes = minutes_of(text, may_be_24=True)
    if minutes is None:
        raise Wrong(form_words.time_unreadable(), name)
    return time(minutes // 60 % 24, minutes % 60)


def _one_of(text: str, choices: Iterable[str], name: str) -> str:
    if text not in choices:
        raise Wrong(form_words.please_choose(), name)
    return text
