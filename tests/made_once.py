"""What thousands of dashboards would work out anew, and always the same: made once for the tests of a process.

A dashboard compiles its addresses when it is put together, and a statement when it is first used: a third of what a
test of a page computes. On PostgreSQL it opens connections besides, and asks the server what it can do: as much as
the rest of a short test. The program, which is put together once, knows nothing of this.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from dashboard import engines

KINDS = ("sqlite://", "postgresql+psycopg://")


def share(patch: pytest.MonkeyPatch) -> None:
    """Let all dashboards of this process share what they have compiled."""
    patch.setattr(Rule, "compile", _compiled_once(Rule.compile))
    statements: LRUCache[Any, Any] = LRUCache(2000)

    def engine(*given: Any, **more: Any) -> Engine:
        made = create_engine(*given, **more)
        made._compiled_cache = statements
        return made

    patch.setattr(engines, "create_engine", engine)
    patch.setattr(PGDialect_psycopg, "initialize", _initialized_once(PGDialect_psycopg.initialize))
    for kind in KINDS:  # a compiled statement is its dialect's; each engine has one of its own, all alike
        dialect = make_url(kind).get_dialect()
        patch.setattr(dialect, "__eq__", lambda self, other: type(self) is type(other))
        patch.setattr(dialect, "__hash__", lambda self: hash(type(self)))


def _compiled_once(compile: Callable[[Rule], None]) -> Callable[[Rule], None]:
    """What makes an address from its rule and finds a rule by its address, made anew only for another rule."""
    made: dict[Hashable, Rule] = {}

    def compile_once(self: Rule) -> None:
        key = (self.rule, self.subdomain, self.host, self.merge_slashes, repr(self.defaults))
        if key not in made:
            compile(self)
            made[key] = self
            return
        first = made[key]
        self._parts, self._trace, self._converters = first._parts, first._trace, first._converters
        self.arguments = set(first.arguments)
        self._build = first._build.__func__.__get__(self)  # type: ignore[attr-defined]
        self._build_unknown = first._build_unknown.__func__.__get__(self)  # type: ignore[attr-defined]

    return compile_once


def _initialized_once(initialize: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """What an engine asks the server at its first connection, such as its version: there is one server only."""
    known: dict[str, Any] = {}

    def once(self: PGDialect_psycopg, connection: Any) -> None:
        if not known:
            before = dict(vars(self))
            initialize(self, connection)
            known.update({name: value for name, value in vars(self).items() if before.get(name) is not value})
        vars(self).update(known)

    return once


@contextmanager
def connections_kept(database: str) -> Iterator[None]:
    """Have each engine close its connections to a database for the next one to take up; at the end, really."""
    kept: list[Any] = []
    connect, close = PGDialect_psycopg.connect, PGDialect_psycopg.do_close

    def take_up(self: PGDialect_psycopg, *given: Any, **more: Any) -> Any:
        return kept.pop() if kept and more.get("dbname") == database else connect(self, *given, **more)

    def lay_by(self: PGDialect_psycopg, connection: Any) -> None:
        is_idle = not connection.closed and connection.info.transaction_status.name == "IDLE"
        if is_idle and connection.info.dbname == database:
            connection.autocommit = False
            kept.append(connection)
        else:
            close(self, connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PGDialect_psycopg, "connect", take_up)
        patch.setattr(PGDialect_psycopg, "do_close", lay_by)
        yield
    for connection in kept:
        connection.close()
