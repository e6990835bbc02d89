"""The one thing processes share: SQLite by default, PostgreSQL when `DATABASE_URL` says so."""

from __future__ import annotations

import fcntl
import os
import shutil
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import has_request_context, request
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Index,
    LargeBinary,
    MetaData,
    Table,
    event,
    inspect,
    text,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.types import TypeDecorator

from dashboard import engines

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
MIGRATION_LOCK = 7_247_1  # any number, as long as only our migrations take this advisory lock
LEAST_SPACE_BYTES = 1_000_000
# How long to wait on SQLite while another program writes: a page is not to hang, and a press answers within 3 s.
PATIENCE_MS, PRESSING_PATIENCE_MS, LOOKING_PATIENCE_MS = 15_000, 2_000, 100

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class DatabaseUnusable(Exception):
    """The database cannot be opened, read or written; the message says which and why."""


def unique_among(name: str, *columns: Column[Any], where: ColumnElement[bool]) -> Index:
    """A unique index over the rows for which something holds.

    Both databases have it, but each as a keyword of its own dialect: naming PostgreSQL's where the table is
    defined would load all of PostgreSQL's, some megabytes and 70 ms, also where SQLite is used.
    """
    return Index(name, *columns, unique=True, info={"where": where})


@event.listens_for(Table, "before_create")
def _limit_indexes(table: Table, connection: Connection, **_rest: Any) -> None:
    for index in table.indexes:
        if "where" in index.info:
            index.dialect_options[connection.dialect.name]["where"] = index.info["where"]


class UtcTime(TypeDecorator[datetime]):
    """An aware moment, in UTC wherever it is stored."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class CompressedText(TypeDecorator[str]):
    """A long text that is written often: a third of its size, so that it fits into one page of the file."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else zlib.compress(value.encode())

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else zlib.decompress(value).decode()


class Database:
    """An engine, with one way to read and one way to write.

    Attributes:
        problem: why it cannot be used, for the shell's commands, one of which may mend it; empty otherwise.

    Raises:
        DatabaseUnusable: there is no place for it.
    """

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.problem = ""
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self._make_folder()
            self.engine = engines.of_sqlite(self.url, PATIENCE_MS, _patience_ms)
        else:
            self.engine = self._of_server()
        if self.is_sqlite:  # the driver is in autocommit anyway; saying so costs a PRAGMA for each question
            self._reader = self.engine.execution_options(is_reading=True)
        else:
            self._reader = self.engine.execution_options(isolation_level="AUTOCOMMIT")

    def _of_server(self) -> Engine:
        try:
            return engines.of_server(self.url)
        except ImportError as error:
            why = "DATABASE_URL names a PostgreSQL, whose driver is not on this machine (there is none for 32 bits)"
            raise DatabaseUnusable(f"{why}: leave DATABASE_URL out, or take a 64-bit system") from error

    def _make_folder(self) -> None:
        if (self.url.database or "").startswith("file:"):
            return  # a URI, which may say that nothing is to be made
        folder = Path(self.url.database or "").parent
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise DatabaseUnusable(f"the database's folder {folder} cannot be made: {in_short(error)}") from error
        with suppress(OSError):  # where it cannot be made, SQLite says so at the first connection
            os.close(private_file(Path(self.url.database or "")))  # or everybody on this machine could read it

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for SELECTs; each sees what is committed."""
        with self._reader.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that may write; on SQLite it is the only one from its beginning on."""
        with self.engine.begin() as connection:
            yield connection

    def has_no_space(self) -> bool:
        """Whether the disk under an SQLite file is (nearly) full: then nothing can be written any more."""
        if not self.is_sqlite:
            return False
        try:
            return shutil.disk_usage(Path(self.url.database or "").parent).free < LEAST_SPACE_BYTES
        except OSError:
            return False

    def revision(self) -> str | None:
        """The schema's revision; None for an empty database."""
        try:
            with self.reading() as connection:
                if not inspect(connection).has_table("alembic_version"):
                    return None
                return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        except DBAPIError as error:
            raise DatabaseUnusable(f"the database cannot be read: {in_short(error)}") from error

    def migrate(self) -> None:
        """Bring the schema up to date; safe when several processes start at once.

        Raises:
            DatabaseUnusable: it cannot be opened or written, or it is newer than this program.
        """
        newest, known = revisions()
        found = self.revision()
        if found == newest:
            return
        if found is not None and found not in known:
            raise DatabaseUnusable(f"the database is newer ({found}) than this program ({newest}): update it")
        try:
            with self._only_one():
                if self.revision() != newest:
                    self._upgrade()
        except (DBAPIError, OSError) as error:
            raise DatabaseUnusable(f"the database cannot be written: {in_short(error)}") from error

    def _upgrade(self) -> None:
        from alembic import command  # about 60 ms, and rarely needed
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        with self.engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    @contextmanager
    def _only_one(self) -> Iterator[None]:
        if self.is_sqlite:
            with open(f"{self.url.database}.lock", "w", opener=_private_opener) as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                yield
        else:
            with self.engine.connect() as connection:
                connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": MIGRATION_LOCK})
                try:
                    yield
                finally:
                    connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": MIGRATION_LOCK})

    def dispose(self) -> None:
        self.engine.dispose()


def upsert(connection: Connection, table: Table) -> Any:
    """An INSERT that knows `on_conflict_do_update`, which each database spells in a dialect of its own."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert  # 70 ms that SQLite need not wait for
    else:
        from sqlalchemy.dialects.sqlite import insert  # type: ignore[assignment]
    return insert(table)


def revisions() -> tuple[str, set[str]]:
    """The newest revision this program has, and all of them; a revision is its file's first four digits."""
    names = sorted(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    return names[-1], set(names)


def wait_for(database: Database, seconds: float = 30) -> None:
    """Wait until a database server that starts beside us answers."""
    until = time.monotonic() + seconds
    while True:
        try:
            with database.reading() as connection:
                connection.execute(text("SELECT 1"))
            return
        except OperationalError as error:
            if database.is_sqlite or time.monotonic() > until:
                raise DatabaseUnusable(f"the database cannot be opened: {in_short(error)}") from error
            time.sleep(0.5)  # at start only, before there is a thread or a request that it could hold up


def _patience_ms() -> int:
    """How long to wait for a lock that somebody else holds: whoever looks not at all, whoever presses a moment."""
    if not has_request_context():
        return PATIENCE_MS
    return LOOKING_PATIENCE_MS if request.method in ("GET", "HEAD") else PRESSING_PATIENCE_MS


def in_short(error: BaseException) -> str:
    """The database's own word for it, without the statement, its values or the address."""
    cause = getattr(error, "orig", None) or error
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror
    return str(cause).strip().splitlines()[0].split(" at ")[0][:120] if str(cause) else type(cause).__name__


def private_file(path: Path) -> int:
    """Open a new file that only its owner may read."""
    return os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)


def _private_opener(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
