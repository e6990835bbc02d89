"""In which order a run of all tests begins, and what it finds untried on one of the two databases."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from dashboard import leases
from dashboard.database import Database
from tests.on_both import OnBoth
from tests.run import pytest_collection_modifyitems


def test_each_process_begins_with_a_long_test_and_none_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_XDIST_WORKER_COUNT", "2")
    names = ["a", "b", "long 1", "c", "d", "long 2", "e", "long 3"]
    items = [
        SimpleNamespace(name=name, get_closest_marker=lambda _, name=name: name.startswith("long"))
        for name in names
    ]
    pytest_collection_modifyitems(items)  # type: ignore[arg-type]
    assert [item.name for item in items] == ["long 1", "long 3", "a", "b", "long 2", "c", "d", "e"]


def test_what_is_asked_of_sqlite_alone_is_named_until_another_process_has_asked_it_of_postgresql(
    tmp_path: Path,
) -> None:
    database = Database(f"sqlite:///{tmp_path / 'dashboard.db'}")
    seen = OnBoth()
    try:
        database.migrate()
        with database.reading() as connection:
            leases.is_ours(connection, "some lease", "nobody")
    finally:
        seen.stop()
        database.dispose()
    untried = seen.untried()
    assert [place.split(":")[0] for place in untried] == ["leases.py"]
    there = {"postgresql": [[file, int(line)] for file, line in (place.split(":") for place in untried)]}
    seen.pytest_testnodedown(SimpleNamespace(workeroutput={"places": there}))
    assert not seen.untried()
