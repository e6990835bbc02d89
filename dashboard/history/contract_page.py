"""What `/tariff` shows, as data: the contracts, what a kWh costs now, the form, and what it would make of a day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import groupby, takewhile

from sqlalchemy import Connection

from dashboard import doors, formats
from dashboard.history import contract_words, cost_words, price_list, price_words, tariff, tariff_now
from dashboard.history.price_form import PriceRules
from dashboard.history.totals import FIRST_YEAR, LAST_YEAR
from dashboard.services import current_services
from dashboard.tariff import area_words, form_words, price_bars
from dashboard.tariff.contract import ONE_DAY, ClockPrice, Contract, ContractKind
from dashboard.tariff.contracts import Contracts, PricedStretch, midnight
from dashboard.tariff.form import source_of
from dashboard.tariff.holidays import countries
from dashboard.tariff.hours_chart import HoursChart, hours_chart
from dashboard.tariff.sources.table import BY_HOST, SOURCES
from dashboard.tariff.spot_prices import SpotPrices
from dashboard.tariff.typed_contract import BY_THE_CLOCK, TypedContract, TypedHours

A_WEEK = 7


@dataclass(frozen=True)
class ContractForm:
    """The form, with the fields of its kind.

    Attributes:
        needs_rate: the source's money is another than the contract's.
    """

    typed: TypedContract
    rules: PriceRules
    needs_rate: bool

    @property
    def choices(self) -> dict[str, dict[str, str]]:
        """What may be chosen, by field."""
        return {
            "kind": form_words.choices(form_words.KINDS),
            "grid_kind": form_words.choices(form_words.GRID_KINDS),
            "support": form_words.choices(form_words.SUPPORTS),
            "step": form_words.choices(form_words.STEPS),
            "days": form_words.choices(form_words.DAYS),
            "months": form_words.months(),
            "holidays_of": {"": "–"} | {code: form_words.country(code) for code in countries()},
            "source": {"": price_words.please_choose()} | {host: host for host in BY_HOST},
            "area": {"": price_words.please_choose()} | {area: area_words.choice(area) for area in self._areas},
        }

    @property
    def _areas(self) -> list[str]:
        """Of the source that is chosen; of all where none is."""
        chosen = BY_HOST.get(self.typed.source)
        areas = {area for source in ([chosen] if chosen else SOURCES) for area in source.areas}
        return sorted(areas | {self.typed.area} - {""})


def price_now(connection: Connection, now: datetime) -> str:
    """What a kWh costs now, and until when; empty before the first contract."""
    prices = tariff.tariff(connection, formats.zone()).contracts
    if prices.contract_at(now) is None:
        return ""
    currency, coming = tariff.currency(connection), prices.between(now, now + timedelta(days=1))
    shown = contract_words.amount(coming[0], currency)
    same = list(takewhile(lambda stretch: contract_words.amount(stretch, currency) == shown, coming))
    return contract_words.now(replace(coming[0], end=same[-1].end), currency)


def hours_to_come(connection: Connection, now: datetime) -> HoursChart | None:
    """The picture of the hours to come; none where the price goes by no time, or no price is known."""
    kept = tariff_now.tariff_now(connection, formats.zone(), now)
    contract = kept.contracts.contract_at(now)
    if contract is None or not contract.goes_by_the_time:
        return None
    return hours_chart(price_bars.hours_to_come(kept.contracts, now), now, kept.currency)


@dataclass(frozen=True)
class PriceReason:
    """Why a kWh costs what it does at a moment.

    Attributes:
        at: the moment, as its field holds it.
        is_asked: somebody has chosen it.
        parts: what makes up the price; empty where it has one part, or is not known.
    """

    at: str
    is_asked: bool
    sentence: str
    parts: str


def reason(connection: Connection, now: datetime, asked: str) -> PriceReason | None:
    """Of a moment by the wall clock, else of now; None where there is no contract at all."""
    zone, currency = formats.zone(), tariff.currency(connection)
    contracts = tariff.tariff(connection, zone).contracts
    if currency is None or not tariff.entered(connection):
        return None
    at = _moment(asked, zone) or now
    price = contracts.price_at(at)
    return PriceReason(
        at=f"{at.astimezone(zone):%Y-%m-%dT%H:%M}",
        is_asked=bool(asked),
        sentence=contract_words.price_at(at, price, currency),
        parts=cost_words.parts(price, currency) if price else "",
    )


def _moment(text: str, zone: tzinfo) -> datetime | None:
    """What the field for a moment sends; None for anything else."""
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        return None
    return local.replace(tzinfo=zone).astimezone(UTC) if FIRST_YEAR <= local.year <= LAST_YEAR else None


def form(connection: Connection, typed: TypedContract) -> ContractForm:
    rules = price_list.rules_to_add(connection)
    currency = typed.currency if rules.is_currency_open else rules.currency
    source = source_of(typed)
    needs_rate = bool(typed.rate) or (source is not None and bool(currency) and currency not in source.currencies)
    return ContractForm(_with_a_row(typed), rules, needs_rate)


def _with_a_row(typed: TypedContract) -> TypedContract:
    """Where hours are wanted there is a row to type them in."""
    if typed.kind == ContractKind.BY_THE_CLOCK and not typed.hours:
        typed = replace(typed, hours=[TypedHours()])
    if typed.grid_kind == BY_THE_CLOCK and not typed.grid_hours:
        typed = replace(typed, grid_hours=[TypedHours()])
    return typed


def preview(connection: Connection, contract: Contract, zone: tzinfo) -> list[str]:
    """A day under the contract, in sentences: tomorrow, or its first day; today where tomorrow is not known."""
    today = current_services().now().astimezone(zone).date()
    tomorrow = max(today + ONE_DAY, contract.valid_from)
    prices = Contracts(zone, [contract], SpotPrices(connection))
    days = [tomorrow, today] if contract.valid_from <= today else [tomorrow]
    told = {day: _of_day(prices, day) for day in days}
    day = next((day for day in days if any(stretch.price for stretch in told[day])), tomorrow)
    name = contract_words.day(day, today)
    lines = [contract_words.stretch(name, stretch, contract) for stretch in told[day]]
    return [*lines, *overlaps(contract), *_in_the_way(connection, contract)]


def _of_day(prices: Contracts, day: date) -> list[PricedStretch]:
    return _merged(prices.between(midnight(day, prices.zone), midnight(day + ONE_DAY, prices.zone)))


def _in_the_way(connection: Connection, contract: Contract) -> list[str]:
    """That nobody may ask for the prices it needs."""
    terms = contract.needed_spot
    is_shut = terms and not doors.find(connection, terms.source).is_open
    return [contract_words.switch_on(terms.source)] if terms and is_shut else []


def _merged(stretches: Sequence[PricedStretch]) -> list[PricedStretch]:
    """Those of one price that follow each other as one."""
    merged = []
    for price, group in groupby(stretches, key=lambda stretch: stretch.price and replace(stretch.price, spot=None)):
        same = list(group)
        merged.append(PricedStretch(same[0].begin, same[-1].end, price))
    return merged


def overlaps(contract: Contract) -> list[str]:
    """Which rows of hours reach into each other, in sentences: the first of them counts there."""
    return [
        contract_words.overlap(one + 1, other + 1)
        for price in contract.clock_prices
        for one, other in _overlapping(price)
    ]


def _overlapping(price: ClockPrice) -> Iterator[tuple[int, int]]:
    """By the wall clock, in a week of each month without holidays."""
    edges = sorted({edge for hours in price.hours for edge in (hours.begin, hours.end)})
    days = [date(2026, month, day) for month in range(1, 13) for day in range(8, 8 + A_WEEK)]
    moments = [datetime.combine(day, edge) for day in days for edge in edges]
    found: set[tuple[int, int]] = set()
    for moment in moments:
        holding = [place for place, hours in enumerate(price.hours) if hours.hold_at(moment, frozenset())]
        found.update((one, other) for one in holding for other in holding if one < other)
    return iter(sorted(found))
