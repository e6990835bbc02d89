"""How the server runs: settings are checked in the master, where a mistake is one message and exit 1.

The demo's simulated cloud is started there too, once for all workers, and ends with the master.
"""

import os
import subprocess
import sys
from pathlib import Path

from dashboard import logs
from dashboard.settings import ROOT, SettingsError, from_environment

try:
    settings = from_environment()
except SettingsError as error:
    print(error, file=sys.stderr)
    sys.exit(1)

bind = f"[{settings.host}]:{settings.port}" if ":" in settings.host else f"{settings.host}:{settings.port}"
workers = settings.workers
threads = settings.threads
worker_class = "gthread"
control_socket_disable = True  # it would be made in the home folder
accesslog = None  # addresses may hold an invitation
loglevel = "warning"
timeout = 60
graceful_timeout = 25
keepalive = 15
max_requests_jitter = 0
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - heartbeat files, not on an SD card
_simulator: subprocess.Popen[str] | None = None


def on_starting(server) -> None:
    """Everything that must be right before the first worker starts."""
    from dashboard.start import StartStopped, prepare

    logs.set_up()
    global _simulator
    try:
        if settings.is_demo:
            _simulator, os.environ["DEMO_SIMULATOR"] = start_simulator()
        code = prepare(settings)
    except StartStopped as error:
        print(error, file=sys.stderr)
        stop_simulator()
        sys.exit(1)
    where = settings.public_url or f"http://{bind.replace('0.0.0.0', '127.0.0.1')}"  # noqa: S104 - only printed
    kind = "The demo (a simulated charger)" if settings.is_demo else "The dashboard"
    print(f"{kind} is at {where} – end it with Ctrl-C.", flush=True)
    if code:
        print(
            f"Nobody owns this dashboard yet. Open {where}/setup and enter this setup code: {code}",
            flush=True,
        )


def start_simulator() -> tuple[subprocess.Popen[str], str]:
    """The simulated cloud, on a free port; it ends when the pipe to it closes, however we end."""
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
    line = process.stdout.readline() if process.stdout else ""
    if "http" not in line:
        print("The simulated charger did not start.", file=sys.stderr)
        sys.exit(1)
    return process, line.split()[-1]


def stop_simulator() -> None:
    if _simulator is not None and _simulator.stdin is not None:
        _simulator.stdin.close()
        _simulator.wait(timeout=10)


def post_worker_init(worker) -> None:
    worker.wsgi.extensions["services"].clock.start()


def worker_exit(server, worker) -> None:
    """A graceful stop: the tick that runs ends, and so does what a press has begun."""
    if app := getattr(worker, "wsgi", None):
        services = app.extensions["services"]
        for part in (services.clock, services.presses, services.background):
            part.stop()


def on_exit(server) -> None:
    stop_simulator()
