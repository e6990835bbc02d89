"""Write the table of public holidays: `make holidays`, when a country or a year is to be added."""

import json

from holidays import country_holidays

from dashboard.tariff.holidays import TABLE

COUNTRIES = ("AT", "BE", "CH", "DE", "DK", "EE", "FI", "FR", "LT", "LV", "NL", "NO", "SE")
YEARS = range(2024, 2033)


def table() -> dict[str, list[str]]:
    """The days that are holidays in all of a country, without the Sundays that Sweden's law counts too."""
    return {country: sorted(day.isoformat() for day in _days(country)) for country in COUNTRIES}


def _days(country: str) -> list:
    if country == "SE":
        return list(country_holidays(country, years=YEARS, include_sundays=False))
    return list(country_holidays(country, years=YEARS))


def text() -> str:
    """A line for each country."""
    lines = (
        f"{json.dumps(country)}: {json.dumps(days, separators=(',', ':'))}" for country, days in table().items()
    )
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    TABLE.write_text(text(), encoding="utf-8")
