"""A Zaptec cloud to run without one: real HTTP on a real port, moved by verbs.

    cloud = Cloud.household(clock=ManualClock())
    with serve(cloud) as url:
        cloud.charger.plug_in_and_charge()

It writes its own JSON and shares no code with the client, so that it cannot share its mistakes.

Where what is: `charger` is one box, built of `charger_parts`, and moved by the verbs in `car_verbs`,
`charger_verbs` and `reading_verbs`; `charging`, `stays`, `reporting` and `obeying` say how it behaves. `world` is
all there is, `cloud` and `faults` what can go wrong with it, `endpoints` what it answers, `server` the port, and
`control` the remote control: `GET /simulator` lists every verb. `price_house` is another house altogether, with the
prices of the exchange: `serve_prices` serves it.
"""

from simulator.car import Car
from simulator.charger import SimulatedCharger
from simulator.clock import ManualClock, MovableClock, RealClock
from simulator.cloud import Cloud
from simulator.price_house import PriceHouse
from simulator.price_server import serve_prices
from simulator.server import serve
from simulator.sessions import Session, SessionUser

__all__ = [
    "Car",
    "Cloud",
    "ManualClock",
    "MovableClock",
    "PriceHouse",
    "RealClock",
    "Session",
    "SessionUser",
    "SimulatedCharger",
    "serve",
    "serve_prices",
]
