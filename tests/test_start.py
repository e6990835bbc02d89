"""Starting: what must be right before anything serves, and what happens when it is not."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import insert

from dashboard import start
from dashboard.background import AtOnce
from dashboard.database import Database, wait_for
from dashboard.greeting import own_address
from dashboard.household.tables import member_table
from dashboard.services import utc_now
from dashboard.settings import Settings, read_settings
from dashboard.start import StartStopped, keep_private, prepare
from simulator import Cloud
from tests.databases import Databases
from tests.real_server import Server, children_of, wait_until

ROOT = Path(__file__).parent.parent
ACCOUNT = {"ZAPTEC_USERNAME": "anna@example.invalid", "ZAPTEC_PASSWORD": "secret words"}


def settings_in(folder: Path, **environ: str) -> Settings:
    return read_settings(environ, instance=folder)


CODE = "AAAA-BBBB-CCCC"


def add_somebody(url: str, role: str = "owner") -> None:
    database = Database(url)
    database.migrate()
    person = {"name": "Anna", "name_key": "anna", "role": role, "password_hash": "x", "created_at": utc_now()}
    with database.writing() as connection:
        connection.execute(insert(member_table).values(person))
    database.dispose()


def test_a_first_start_gives_a_setup_code(tmp_path: Path) -> None:
    found = settings_in(tmp_path, **ACCOUNT)
    assert prepare(found, CODE) == CODE
    add_somebody(found.database_url)
    assert prepare(found, CODE) is None


@pytest.mark.parametrize("role", ["owner", "member", "viewer"])
def test_without_an_account_a_household_is_not_replaced_by_the_demo(tmp_path: Path, role: str) -> None:
    add_somebody(settings_in(tmp_path, **ACCOUNT).database_url, role)
    with pytest.raises(StartStopped, match="ZAPTEC_USERNAME and ZAPTEC_PASSWORD are missing"):
        prepare(settings_in(tmp_path), CODE)
    assert not (tmp_path / "demo.db").exists()
    assert prepare(settings_in(tmp_path, DEMO="1"), CODE) is None


def test_neither_is_one_in_the_database_that_is_named(tmp_path: Path, databases: Databases) -> None:
    url = databases.blank()
    add_somebody(url)
    with pytest.raises(StartStopped, match="there is a household in its database"):
        prepare(settings_in(tmp_path / "instance", DATABASE_URL=url), CODE)


def test_the_demo_starts_where_there_is_no_household_yet(tmp_path: Path) -> None:
    prepare(settings_in(tmp_path, **ACCOUNT), CODE)  # a database without people
    assert prepare(settings_in(tmp_path), CODE) is None
    assert (tmp_path / "demo.db").exists()


def test_a_database_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    found = settings_in(tmp_path, **ACCOUNT)
    prepare(found, CODE)
    read_only = replace(found, database_url=f"sqlite:///file:{tmp_path / 'dashboard.db'}?mode=ro&uri=true")
    with pytest.raises(StartStopped, match="The dashboard cannot start: the database cannot be") as error:
        prepare(read_only, CODE)
    assert "INSERT" not in str(error.value)


def test_a_file_that_is_no_database_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "dashboard.db").write_bytes(b"not a database, but long enough to look like one" * 100)
    with pytest.raises(StartStopped, match="file is not a database"):
        prepare(settings_in(tmp_path, **ACCOUNT), CODE)


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    found = replace(settings_in(tmp_path, **ACCOUNT), database_url=f"sqlite:///{tmp_path}/file/x/dashboard.db")
    with pytest.raises(StartStopped, match="cannot be made: Not a directory"):
        prepare(found, CODE)


def test_a_newer_database_is_left_alone(tmp_path: Path) -> None:
    found = settings_in(tmp_path, **ACCOUNT)
    prepare(found, CODE)
    database = Database(found.database_url)
    with database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StartStopped, match=r"the database is newer \(9999\) than this program"):
        prepare(found, CODE)
    database.dispose()


def test_a_server_that_is_not_there_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "wait_for", lambda database: wait_for(database, 0))
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"postgresql+psycopg://u:topsecret@127.0.0.1:{unused.getsockname()[1]}/x"
        with pytest.raises(StartStopped, match="the database cannot be opened") as error:
            prepare(replace(settings_in(tmp_path, **ACCOUNT), database_url=url), CODE)
    assert "topsecret" not in str(error.value)


def test_putting_it_together_asks_nobody(settings: Settings, cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    from app import create_app

    app: Flask = create_app(settings, background=AtOnce)
    assert list(cloud.requests) == []
    app.extensions["services"].database.dispose()


# The real thing: gunicorn, with a port of its own.


def test_a_mistake_in_the_settings_is_one_message_and_exit_1(serve: Callable[..., Server]) -> None:
    server = serve(ZAPTEC_USERNAME="anna@example.invalid", TZ="Nowhere", ZAPTEC_PASWORD="x")
    assert server.process.wait(timeout=60) == 1
    said = server.said()
    assert "The dashboard cannot start:" in said
    for problem in ("ZAPTEC_PASSWORD is missing", "TZ must be", "ZAPTEC_PASWORD is not a setting"):
        assert problem in said
    assert "Traceback" not in said


def test_a_lost_account_is_one_message_and_exit_1(serve: Callable[..., Server], tmp_path: Path) -> None:
    add_somebody(f"sqlite:///{tmp_path / 'instance' / 'dashboard.db'}")
    server = serve()
    assert server.process.wait(timeout=60) == 1
    assert (
        "there is a household in its database, but ZAPTEC_USERNAME and ZAPTEC_PASSWORD are missing" in server.said()
    )
    assert "Traceback" not in server.said()


def test_the_demo_comes_with_its_simulator_and_ends_with_it(serve: Callable[..., Server], tmp_path: Path) -> None:
    server = serve(WEB_CONCURRENCY="2")
    server.wait_until_it_serves()
    assert f"The demo (a simulated charger) is at {server.url}" in server.said()
    simulators = simulators_of(server)
    assert len(simulators) == 1  # once, also with several workers
    assert not (tmp_path / "instance" / "dashboard.db").exists()
    assert server.end() == 0
    assert not Path(f"/proc/{simulators[0]}").exists()
    assert "Traceback" not in server.said()


def simulators_of(server: Server) -> list[str]:
    return [pid for pid in children_of(server) if b"\0simulator\0" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def test_the_simulator_ends_even_if_the_server_is_killed(serve: Callable[..., Server]) -> None:
    server = serve()
    server.wait_until_it_serves()
    (simulator,) = simulators_of(server)
    os.kill(server.process.pid, signal.SIGKILL)
    wait_until(lambda: _is_over(simulator), "the simulator outlives its server")


def _is_over(pid: str) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


def test_several_workers_print_one_setup_code_and_none_when_one_starts_again(
    serve: Callable[..., Server],
) -> None:
    server = serve(**ACCOUNT, ZAPTEC_API_URL="http://127.0.0.1:9", WEB_CONCURRENCY="3")
    server.wait_until_it_serves()
    wait_until(lambda: len(children_of(server)) == 3, "not all workers run")
    killed = children_of(server)[0]
    os.kill(int(killed), signal.SIGKILL)
    wait_until(lambda: killed not in children_of(server) and len(children_of(server)) == 3, "no new worker")
    server.wait_until_it_serves()
    assert server.said().count("enter this setup code:") == 1
    assert server.said().count("The dashboard is at") == 1


def test_after_a_reload_the_setup_code_is_the_one_that_was_printed(serve: Callable[..., Server]) -> None:
    server = serve(**ACCOUNT, ZAPTEC_API_URL="http://127.0.0.1:9")
    server.wait_until_it_serves()
    os.kill(server.process.pid, signal.SIGHUP)
    wait_until(lambda: server.said().count("setup code: ") == 2, "no new worker")
    assert len(set(re.findall(r"setup code: (\S+)", server.said()))) == 1


def test_what_stops_the_start_is_one_message_also_with_several_workers(
    serve: Callable[..., Server], tmp_path: Path
) -> None:
    (tmp_path / "instance").mkdir()
    (tmp_path / "instance" / "dashboard.db").write_bytes(b"not a database, but long enough to look like one" * 100)
    server = serve(**ACCOUNT, WEB_CONCURRENCY="3")
    assert server.process.wait(timeout=60) == 1
    assert server.said().splitlines() == [
        "The dashboard cannot start: the database cannot be used: file is not a database"
    ]


def test_what_a_server_writes_is_for_its_user_alone(serve: Callable[..., Server], tmp_path: Path) -> None:
    instance = tmp_path / "instance"
    instance.mkdir(mode=0o755)
    database = Database(f"sqlite:///{instance / 'dashboard.db'}")
    database.migrate()
    database.dispose()
    (instance / "dashboard.db").chmod(0o644)  # as an older version made it
    (tmp_path / ".env").write_text("THREADS=4\n")
    (tmp_path / ".env").chmod(0o644)
    server = serve(**ACCOUNT, ZAPTEC_API_URL="http://127.0.0.1:9")
    server.wait_until_it_serves()
    assert instance.stat().st_mode & 0o077 == 0
    assert [path.name for path in instance.iterdir() if path.stat().st_mode & 0o077] == []
    assert server.said().count("Others on this machine can read .env") == 1


def test_what_an_older_version_left_open_in_a_crash_is_closed_too(settings: Settings, tmp_path: Path) -> None:
    names = ("house.db", "house.db-wal", "house.db-shm", "house.db.lock", "other.txt")
    for name in names:
        (tmp_path / name).touch(mode=0o644)
    keep_private(replace(settings, database_url=f"sqlite:///{tmp_path / 'house.db'}"))
    assert [name for name in names if (tmp_path / name).stat().st_mode & 0o077] == ["other.txt"]
    assert tmp_path.stat().st_mode & 0o077 == 0


def loaded_by(statement: str, **environ: str) -> set[str]:
    """The modules that a fresh Python has loaded after a statement."""
    program = f"import sys\n{statement}\nprint(*sys.modules)"
    environment = {"PATH": os.environ["PATH"], "SECRET_KEY": "x" * 32, **environ}
    found = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environment | ACCOUNT,
        check=True,
        capture_output=True,
        text=True,
    )
    return set(found.stdout.split())


def test_the_master_stays_light() -> None:
    loaded = loaded_by("import runpy; runpy.run_path('gunicorn.conf.py')")
    assert not loaded & {"sqlalchemy", "flask", "jinja2", "sqlite3", "requests"}


def test_with_sqlite_nothing_of_postgresql_is_loaded(tmp_path: Path) -> None:
    add_somebody(url := f"sqlite:///{tmp_path / 'x.db'}")  # a migration needs Alembic, which loads all it knows
    loaded = loaded_by("import app; app.create_app()", DATABASE_URL=url)
    assert [name for name in sorted(loaded) if "postgresql" in name or "psycopg" in name] == []


def test_a_second_start_says_once_that_one_is_running(serve: Callable[..., Server]) -> None:
    first = serve(DEMO="1")
    first.wait_until_it_serves()
    second = serve(DEMO="1", PORT=str(first.port))
    assert second.process.wait(timeout=60) == 1
    why = f"A dashboard is running on port {first.port} already. For a second one: make run PORT={first.port + 1}"
    lines = second.said().splitlines()  # those of the first are in the same file
    assert lines.count(f"The dashboard cannot start: {why}") == 1
    assert "Traceback" not in second.said()
    assert first.is_serving()


def test_a_server_on_all_addresses_names_those_that_phones_open(serve: Callable[..., Server]) -> None:
    server = serve(DEMO="1", HOST="0.0.0.0")
    server.wait_until_it_serves()
    wait_until(lambda: "Ctrl-C" in server.said(), server.said())
    if own_address():
        assert f"home network: http://{own_address()}:{server.port}" in server.said()
    assert "█" not in server.said()  # a picture in a file or a journal is noise
