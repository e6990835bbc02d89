"""What thousands of dashboards would work out anew, and always the same: made once for the tests of a process.

A dashboard compiles its addresses when it is put together, and a statement when it is first used: a third of what a
test of a page computes. The program, which is put together once, knows nothing of this.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from dashboard import database

KINDS = ("sqlite://", "postgresql+psycopg://")


def share(patch: pytest.MonkeyPatch) -> None:
    """Let all dashboards of this process share what they have compiled."""
    patch.setattr(Rule, "_compile_builder", _once(Rule._compile_builder))
    statements: LRUCache[Any, Any] = LRUCache(2000)

    def engine(*given: Any, **more: Any) -> Engine:
        made = create_engine(*given, **more)
        made._compiled_cache = statements
        return made

    patch.setattr(database, "create_engine", engine)
    for kind in KINDS:  # a compiled statement is its dialect's; each engine has one of its own, all alike
        dialect = make_url(kind).get_dialect()
        patch.setattr(dialect, "__eq__", lambda self, other: type(self) is type(other))
        patch.setattr(dialect, "__hash__", lambda self: hash(type(self)))


def _once(compile: Callable[[Rule, bool], Callable[..., Any]]) -> Callable[[Rule, bool], Callable[..., Any]]:
    """The function that makes an address from its rule, made anew only for a rule that is another."""
    made: dict[Hashable, Callable[..., Any]] = {}

    def builder(rule: Rule, append_unknown: bool = True) -> Callable[..., Any]:
        key = (append_unknown, tuple(rule._trace), repr(rule.defaults), frozenset(rule.arguments))
        if key not in made:
            made[key] = compile(rule, append_unknown)
        return made[key]

    return builder
