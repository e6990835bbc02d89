"""Presets fill the form as far as a country tells; what they choose can be chosen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dashboard.tariff import form
from dashboard.tariff.presets import presets
from dashboard.tariff.sources.table import BY_HOST


def test_there_is_one_for_each_country_of_the_sources() -> None:
    assert list(presets()) == ["BE", "DE", "DK", "NL", "NO", "SE"]


@pytest.mark.parametrize("country", list(presets()))
def test_with_amounts_and_an_area_it_is_a_contract(country: str) -> None:
    typed = presets()[country]
    rows = [replace(row, price="0.2") for row in typed.grid_hours]
    area = typed.area or BY_HOST[typed.source].areas[0]
    filled = replace(typed, area=area, grid="0.1", grid_hours=rows, vat="20")
    if typed.support != form.NONE:
        filled = replace(filled, share="90", above="0.9")
    contract = form.read(filled, date(2026, 1, 1), typed.currency)
    assert form.as_form(contract, date(2020, 1, 1)).grid_hours == rows


@pytest.mark.parametrize("country", list(presets()))
def test_it_holds_no_amounts_that_age(country: str) -> None:
    typed = presets()[country]
    amounts = ("price", "grid", "tax", "vat", "mark_up", "factor", "rate", "share", "above", "fixed")
    assert [getattr(typed, name) for name in amounts] == [""] * len(amounts)
    assert all(row.price == "" for row in typed.grid_hours)
