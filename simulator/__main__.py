"""Run a simulated Zaptec cloud by hand, or as the demo's: `python -m simulator --help`."""

import argparse
import signal
import sys
from pathlib import Path
from threading import Event, Thread

from simulator.charger import SimulatedCharger
from simulator.clock import RealClock
from simulator.cloud import Cloud
from simulator.price_house import PriceHouse
from simulator.price_server import serve_prices
from simulator.server import serve
from simulator.world_file import load, save


def main(arguments: list[str] | None = None) -> None:
    options = parse(arguments)
    cloud = world(options)
    cloud.on_command = log_command
    if options.state is not None:
        cloud.on_change = lambda: keep(cloud, options.state)
        cloud.changed()
    ended = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    if options.until_stdin_closes:
        Thread(target=wait_for_end_of_input, args=(ended,), daemon=True).start()
    try:
        prices = serve_prices(PriceHouse(cloud.clock), options.host, options.price_port)
        with serve(cloud, options.host, options.port) as url, prices as price_url:
            print(f"simulator listening on {url}", flush=True)
            print(f"price house listening on {price_url}", flush=True)
            ended.wait()
    except OSError as reason:
        sys.exit(f"simulator cannot listen on {options.host} port {options.port}: {reason.strerror}")


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m simulator", description="A simulated Zaptec cloud.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0, the default, takes a free one")
    parser.add_argument("--price-port", type=int, default=0, help="of the price house, likewise")
    parser.add_argument("--household", action="store_true", help="the default world: Carport and Guest place")
    parser.add_argument("--chargers", type=int, metavar="N", help="a world with N chargers instead")
    parser.add_argument("--charging", action="store_true", help="begin with a car that charges")
    parser.add_argument("--speed", type=float, default=1.0, metavar="X", help="simulated seconds per second")
    parser.add_argument("--state", type=Path, metavar="FILE", help="keep the world here and go on from it")
    parser.add_argument("--history-years", type=float, default=0.0, metavar="N", help="invent past sessions")
    parser.add_argument("--until-stdin-closes", action="store_true", help="end when standard input does")
    options = parser.parse_args(arguments)
    if options.household and options.chargers is not None:
        parser.error("--household and --chargers exclude each other")
    if options.chargers is not None and not 1 <= options.chargers <= 200:
        parser.error("--chargers takes 1 to 200")
    if options.speed <= 0 or not 0 <= options.history_years <= 30:
        parser.error("--speed has to be above 0, --history-years 0 to 30")
    return options


def world(options: argparse.Namespace) -> Cloud:
    """The world that was kept, else a new one."""
    kept = load(options.state, speed=options.speed) if options.state is not None else None
    if kept is not None:
        return kept
    clock = RealClock(options.speed)
    cloud = Cloud.household(clock, rate_limited=True)
    if options.chargers is not None:
        names = ["Carport", "Guest place", *(f"Space {number}" for number in range(3, options.chargers + 1))]
        cloud = Cloud.household(clock, names=names[: options.chargers], rate_limited=True)
    if options.history_years:
        cloud.add_history(years=options.history_years)
    if options.charging:
        cloud.charger.plug_in_and_charge()
    return cloud


def log_command(charger: SimulatedCharger, command: int, status: int) -> None:
    print(f"command {command} …{charger.id[-6:]} {status}", file=sys.stderr, flush=True)


def keep(cloud: Cloud, path: Path) -> None:
    """Write the world down; a full disk is said and does not stop the simulation."""
    try:
        save(cloud, path)
    except OSError as reason:
        print(f"simulator cannot write {path}: {reason.strerror}", file=sys.stderr, flush=True)


def wait_for_end_of_input(ended: Event) -> None:
    """A parent that dies closes its end of the pipe, and takes the simulator along."""
    while sys.stdin is not None and sys.stdin.buffer.read(4096):
        pass
    ended.set()


if __name__ == "__main__":
    main()
