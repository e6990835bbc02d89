"""Empty databases for tests: SQLite files, or copies on the PostgreSQL that TEST_DATABASE_URL names."""

from __future__ import annotations

import os
import secrets
import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

from sqlalchemy import NullPool, create_engine, insert, select, text
from sqlalchemy.engine import make_url

import app  # noqa: F401 - with it come the tables of all rooms
from dashboard.database import Database, metadata

MIGRATED = "dashboard_migrated"
BLANK = "template0"  # PostgreSQL's own: nothing in it, whatever an administrator adds to each new database

TABLES = metadata.sorted_tables  # what refers to others comes after them


class Databases(Protocol):
    """Makes databases of one kind, all for one test; each answer is an SQLAlchemy address."""

    def migrated(self) -> str:
        """One with our schema and nothing in it."""

    def blank(self) -> str:
        """One without even a schema."""


class SqliteFiles:
    """Databases in a folder, each a copy of a file that was migrated once."""

    def __init__(self, migrated: Path, folder: Path) -> None:
        self._migrated = migrated
        self._folder = folder
        self._count = 0

    def migrated(self) -> str:
        path = self._next()
        path.parent.mkdir(exist_ok=True)
        shutil.copy(self._migrated, path)
        return f"sqlite:///{path}"

    def blank(self) -> str:
        return f"sqlite:///{self._next()}"

    def _next(self) -> Path:
        """The first where the dashboard itself would have it; each further one in a folder not made yet."""
        self._count += 1
        return self._folder / ("" if self._count == 1 else str(self._count)) / "dashboard.db"


class PostgresServer:
    """A server that is there for the tests alone."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url.replace("postgres://", "postgresql://", 1)).set(drivername="postgresql+psycopg")
        self._engine = create_engine(self._url, isolation_level="AUTOCOMMIT", poolclass=NullPool)

    @classmethod
    def from_environment(cls) -> PostgresServer | None:
        """The one to test on; None where there is none."""
        url = os.environ.get("TEST_DATABASE_URL")
        return cls(url) if url else None

    def migrate(self) -> None:
        """Make the database that others are copies of; once, before any worker begins."""
        self.drop(MIGRATED)
        database = Database(self.create(MIGRATED, BLANK))
        database.migrate()
        database.dispose()

    def create(self, name: str, template: str) -> str:
        # Copying the template's files takes a third of the time that writing them to the log does.
        self._do(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return self._url.set(database=name).render_as_string(hide_password=False)

    def drop(self, name: str) -> None:
        """Delete a database, whoever is still connected to it."""
        self._do(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _do(self, statement: str) -> None:
        with self._engine.connect() as connection:
            connection.execute(text(statement))


class SharedCopy:
    """The copy on a server that the tests of one process share: emptying one takes far less than making one."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._engine = create_engine(url)
        with self._engine.connect() as connection:
            found = [(table, connection.execute(select(table)).mappings().all()) for table in TABLES]
        self._seeds = [(table, [dict(row) for row in rows]) for table, rows in found if rows]
        self._delete = text("; ".join(f"DELETE FROM {table.name}" for table in reversed(TABLES)))

    def empty(self) -> str:
        """Leave in it what the migrations have put there; its address."""
        with self._engine.begin() as connection:
            connection.execute(self._delete)
            connection.execute(text("SELECT setval(sequencename::regclass, 1, false) FROM pg_sequences"))
            for table, rows in self._seeds:
                connection.execute(insert(table), rows)
        return self._url

    def close(self) -> None:
        self._engine.dispose()


class PostgresCopies(ExitStack):
    """Databases on a server: first the shared one, then further ones that are deleted on leaving."""

    def __init__(self, server: PostgresServer, shared: SharedCopy) -> None:
        super().__init__()
        self._server = server
        self._shared: SharedCopy | None = shared

    def migrated(self) -> str:
        if self._shared is None:
            return self._new(MIGRATED)
        shared, self._shared = self._shared, None
        return shared.empty()

    def blank(self) -> str:
        return self._new(BLANK)

    def _new(self, template: str) -> str:
        name = f"test_{secrets.token_hex(8)}"
        self.callback(self._server.drop, name)
        return self._server.create(name, template)
