"""Each kind of line has one home: no room can misspell one, and none is there that no room writes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.activity import log
from dashboard.activity.kinds import PEOPLE, LineKind
from tests.conftest import Household

DASHBOARD = Path(__file__).resolve().parents[2] / "dashboard"
ROOMS = [path for path in DASHBOARD.rglob("*.py") if path.parent.name != "activity"]


def named_kinds(source: str) -> set[str]:
    """The X of each LineKind.X in a module."""
    return {
        node.attr
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "LineKind"
    }


def kinds_as_text(source: str) -> Iterator[str]:
    """Each `kind="…"` of a call that records a line."""
    for call in ast.walk(ast.parse(source)):
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "record":
            for keyword in call.keywords:
                if keyword.arg == "kind" and isinstance(keyword.value, ast.Constant):
                    yield str(keyword.value.value)


def test_every_room_names_kinds_that_there_are() -> None:
    used = set().union(*(named_kinds(path.read_text()) for path in ROOMS))
    assert used - set(LineKind.__members__) == set()


def test_every_kind_is_written_by_some_room() -> None:
    used = set().union(*(named_kinds(path.read_text()) for path in ROOMS))
    assert set(LineKind.__members__) - used == set()


def test_no_room_spells_a_kind_out() -> None:
    assert {path.name: kinds for path in ROOMS if (kinds := list(kinds_as_text(path.read_text())))} == {}
    assert list(kinds_as_text('log.record(connection, kind="singed_in")')) == ["singed_in"]


def test_a_misspelt_kind_cannot_be_written(household: Household) -> None:
    with pytest.raises(AttributeError), household.database.writing() as connection:
        log.record(connection, at=household.clock.now(), kind="singed_in")  # type: ignore[arg-type]
    with pytest.raises(AttributeError):
        LineKind.SINGED_IN  # noqa: B018


@pytest.mark.parametrize("kind", LineKind)
def test_each_kind_can_be_told_even_without_any_detail(kind: LineKind) -> None:
    from collections import defaultdict

    assert kind.sentence % defaultdict(str)
    assert LineKind.of(kind.value) is kind


def test_what_another_version_wrote_is_no_kind() -> None:
    assert LineKind.of("a_kind_nobody_knows") is None


def test_every_kind_about_people_is_left_out_of_the_chargers_lines() -> None:
    """The kinds stand in order of what they are about; those about people come first."""
    in_order = list(LineKind)
    assert set(in_order[: in_order.index(LineKind.CHARGER_RENAMED)]) == PEOPLE
