"""Worked cases with the figures of published tariffs: what the publisher says a kWh costs comes out.

The prices of the exchange are made up; everything else stands at the address that is named, as read in 2026.
"""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from dashboard.tariff.contract import HOUR, QUARTER, SpotSupport, SpotTerms
from dashboard.tariff.contracts import Contracts
from tests.tariff.contracts_of import Exchange, clock, contract, contracts, hours, local

BERLIN, COPENHAGEN, OSLO = ZoneInfo("Europe/Berlin"), ZoneInfo("Europe/Copenhagen"), ZoneInfo("Europe/Oslo")
STOCKHOLM = ZoneInfo("Europe/Stockholm")


def micro(prices: Contracts, text: str, zone: ZoneInfo) -> int:
    price = prices.price_at(local(text, zone))
    assert price is not None
    return price.micro_per_kwh


def test_netherlands_energy_tax_with_vat_comes_out_as_published() -> None:
    """2018: 0.10458 REB, 0.01320 ODE and 21 % VAT are “€0,14251” a kWh; the bare kWh was about €0,056.

    https://www.deenergiegids.nl/energie-info/energiebelastingen/
    """
    bare = contract(clock(0), tax_micro=104_580 + 13_200, vat_micro=210_000, includes_vat=False)
    assert micro(contracts(bare), "2018-05-01 12:00", ZoneInfo("Europe/Amsterdam")) == 142_514


def test_netherlands_a_dynamic_contract_of_2023() -> None:
    """2023: energy tax 12.599 ct, no ODE any more, and 21 % VAT on all of it, the price of the exchange included.

    https://berthub.eu/articles/posts/elektriciteitsprijzen-hoe-zit-het-precies/
    """
    terms = SpotTerms("exchange.example", "NL", "EUR", HOUR)
    dynamic = contract(terms, date(2023, 1, 1), tax_micro=125_990, vat_micro=210_000, includes_vat=False)
    prices = contracts(dynamic, exchange=Exchange(95_000))
    found = prices.price_at(local("2023-03-01 18:00"))
    assert found is not None
    assert (found.energy, found.tax, found.vat) == (95_000, 125_990, 46_408)  # 21 % of 0.22099 is 0.0464079
    assert found.micro_per_kwh == 267_398


GRIUG = {
    "vat_micro": 250_000,
    "includes_vat": False,
    "currency": "NOK",
    "holidays_of": "NO",
}


@pytest.mark.parametrize(
    ("moment", "with_vat"),
    [
        ("2024-03-06 12:00", 241_375),  # published as 24.14 øre
        ("2024-05-08 12:00", 328_000),  # published as 32.80 øre
        ("2024-03-08 18:00", 241_375 + 137_500),  # Fridays 16 to 22 in winter: 13.75 øre more
        ("2024-05-10 18:00", 328_000),
    ],
)
def test_norway_grid_fee_by_season_and_on_friday_evenings(moment: str, with_vat: int) -> None:
    """2024: 19.31 øre until March and 26.24 from April on; 11 more on winter's Friday evenings; VAT comes on top.

    https://www.griug.no/om-nettleie-og-priser/priser/nettleiepriser-2024/
    """
    winter, evening = (1, 2, 3), hours("16:00", "22:00", 193_100 + 110_000, "friday", (1, 2, 3))
    grid = clock(262_400, evening, hours("00:00", "00:00", 193_100, months=winter))
    prices = contracts(contract(clock(0), grid=grid, **GRIUG), zone=OSLO)
    assert micro(prices, moment, OSLO) == with_vat


@pytest.mark.parametrize(
    ("spot", "energy_with_vat", "support"),
    [
        (700_000, 875_000, 0),  # 87.50 øre with VAT, under the threshold
        (730_000, 912_500, 0),  # the threshold itself
        (1_130_000, 1_412_500, -450_000),  # 50 øre above it, of which the state pays 45
    ],
)
def test_norway_the_state_pays_nine_tenths_above_its_threshold(
    spot: int, energy_with_vat: int, support: int
) -> None:
    """From 1 January 2024: 90 % of what an hour's price is above 91.25 øre with VAT.

    https://ke-nett.no/nyhetsarkiv/ny-terskelverdi-pa-stromstotte-fra-1-januar-2024
    """
    terms = SpotTerms("exchange.example", "NO1", "NOK", HOUR)
    held = contract(
        terms, currency="NOK", vat_micro=250_000, includes_vat=True, support=SpotSupport(900_000, 912_500)
    )
    found = contracts(held, zone=OSLO, exchange=Exchange(spot)).price_at(local("2024-01-05 08:00", OSLO))
    assert found is not None
    assert (found.energy + found.vat, found.support) == (energy_with_vat, support)


