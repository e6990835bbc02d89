"""Weeks as nobody would think of them, in odd zones, for tests that draw what they try."""

from __future__ import annotations

from zoneinfo import ZoneInfo, available_timezones

from hypothesis import strategies as st

from dashboard.plan.week import Week, Window

MINUTES = st.one_of(st.integers(0, 1439), st.sampled_from([0, 60, 90, 120, 150, 180, 1380]))
WINDOWS = st.builds(
    Window, st.frozensets(st.integers(0, 6), min_size=1), MINUTES, st.one_of(st.integers(1, 1440), st.just(1440))
)
# Zones with changes of an hour, half an hour, at midnight, and a whole day left out (Apia, before our time).
ODD = ["Europe/Oslo", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Beirut"]
ODD += ["America/Havana", "Atlantic/Azores", "Pacific/Chatham", "Africa/Casablanca", "Asia/Kathmandu", "UTC"]
ZONES = st.one_of(st.sampled_from(ODD), st.sampled_from(sorted(available_timezones() - {"localtime"}))).map(
    ZoneInfo
)
WEEKS = st.builds(Week, st.lists(WINDOWS, max_size=5).map(tuple), ZONES)
