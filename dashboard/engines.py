"""How each kind of database is connected to."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sqlalchemy import URL, Connection, Engine, create_engine, event


def of_sqlite(url: URL, patience_ms: int, patience_now_ms: Callable[[], int]) -> Engine:
    """A file. A writing transaction begins as one, waits as long as `patience_now_ms` says, and is alone.

    The driver is in autocommit, BEGIN comes from here: with its defaults a transaction that reads first and writes
    later can lose an update without a word.
    """
    engine = create_engine(
        url,
        hide_parameters=True,  # they would be in tracebacks: hashes, names
        connect_args={"isolation_level": None, "timeout": patience_ms / 1000},
        pool_size=16,
        max_overflow=32,
    )
    event.listen(engine, "connect", partial(_prepare, patience_ms))
    event.listen(engine, "begin", partial(_begin, patience_now_ms))
    return engine


def of_server(url: URL) -> Engine:
    """A PostgreSQL.

    Raises:
        ImportError: its driver is not installed.
    """
    return create_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=8,
        max_overflow=16,
        connect_args={"connect_timeout": 5},
    )


def _prepare(patience_ms: int, connection: object, _record: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute(f"PRAGMA busy_timeout = {patience_ms}")
    cursor.close()


def _begin(patience_now_ms: Callable[[], int], connection: Connection) -> None:
    if not connection.get_execution_options().get("is_reading"):
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {patience_now_ms()}")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