@pytest.mark.parametrize(
    ("moment", "micro_per_kwh"),
    [
        ("2024-01-10 12:00", 781_000),  # 19.68 + 42.80 öre, and a quarter of it: 78.10
        ("2024-01-10 22:00", 729_500),  # 15.56 + 42.80 öre, and a quarter of it: 72.95
        ("2024-01-13 12:00", 729_500),  # a Saturday
        ("2024-12-25 12:00", 729_500),  # a holiday on a Wednesday
        ("2024-06-12 12:00", 729_500),
    ],
)
def test_sweden_grid_fee_of_winter_s_working_days_and_energy_tax(moment: str, micro_per_kwh: int) -> None:
    """2024: 19.68 öre on working days 06 to 22, November to March, else 15.56; tax 42.80; VAT comes on top.

    https://www.lerumenergi.se/Elnat/Elnatsavgifter/Effekttariffer
    """
    dear = hours("06:00", "22:00", 196_800, "working days", (11, 12, 1, 2, 3))
    held = contract(
        clock(0),
        currency="SEK",
        grid=clock(155_600, dear),
        tax_micro=428_000,
        vat_micro=250_000,
        includes_vat=False,
        holidays_of="SE",
    )
    assert micro(contracts(held, zone=STOCKHOLM), moment, STOCKHOLM) == micro_per_kwh


@pytest.mark.parametrize(
    ("moment", "micro_per_kwh"),
    [
        ("2021-01-15 16:59", 1_420_375),  # published as 142.04 øre
        ("2021-01-15 17:00", 1_913_375),  # published as 191.33 øre
        ("2021-01-16 19:59", 1_913_375),  # every day of the week
        ("2021-01-15 20:00", 1_420_375),
        ("2021-04-01 18:00", 1_420_375),
        ("2021-10-01 18:00", 1_913_375),
    ],
)
def test_denmark_grid_fee_of_winter_evenings_and_electricity_tax(moment: str, micro_per_kwh: int) -> None:
    """2021: 23.63 øre, October to March from 17 to 20 o'clock 63.07; electricity tax 90.00; VAT comes on top.

    https://radiuselnet.dk/elkunder/priser-og-vilkaar/tariffer-og-netabonnement/
    """
    peak = hours("17:00", "20:00", 630_700, months=(10, 11, 12, 1, 2, 3))
    held = contract(
        clock(0),
        currency="DKK",
        grid=clock(236_300, peak),
        tax_micro=900_000,
        vat_micro=250_000,
        includes_vat=False,
    )
    assert micro(contracts(held, zone=COPENHAGEN), moment, COPENHAGEN) == micro_per_kwh


@pytest.mark.parametrize(
    ("moment", "cents_with_vat"),
    [
        ("2025-11-05 00:59", "9.15"),
        ("2025-11-05 01:00", "3.67"),
        ("2025-11-05 04:30", "9.15"),
        ("2025-11-05 17:00", "13.96"),
        ("2025-11-05 19:00", "9.15"),
        ("2025-07-05 18:00", "9.15"),
        ("2025-07-05 02:00", "9.15"),
    ],
)
def test_germany_module_3_has_three_grid_fees_in_winter_s_quarters(moment: str, cents_with_vat: str) -> None:
    """2025, Augsburg: 3.67, 9.15 and 13.96 ct with VAT; low 01:00–04:30, high 17–19, in the first and last quarter.

    As told by a customer: https://www.reddit.com/r/Energiewirtschaft/comments/1g49wne/
    """
    winter = (1, 2, 3, 10, 11, 12)
    low, high = hours("01:00", "04:30", 36_700, months=winter), hours("17:00", "19:00", 139_600, months=winter)
    held = contract(
        SpotTerms("exchange.example", "DE-LU", "EUR", QUARTER), grid=clock(91_500, low, high), vat_micro=190_000
    )
    prices = contracts(held, zone=BERLIN, exchange=Exchange(0))
    assert micro(prices, moment, BERLIN) == round(float(cents_with_vat) * 10_000)
