"""`python -m simulator`, the file it keeps, and the server's own manners."""

import json
import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest

import simulator.clock
from simulator import Cloud, ManualClock, RealClock, serve
from simulator.__main__ import parse, world
from simulator.world_file import load, save


@pytest.fixture
def run():
    """Starts the program; ends it with the test."""
    started = []

    def run(*arguments):
        program = subprocess.Popen(
            [sys.executable, "-m", "simulator", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(program)
        return program, program.stdout.readline().strip()

    yield run
    for program in started:
        program.kill()
        program.wait()
        for pipe in (program.stdin, program.stdout, program.stderr):
            pipe.close()


def ask(url, method, path, body=b"", token=""):
    connection = HTTPConnection(url.removeprefix("http://"), timeout=60)
    connection.request(method, path, body, {"Authorization": f"Bearer {token}"} if token else {})
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    return answer.status, json.loads(text) if text else None


def test_it_says_where_it_listens_logs_each_command_once_and_ends_with_its_input(run):
    program, line = run("--household", "--charging", "--until-stdin-closes")
    assert line.startswith("simulator listening on http://127.0.0.1:")
    url = line.split()[-1]
    prices = program.stdout.readline().strip()
    assert prices.startswith("price house listening on http://127.0.0.1:")
    assert ask(prices.split()[-1], "GET", "/simulator")[1]["faults"] == []
    form = {"grant_type": "password", "username": "demo@example.invalid", "password": "demo"}
    token = ask(url, "POST", "/oauth/token", urlencode(form).encode())[1]["access_token"]
    charger_id = ask(url, "GET", "/api/chargers", token=token)[1]["Data"][0]["Id"]
    assert ask(url, "POST", f"/api/chargers/{charger_id}/sendCommand/506", token=token)[0] == 200
    program.stdin.close()
    assert program.wait(timeout=60) == 0
    assert program.stderr.read() == "command 506 …555555 200\n"


def test_a_signal_ends_it(run):
    program, _ = run()
    os.kill(program.pid, signal.SIGTERM)
    assert program.wait(timeout=60) == 0


def test_a_taken_port_is_said_in_one_line(run, url):
    program, line = run("--port", url.rsplit(":", 1)[1])
    assert line == ""
    assert program.wait(timeout=60) == 1
    assert "Traceback" not in (told := program.stderr.read())
    assert "cannot listen" in told


def test_options_make_the_world():
    cloud = world(parse(["--chargers", "3", "--history-years", "0.2"]))
    assert [charger.name for charger in cloud.chargers] == ["Carport", "Guest place", "Space 3"]
    assert cloud.sessions()
    assert cloud.rate_limited
    for wrong in (["--chargers", "0"], ["--household", "--chargers", "2"], ["--speed", "0"]):
        with pytest.raises(SystemExit):
            parse(wrong)


def test_a_kept_world_goes_on_where_it_was(tmp_path):
    file = tmp_path / "deep" / "world.json"
    clock = ManualClock()
    clock.advance(seconds=(10 * 365) * 86_400)  # far ahead, so that the loaded clock goes on from there
    cloud = Cloud.household(clock)
    cloud.add_history(years=0.3)
    cloud.charger.plug_in_and_charge()
    clock.advance(seconds=3600)
    cloud.charger.unplug()
    cloud.charger.plug_in_and_charge(level=0.5)
    cloud.chargers[1].plug_in(car_asks=False)
    cloud.charger.receive(506)
    clock.advance(seconds=2)
    cloud.take_role_away(cloud.chargers[1])
    save(cloud, file)
    again = load(file)
    assert again is not None
    assert timedelta(0) <= again.clock.now() - clock.now() < timedelta(seconds=5)
    again.clock.advance(seconds=10)
    again.catch_up()
    assert (again.charger.text_of(710), again.charger.text_of(718)) == ("5", "1")
    assert again.charger.commands == [506]
    assert again.charger.session.id == cloud.charger.session.id
    assert again.chargers[1].mode == 2
    assert [s.to_json() for s in again.sessions()] == [s.to_json() for s in cloud.sessions()]
    assert again.accounts[0].roles == cloud.accounts[0].roles
    assert [path.name for path in file.parent.iterdir()] == ["world.json"]


@pytest.fixture
def world_before(tmp_path):
    """A world as it was written before chargers were built of parts: one is being paused, one has no line."""
    file = tmp_path / "world.json"
    file.write_text((Path(__file__).parent / "world-before.json").read_text())
    return file


def later(cloud, seconds):
    for charger in cloud.chargers:
        charger.catch_up(charger.at + timedelta(seconds=seconds))


def test_a_world_written_by_an_earlier_version_goes_on(world_before):
    cloud = load(world_before)
    assert (cloud.charger.mode, cloud.charger.text_of(718), cloud.charger.commands) == (3, "0", [506])
    kwh = cloud.charger.meter.kwh
    later(cloud, 10)
    assert (cloud.charger.text_of(710), cloud.charger.text_of(718), cloud.charger.text_of(513)) == (
        "5",
        "1",
        "0.000",
    )
    assert kwh < cloud.charger.meter.kwh < kwh + 0.05
    assert cloud.chargers[1].text_of(-2) == "0"
    assert cloud.chargers[1].sessions == []
    cloud.chargers[1].come_online()
    assert [session.offline for session in cloud.chargers[1].sessions] == [True]
    assert cloud.accounts[0].roles[cloud.chargers[1].id] == 1
    assert len(cloud.sessions()) > 3


OLDER_NAMES = (
    *("_pause_accepted", "_ramp_down", "_pause_done", "_resume_accepted", "_resume_done"),
    *("_deauthorize", "_look_unplugged", "_connect_again", "_restart_begins", "_restart_ends"),
    *("_pulse", "_full_hour", "_tick", "_slow_report", "_report_power", "_report_pulse_interval"),
    *("_begin_charging", "_close_relay", "_give_up_on_full_car", "_schedule_ends"),
)


@pytest.mark.parametrize("name", OLDER_NAMES)
def test_whatever_was_to_come_in_an_earlier_version_still_comes(world_before, name):
    kept = json.loads(world_before.read_text())
    charger = kept["chargers"][0]
    charger["queue"] = [[charger["at"], 1, name, []]]
    world_before.write_text(json.dumps(kept))
    cloud = load(world_before)
    assert len(list(cloud.charger.timeline)) == 1
    later(cloud, 600)
    assert cloud.charger.mode in (1, 2, 3, 5)


def test_a_damaged_file_is_put_aside(tmp_path, capsys):
    file = tmp_path / "world.json"
    assert load(file) is None
    file.write_text('{"version": 1, "now"')
    assert load(file) is None
    assert "begins anew" in capsys.readouterr().err
    assert (tmp_path / "world.json.broken").exists()


def test_the_file_is_written_when_the_world_is_moved(run, tmp_path):
    file = tmp_path / "world.json"
    _, line = run("--state", str(file))
    path = "/simulator/chargers/11111111-2222-4333-8444-555555555555/plug_in_full"
    assert ask(line.split()[-1], "POST", path)[0] == 200
    assert json.loads(file.read_text())["chargers"][0]["car"]["level"] == 1.0


def test_starting_and_stopping_leaves_neither_thread_nor_port_behind():
    before = {thread for thread in threading.enumerate() if thread.name == "simulator"}
    for _ in range(3):
        with serve(Cloud.household(ManualClock())) as url:
            port = int(url.rsplit(":", 1)[1])
        assert {thread for thread in threading.enumerate() if thread.name == "simulator"} == before
        with serve(Cloud.household(ManualClock()), port=port) as again:
            assert again == url


def test_one_connection_serves_many_requests(client):
    socket_before = client.connection.sock
    for _ in range(5):
        client.state()
        client.post("/api/nothing", b"a body nobody reads")
    assert client.connection.sock is socket_before


def test_many_may_ask_at_once(cloud, client, url):
    cloud.charger.plug_in_and_charge()
    path = f"/api/chargers/{cloud.charger.id}/state"
    statuses = []

    def look():
        for _ in range(10):
            statuses.append(ask(url, "GET", path, token=client.token)[0])
            cloud.charger.warn(2)

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 80


def test_a_fast_clock_runs_ahead(monkeypatch):
    seconds = iter((100.0, 100.0, 100.01))
    monkeypatch.setattr(simulator.clock, "time", SimpleNamespace(monotonic=lambda: next(seconds)))
    clock = RealClock(speed=10_000)
    before = clock.now()
    assert clock.now() - before == timedelta(seconds=100)
