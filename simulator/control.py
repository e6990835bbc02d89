"""The remote control of the simulated cloud, for the demo page and for tests in a browser: /simulator/…"""

from simulator.answers import Answer, as_json
from simulator.cloud import Cloud
from simulator.requests import Request


def is_for_control(request: Request) -> bool:
    return request.path == "/simulator" or request.path.startswith("/simulator/")


def answer(cloud: Cloud, request: Request) -> Answer:
    return as_json({"error": "unknown"}, 404)
