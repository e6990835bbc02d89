"""In which order a run of all tests begins."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

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
