"""The tables and figures of the history on narrow phones, and with larger text: whole, and each beside its row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import Page

from dashboard.history import sessions, tariff
from dashboard.history.booking import SESSIONS, Booking
from dashboard.services import Services
from simulator.sessions import ocmf
from tests.browser.steps import Live, enter, larger_text, what_is_cut
from zaptec.sessions import CompletedSession

MONTH = "2026-03"
PAGES = (
    f"/history?month={MONTH}",
    f"/history/statement?month={MONTH}",
    f"/history/recalculate?year=2026&month={MONTH}",
    "/history/sessions/1",
    "/history/prices/1/change",
    "/history/prices/1/remove",
)


@pytest.fixture
def with_a_month(live: Live) -> Iterator[Live]:
    """A month of sessions over midnight, booked by a price that is now another."""
    services: Services = live.app.extensions["services"]
    with live.app.app_context(), services.database.writing() as connection:
        connection.execute(tariff.history_book.update().values(currency="NOK"))
        tariff.add(connection, date(2020, 1, 1), 123_456_700, services.now(), "Anna")
        Booking(connection, services.zone, services.now()).store(nights(), "a-charger", SESSIONS)
        sessions.assign(connection, 1, 2, "Ben")
        tariff.add(connection, date(2020, 1, 2), 2_000_000, services.now(), "Anna")
    yield live


def nights() -> Iterator[CompletedSession]:
    for day in range(1, 31, 3):
        begin = datetime.fromisoformat(f"2026-03-{day:02}T18:02:00+00:00")
        readings = tuple((begin + timedelta(hours=hour), Decimal(min(hour, 1) * 5)) for hour in range(12))
        metered = tuple((at, 3000.0 + 55 * day + float(energy_kwh)) for at, energy_kwh in readings)
        more = {"intervals": readings, "is_offline": day == 4, "has_reliable_clock": day != 7}
        more["ocmf_text"] = ocmf("ZAP000001", "2.4.0.7", "T1", metered)
        yield CompletedSession(f"night-{day}", "a-charger", begin, readings[-1][0], Decimal(55), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("width", [320, 360, 600, 1280])
@pytest.mark.parametrize("percent", [100, 200])
def test_no_figure_of_the_history_is_cut(
    with_a_month: Live, new_page: type[Page], width: int, percent: int
) -> None:
    page = new_page(size={"width": width, "height": 640})
    larger_text(page, percent)
    enter(page, with_a_month)
    cut = {}
    for path in PAGES:
        page.goto(with_a_month.url + path)
        assert page.locator("main h1").count() == 1
        cut[path] = what_is_cut(page)
    assert {path: parts for path, parts in cut.items() if parts} == {}


TOPS = "cells => cells.map((cell) => Math.round(cell.getBoundingClientRect().top))"


@pytest.mark.parametrize("width", [360, 479])
@pytest.mark.parametrize(
    ("path", "first", "second"),
    [(PAGES[1], [1, 2], [3, 5, 6]), (PAGES[2], [1, 5], [2, 3, 4])],
    ids=["statement", "recalculate"],
)
def test_on_a_phone_a_row_has_two_lines_and_on_a_pc_one(
    with_a_month: Live, new_page: type[Page], width: int, path: str, first: list[int], second: list[int]
) -> None:
    page = enter(new_page(size={"width": width, "height": 800}), with_a_month)
    page.goto(with_a_month.url + path)
    cells = page.locator("tbody tr").first.locator("th, td")
    tops = cells.evaluate_all(TOPS)
    assert len({tops[number - 1] for number in first}) == len({tops[number - 1] for number in second}) == 1, tops
    assert tops[second[0] - 1] > tops[first[0] - 1]
    assert page.get_by_text("kWh").first.is_visible() or path == PAGES[2]
    page.set_viewport_size({"width": 1280, "height": 800})
    assert len(set(cells.evaluate_all(TOPS))) == 1


def test_the_letters_of_a_drawing_grow_with_the_text(with_a_month: Live, new_page: type[Page]) -> None:
    sizes = []
    for percent in (100, 200):
        page = new_page()
        larger_text(page, percent)
        enter(page, with_a_month)
        page.goto(with_a_month.url + PAGES[0])
        letters = page.locator(".chart .across text").first
        sizes.append(letters.evaluate("element => element.getBoundingClientRect().height"))
    assert sizes[1] == pytest.approx(2 * sizes[0], rel=0.2)


def test_a_printed_statement_fits_its_paper(with_a_month: Live, new_page: type[Page]) -> None:
    page = enter(new_page(size={"width": 680, "height": 1000}), with_a_month)  # A4 without its margins
    page.emulate_media(media="print")
    page.goto(with_a_month.url + PAGES[1])
    assert page.locator("td.meter").first.is_visible() and what_is_cut(page) == []
