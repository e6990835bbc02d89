"""Which places of the program ask a database, and that each was tried on both kinds.

Every test that needs a database runs on SQLite and on PostgreSQL, but for those marked `one_database`: they pass
many hours, or go through weather and words, and store what others store too. One in their midst that alone does
what it does is marked `both_databases`. With `--on-both` a run counts the places that spoke to a database, and
fails where one did so on SQLite alone.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine

TESTS = Path(__file__).resolve().parent
PROGRAM = f"{TESTS.parent / 'dashboard'}/"
BY_ITS_NATURE = ("database.py", "engines.py", "sqlite_backups.py")  # they know which kind they are for

Place = tuple[str, int]


class OnBoth:
    """Notes who speaks to which kind of database; at the end says where only SQLite was spoken to.

    Attributes:
        places: for each kind the files and lines that sent a statement.
    """

    def __init__(self) -> None:
        self.places: dict[str, set[Place]] = {"sqlite": set(), "postgresql": set()}
        event.listen(Engine, "before_cursor_execute", self._note)

    def stop(self) -> None:
        event.remove(Engine, "before_cursor_execute", self._note)

    def _note(self, connection: Connection, *_rest: Any) -> None:
        place = next(_places(sys._getframe(1)), None)
        if place and place[0] not in BY_ITS_NATURE:
            self.places[connection.dialect.name].add(place)

    def untried(self) -> list[str]:
        """Where SQLite was spoken to and PostgreSQL never, as `file:line`."""
        return [f"{file}:{line}" for file, line in sorted(self.places["sqlite"] - self.places["postgresql"])]

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """One of several processes has ended: what it has seen is added."""
        for kind, places in getattr(node, "workeroutput", {}).get("places", {}).items():
            self.places[kind] |= {(file, line) for file, line in places}

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["places"] = {kind: sorted(seen) for kind, seen in self.places.items()}
        elif session.exitstatus == pytest.ExitCode.OK and self.places["postgresql"] and self.untried():
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if self.places["postgresql"] and (untried := self.untried()):
            terminalreporter.section("asked of SQLite alone, by no test on PostgreSQL")
            terminalreporter.write_line("\n".join(untried))


def _places(frame: FrameType | None) -> Iterator[Place]:
    """The lines of the program that led here, the innermost first, as far as no test is between."""
    while frame is not None and not frame.f_code.co_filename.startswith(str(TESTS)):
        file = frame.f_code.co_filename.removeprefix(PROGRAM)
        if file != frame.f_code.co_filename:
            yield file, frame.f_lineno
        frame = frame.f_back


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--on-both", action="store_true", help="fail where a statement is tried on SQLite alone")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--on-both"):
        config.pluginmanager.register(OnBoth())
