"""The table of public holidays is what the package of that name says."""

from __future__ import annotations

import importlib.util
from datetime import date
from pathlib import Path

from dashboard.tariff import holidays
from dashboard.tariff.form_words import COUNTRIES

ROOT = Path(holidays.__file__).parent.parent.parent


def test_the_table_is_what_the_script_writes() -> None:
    spec = importlib.util.spec_from_file_location("write_holidays", ROOT / "docs" / "write_holidays.py")
    assert spec is not None and spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert holidays.TABLE.read_text(encoding="utf-8") == script.text()


def test_every_country_has_christmas_in_every_year_to_come() -> None:
    assert {"BE", "DE", "DK", "NL", "NO", "SE"} <= set(holidays.countries()) == set(COUNTRIES)  # each has a name
    for country in holidays.countries():
        assert {year for year in range(2024, 2033) if date(year, 12, 25) in holidays.holidays_of(country)} == set(
            range(2024, 2033)
        )


def test_sundays_are_no_holidays_of_their_own() -> None:
    for country in holidays.countries():
        assert date(2026, 6, 14) not in holidays.holidays_of(country)


def test_an_unknown_country_has_none() -> None:
    assert holidays.holidays_of("") == holidays.holidays_of("XX") == frozenset()
