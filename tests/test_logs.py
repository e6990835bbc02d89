"""The log: trouble that lasts is a line each time, and a traceback now and then."""

from __future__ import annotations

import logging
import sys

from sqlalchemy.exc import OperationalError

from dashboard.logs import SeldomTracebacks


def record(error: Exception) -> logging.LogRecord:
    try:
        raise error
    except Exception:
        return logging.LogRecord("dashboard", logging.ERROR, __file__, 1, "it failed at %s", ("/",), sys.exc_info())


def away() -> Exception:
    return OperationalError("SELECT 1", {}, ConnectionRefusedError("connection refused"))


def test_a_traceback_of_one_kind_comes_once_a_minute_and_each_failure_has_its_line() -> None:
    time = [0.0]
    seldom = SeldomTracebacks(lambda: time[0])
    lines = [record(away()) for _ in range(120)]
    assert all(seldom.filter(line) for line in lines)
    assert [bool(line.exc_info) for line in lines] == [True] + [False] * 119
    assert {line.getMessage() for line in lines[1:]} == {"it failed at / (ConnectionRefusedError)"}
    time[0] = 61.0
    later = record(away())
    seldom.filter(later)
    assert later.exc_info


def test_another_kind_of_error_is_shown_at_once() -> None:
    seldom = SeldomTracebacks(lambda: 0.0)
    seldom.filter(record(away()))
    other = record(ValueError("a mistake"))
    seldom.filter(other)
    assert other.exc_info
