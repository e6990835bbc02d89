"""How the server runs: settings are checked in the master, where a mistake is one message and exit 1.

The demo's simulated cloud is started there too, once for all workers, and ends with the master.
"""

import gc
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from dashboard import logs
from dashboard.household.setup_code import OF_THIS_START
from dashboard.once import Once
from dashboard.running import say_that_we_run, sqlite_file
from dashboard.settings import ROOT, SettingsError, from_environment

os.umask(0o077)  # what is written is for the program's user alone
try:
    settings = from_environment()
except SettingsError as error:
    print(error, file=sys.stderr)
    sys.exit(1)

bind = f"[{settings.host}]:{settings.port}" if ":" in settings.host else f"{settings.host}:{settings.port}"
workers = settings.workers
threads = settings.threads
worker_class = "dashboard.worker.ListeningWorker"
worker_connections = 400  # well below what a process may have open
control_socket_disable = True  # it would be made in the home folder
accesslog = None  # addresses may hold an invitation
loglevel = "warning"
timeout = 60
graceful_timeout = 25
keepalive = 15
max_requests_jitter = 0
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - heartbeat files, not on an SD card
_running: TextIO | None = None  # open in the workers too: so long nobody puts another database in the place of ours
_simulator: subprocess.Popen[str] | None = None
_start = Once()


def on_starting(server) -> None:
    """Before anything else. The master stays light: what needs the database is done in the first worker."""
    logs.set_up()
    stop_where_nobody_can_listen()
    global _running, _simulator
    if settings.is_sqlite:
        _running = say_that_we_run(sqlite_file(settings.database_url))
    if settings.is_demo:
        _simulator, os.environ["DEMO_SIMULATOR"], os.environ["DEMO_PRICE_HOUSE"] = start_simulator()


def stop_where_nobody_can_listen() -> None:
    """Say why in one sentence; not where a socket is taken over from the server before."""
    from dashboard.greeting import why_not_to_listen

    if "GUNICORN_PID" in os.environ or "LISTEN_FDS" in os.environ:
        return
    if why := why_not_to_listen(settings.host, settings.port):
        print(f"The dashboard cannot start: {why}", file=sys.stderr)
        sys.exit(1)


def pre_fork(server, worker) -> None:
    """What the master has by now is not looked through for garbage: looking writes to it, and would copy it."""
    gc.freeze()


def post_fork(server, worker) -> None:
    """Of the workers that start together the first gets everything right, before any of them serves."""
    with _start.by_one_process() as has_to:
        if has_to:
            get_ready(worker)
    if _start.has_failed:
        sys.exit(0)  # the message has been printed; `child_exit` ends the server


def get_ready(worker) -> None:
    from dashboard.greeting import greeting, show_qr_code
    from dashboard.start import StartStopped, prepare

    try:
        with staying_alive(worker):
            code = prepare(settings, OF_THIS_START)
    except StartStopped as error:
        print(error, file=sys.stderr, flush=True)
        return
    _start.succeed()
    print(greeting(settings, code), flush=True)
    show_qr_code(settings)


@contextmanager
def staying_alive(worker) -> Iterator[None]:
    """Tell the master that the worker lives while a database server is waited for, or many rows are migrated."""
    is_over = threading.Event()

    def tell() -> None:
        while not is_over.wait(10):
            worker.notify()

    threading.Thread(target=tell, daemon=True).start()
    try:
        yield
    finally:
        is_over.set()


def child_exit(server, worker) -> None:
    if _start.has_failed:
        stop_simulator()
        server.stop()
        sys.exit(1)


def start_simulator() -> tuple[subprocess.Popen[str], str, str]:
    """The simulated cloud and the price house, on free ports; they end when the pipe closes, however we end."""
    settings.instance.mkdir(parents=True, exist_ok=True)
    world = settings.instance / "demo-world.json"
    command = [sys.executable, "-m", "simulator", "--chargers", "1", "--charging", "--history-years", "1"]
    process = subprocess.Popen(  # noqa: S603 - our own program
        [*command, "--state", str(world), "--until-stdin-closes"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    cloud, prices = (process.stdout.readline() if process.stdout else "" for _ in range(2))
    if "http" not in cloud or "http" not in prices:
        print("The simulated charger did not start.", file=sys.stderr)
        sys.exit(1)
    return process, cloud.split()[-1], prices.split()[-1]


def stop_simulator() -> None:
    if _simulator is not None and _simulator.stdin is not None:
        _simulator.stdin.close()
        _simulator.wait(timeout=10)


def post_worker_init(worker) -> None:
    worker.wsgi.extensions["services"].clock.start()


def worker_exit(server, worker) -> None:
    """A graceful stop: the tick that runs ends, and so does what a press has begun; the requests are counted."""
    if app := getattr(worker, "wsgi", None):
        services = app.extensions["services"]
        for part in (services.clock, services.presses, services.background):
            part.stop()
        services.account.turns.stop()


def on_exit(server) -> None:
    stop_simulator()
