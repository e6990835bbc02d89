"""How times and numbers are written on the page."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask

from dashboard import formats
from dashboard.charger import chargers
from simulator import Cloud

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def app(make_app, settings, cloud: Cloud) -> Flask:
    """A dashboard of one account with chargers in two countries, and no zone of its own set."""
    away = cloud.add_installation("Cabin", "Europe/Helsinki")
    cloud.add_charger("Cabin", installation=away)
    app = make_app(replace(settings, time_zone=""))
    with app.app_context():
        chargers.read_list(app.extensions["services"], force=True)
    return app


def test_times_about_a_charger_are_told_in_its_own_zone(app: Flask, cloud: Cloud) -> None:
    with app.app_context(), formats.in_zone_of(cloud.charger.id):
        assert formats.clock(NOON) == "13:00"
        with formats.in_zone_of(cloud.chargers[-1].id) as zone:
            assert str(zone) == "Europe/Helsinki" and formats.clock(NOON) == "14:00"
        assert formats.clock(NOON) == "13:00"


def test_a_page_that_breaks_leaves_no_zone_behind(app: Flask, cloud: Cloud) -> None:
    with app.app_context():
        before = formats.clock(NOON)
        for charger in cloud.chargers:
            with pytest.raises(RuntimeError), formats.in_zone_of(charger.id):
                raise RuntimeError
        assert formats.clock(NOON) == before
