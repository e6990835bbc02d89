"""The exchange's areas by name."""

from dashboard.tariff import area_words
from dashboard.tariff.sources.table import SOURCES


def test_every_area_of_every_source_has_a_name_and_nothing_else_has() -> None:
    assert {area for source in SOURCES for area in source.areas} == set(area_words.AREAS)


def test_an_area_is_chosen_by_its_code_and_its_name() -> None:
    assert area_words.choice("NO1") == "NO1 – Norway, Oslo"
    assert area_words.choice("FI") == "FI – Finland"
    assert area_words.choice("XX9") == "XX9 – XX9"


def test_several_areas_of_a_country_stand_together_with_their_codes() -> None:
    listed = area_words.listed(["SE4", "NO2", "AT", "NO1"])
    assert listed == "Austria, Norway (Oslo NO1, Kristiansand NO2), Sweden (Malmö SE4)"
