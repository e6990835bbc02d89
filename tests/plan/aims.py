"""Aims as people set them, and what the page and programs are told of them."""

from __future__ import annotations

from datetime import date, time

from dashboard.history import tariff
from dashboard.tariff import terms
from dashboard.tariff.contract import ClockHours, ClockPrice, Contract
from tests.plan.conftest import Home

NIGHT_TARIFF = Contract(
    date(2026, 1, 1), "NOK", ClockPrice(3_000_000, (ClockHours(time(1), time(5), 1_000_000),)), includes_vat=True
)


def set_aim(home: Home, energy: str = "20", ready_by: str = "07:00", who=None, **fields: str):
    form = {"do": "set", "energy": energy, "hours": "", "ready_by": ready_by} | fields
    return (who or home.people.ben).post(f"/chargers/{home.id}/aim", data=form, follow_redirects=True)


def aim_of(home: Home):
    return home.people.carla.get(f"/chargers/{home.id}/next.json").json["aim"]


def slots(home: Home) -> str:
    return ", ".join(f"{begin[11:16]}–{end[11:16]}" for begin, end in aim_of(home)["slots"])


def by_the_clock(home: Home) -> Home:
    """Nights from one to five cost a third."""
    day = NIGHT_TARIFF.valid_from
    with home.services.database.writing() as connection:
        tariff.choose_currency(connection, "NOK")
        tariff.add(connection, day, 3_000_000, home.time.now(), "Anna", terms.to_text(NIGHT_TARIFF))
    return home
