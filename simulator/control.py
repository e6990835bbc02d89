"""The remote control of the simulated cloud, for the demo page and for tests in a browser: /simulator/…

It answers to this machine only, takes no part in faults, and is not counted among the requests. What it moves
shows at once in `/state`, whatever that has told a moment ago.
"""

import inspect
import ipaddress
import json
import math
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Timer
from types import NoneType, UnionType
from typing import Any, get_args
from urllib.parse import parse_qsl

from simulator.answers import Answer, as_json
from simulator.charger import SimulatedCharger
from simulator.cloud import Cloud
from simulator.request import Request
from simulator.verbs import verbs_of

Json = dict[str, Any]


def refuse_connections(cloud: Cloud, seconds: float = 20.0) -> None:
    """Nobody listens for so many real seconds. It begins a moment later, so that this answer gets out."""
    for delay_s, change in ((0.2, cloud.refuse_connections), (0.2 + seconds, cloud.come_back)):
        timer = Timer(delay_s, change)
        timer.daemon = True
        timer.start()


# What may be called from outside, by the name in the address.
CHARGER_VERBS = verbs_of(SimulatedCharger)
CLOUD_VERBS = verbs_of(Cloud) | {"refuse_connections": refuse_connections}


def is_for_control(request: Request) -> bool:
    return request.path == "/simulator" or request.path.startswith("/simulator/")


def answer(cloud: Cloud, request: Request) -> Answer:
    """Tell how the world is, after moving it where the address says so."""
    if not is_from_here(request):
        return as_json({"error": "only from this machine"}, 403)
    parts = request.path.strip("/").split("/")[1:]
    if not parts:
        return as_json(describe(cloud)) if request.method == "GET" else _not_allowed()
    found = _find(cloud, parts)
    if found is None:
        return as_json({"error": "nothing of that name"}, 404)
    if request.method != "POST":
        return _not_allowed()
    subject, verb = found
    try:
        given = arguments(cloud, verb, request)
    except (ValueError, TypeError) as mistake:
        return as_json({"error": str(mistake)}, 400)
    with cloud.lock:
        try:
            verb(subject, **given)
        except (ValueError, TypeError, OverflowError) as mistake:
            return as_json({"error": str(mistake)}, 400)
        cloud.forget_states()
        cloud.changed()
        return as_json(describe(cloud))


def describe(cloud: Cloud) -> Json:
    """The world, and what can be done to it."""
    with cloud.lock:
        now = cloud.catch_up()
        return {
            "now": now.isoformat(),
            "chargers": [_describe_charger(charger) for charger in cloud.chargers],
            "faults": cloud.faults(),
            "commands": [
                {
                    "at": received.at.isoformat(),
                    "charger": charger.id,
                    "command": received.command,
                    "status": received.status,
                    "outcome": received.outcome,
                }
                for charger in cloud.chargers
                for received in charger.received
            ],
            "requests": {kind: cloud.asked(kind) for kind in ("token", "chargers", "state", "command")},
            "verbs": {
                "chargers": [describe_verb(verb) for verb in CHARGER_VERBS.values()],
                "faults": [describe_verb(verb) for verb in CLOUD_VERBS.values()],
            },
        }


def _describe_charger(charger: SimulatedCharger) -> Json:
    car = charger.car
    word = "none" if car is None else "full" if car.is_full else "asleep" if not car.awake else "awake"
    return {
        "id": charger.id,
        "name": charger.name,
        "mode": charger.mode,
        "is_paused": charger.mode == 5 and charger.final_stop,
        "car": "on its own timer" if car is not None and car.on_timer else word,
        "battery": None if car is None else round(car.level, 4),
        "power_w": round(charger.meter.power_w),
        "is_online": charger.online,
        "is_restarting": charger.restarting,
        "commands": charger.commands,
    }


def describe_verb(verb: Callable[..., None]) -> Json:
    parameters = list(inspect.signature(verb).parameters.values())[1:]
    defaults = {p.name: None if p.default is p.empty else p.default for p in parameters}
    return {"name": verb.__name__, "does": (verb.__doc__ or "").split("\n")[0], "arguments": defaults}


def _find(cloud: Cloud, parts: list[str]) -> tuple[object, Callable[..., None]] | None:
    if parts == ["clock", "advance"]:
        return cloud.clock, type(cloud.clock).advance
    if len(parts) == 2 and parts[0] == "faults" and parts[1] in CLOUD_VERBS:
        return cloud, CLOUD_VERBS[parts[1]]
    if len(parts) == 3 and parts[0] == "chargers" and parts[2] in CHARGER_VERBS:
        charger = cloud.find_charger(parts[1])
        return (charger, CHARGER_VERBS[parts[2]]) if charger is not None else None
    return None


def arguments(cloud: Cloud | None, verb: Callable[..., None], request: Request) -> Json:
    """The arguments as the verb wants them, from JSON or a form."""
    text = request.body.decode("utf-8", "replace").strip()
    given = json.loads(text) if text.startswith(("{", "[")) else dict(parse_qsl(text, keep_blank_values=True))
    if not isinstance(given, dict):
        raise ValueError("the arguments have to be an object")
    signature = inspect.signature(verb, eval_str=True)
    bound = signature.bind(None, **given)
    kinds = {name: signature.parameters[name].annotation for name in list(bound.arguments)[1:]}
    return {
        name: _converted(cloud, get_args(kind) if isinstance(kind, UnionType) else (kind,), given[name])
        for name, kind in kinds.items()
        if given[name] != "" or kind is str  # a field left empty in a form means the default
    }


def _converted(cloud: Cloud | None, kinds: tuple[Any, ...], value: Any) -> Any:
    """The value as one of these types, or a ValueError or TypeError that says why not."""
    if value is None and NoneType in kinds:
        return None
    if SimulatedCharger in kinds:
        charger = cloud.find_charger(str(value)) if cloud is not None else None
        if charger is None:
            raise ValueError(f"no charger {value}")
        return charger
    if str in kinds:
        return str(value)
    if bool in kinds:
        return str(value).lower() in ("1", "true", "on", "yes")
    if datetime in kinds:
        at = datetime.fromisoformat(str(value))
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at
    if int in kinds:
        return int(value)
    if float in kinds:
        number = float(value)
        if not math.isfinite(number):
            raise ValueError("a finite number is wanted")
        return number
    return value


def _not_allowed() -> Answer:
    return as_json({"error": "method not allowed"}, 405)


def is_from_here(request: Request) -> bool:
    """From a loopback address, and not sent by a page of another site."""
    from_page = request.headers.get("sec-fetch-site", "none")
    return ipaddress.ip_address(request.peer).is_loopback and from_page in ("none", "same-origin")
