"""A Zaptec cloud to run without one: real HTTP on a real port, moved by verbs.

    cloud = Cloud.household(clock=ManualClock())
    with serve(cloud) as url:
        cloud.charger.plug_in_and_charge()

It writes its own JSON and shares no code with the client, so that it cannot share its mistakes.
"""

from simulator.car import Car
from simulator.charger import SimulatedCharger
from simulator.clock import Clock, ManualClock, RealClock
from simulator.cloud import Cloud
from simulator.server import serve
from simulator.sessions import Person, Session

__all__ = [
    "Car",
    "Clock",
    "Cloud",
    "ManualClock",
    "Person",
    "RealClock",
    "Session",
    "SimulatedCharger",
    "serve",
]
