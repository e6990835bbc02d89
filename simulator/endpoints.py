"""The addresses of the cloud's API and what each answers."""

import json
import re
from collections.abc import Callable
from functools import cache
from importlib import resources

from simulator import history, listings
from simulator.accounts import MAINTAINER, OWNER, SimulatedAccount
from simulator.answers import (
    Answer,
    application_error,
    as_json,
    empty,
    too_many_requests,
    unknown_object,
)
from simulator.asked import kind_of
from simulator.charger import SimulatedCharger
from simulator.cloud import Cloud
from simulator.installation_endpoints import (
    list_installations,
    show_firmware,
    show_hierarchy,
    show_installation,
)
from simulator.installations import SMART
from simulator.request import Mistake, Request, identifier
from simulator.sign_in import discover, sign_in
from simulator.world import Device

Handler = Callable[[Cloud, Request, SimulatedAccount, dict[str, str]], Answer]


def answer(cloud: Cloud, request: Request) -> Answer:
    """Answer one request; the caller holds the cloud's lock."""
    cloud.catch_up()
    path = request.path.lower().rstrip("/")
    turned_off = cloud.troubles.status_instead(kind_of(path), path)
    if turned_off is not None:
        return empty(turned_off)
    if path in OPEN:
        method, handler = OPEN[path]
        return handler(cloud, request) if request.method == method else empty(405)
    return _for_an_account(cloud, request, path)


def _for_an_account(cloud: Cloud, request: Request, path: str) -> Answer:
    found = [(method, match, handler) for method, address, handler in ROUTES if (match := address.fullmatch(path))]
    if not found:
        return empty(404)
    token = request.headers.get("authorization", "").partition(" ")
    now = cloud.clock.now()
    account = cloud.tokens.account_for(token[2].strip(), now) if token[0].lower() == "bearer" else None
    if account is None:
        return Answer(401, content_type="", headers={"WWW-Authenticate": "Bearer"})
    if cloud.rate_limited and not cloud.request_bucket.allows(account.username, now):
        return too_many_requests()
    for method, match, handler in found:
        if method == request.method:
            try:
                return handler(cloud, request, account, match.groupdict())
            except Mistake as mistake:
                return mistake.answer
    return empty(405)


def constants(cloud: Cloud, request: Request) -> Answer:
    """`GET /api/constants`: version 6.5.8 of March 2026, as https://github.com/stekker/zaptec keeps it."""
    return _constants()


@cache
def _constants() -> Answer:
    text = resources.files("simulator").joinpath("constants.json").read_text(encoding="utf-8")
    return as_json(json.loads(text))


def list_chargers(cloud: Cloud, request: Request, account: SimulatedAccount, _: dict[str, str]) -> Answer:
    """`GET /api/chargers`: whatever the account has a role on, narrowed by the query."""
    listed = [
        listings.listed(cloud, device, account.roles[device.id])
        for device in cloud.devices
        if account.roles.get(device.id, 0) and _is_wanted(cloud, device, account, request)
    ]
    return listings.page(request, listings.named_only(request, listed))


def _is_wanted(cloud: Cloud, device: Device, account: SimulatedAccount, request: Request) -> bool:
    roles, kind = request.number("Roles", 0, 0, 511), request.number("InstallationType", -1, 0, SMART)
    installation = cloud.installation_of(device.id)
    return (
        (not roles or account.roles[device.id] & roles != 0)
        and request.text("DeviceType") in ("", str(device.device_type))
        and request.text("InstallationId").lower() in ("", installation.id)
        and kind in (-1, installation.kind)
        and request.text("NameFilter").lower() in device.name.lower()
    )


def show_charger(cloud: Cloud, request: Request, account: SimulatedAccount, parts: dict[str, str]) -> Answer:
    device, roles = _reachable_device(cloud, account, parts["id"])
    return as_json(listings.detailed(cloud, device, roles))


def show_state(cloud: Cloud, request: Request, account: SimulatedAccount, parts: dict[str, str]) -> Answer:
    device, _ = _reachable_device(cloud, account, parts["id"])
    return as_json(cloud.state_of(device))


def send_command(cloud: Cloud, request: Request, account: SimulatedAccount, parts: dict[str, str]) -> Answer:
    device, _ = _reachable_device(cloud, account, parts["id"])
    command = int(parts["command"])
    if not isinstance(device, SimulatedCharger):
        return application_error(527, "Command is not supported by this device")
    troubles = cloud.troubles
    if troubles.command_answer is not None and troubles.command_is_dropped:
        return troubles.command_answer
    verdict = device.receive(command, is_lost=troubles.losing)
    if cloud.on_command is not None:
        cloud.on_command(device, command, verdict.status)
    if troubles.command_answer is not None and (verdict.is_executed or verdict.code is None):
        return troubles.command_answer
    return empty(200) if verdict.code is None else application_error(verdict.code, verdict.details)


def _reachable_device(cloud: Cloud, account: SimulatedAccount, text: str) -> tuple[Device, int]:
    """A charger or sensor the account may read and command; the User role alone is not enough.

    Source: https://github.com/custom-components/zaptec/issues/311
    """
    device_id = identifier(text)
    device = next((known for known in cloud.devices if known.id == device_id), None)
    if device is None:
        raise Mistake(unknown_object("Charger"))
    roles = account.roles.get(device.id, 0)
    if not roles & (OWNER | MAINTAINER):
        raise Mistake(empty(403))
    return device, roles


# What needs no token, with its method.
OPEN: dict[str, tuple[str, Callable[[Cloud, Request], Answer]]] = {
    "/oauth/token": ("POST", sign_in),
    "/.well-known/openid-configuration": ("GET", discover),
    "/api/constants": ("GET", constants),
}


def _routes() -> list[tuple[str, re.Pattern[str], Handler]]:
    addresses: list[tuple[str, str, Handler]] = [
        ("GET", "/api/chargers", list_chargers),
        ("GET", "/api/chargers/{id}", show_charger),
        ("GET", "/api/chargers/{id}/state", show_state),
        ("POST", "/api/chargers/{id}/sendcommand/(?P<command>[0-9]{1,9})", send_command),
        ("GET", "/api/installation", list_installations),
        ("GET", "/api/installation/{id}", show_installation),
        ("GET", "/api/installation/{id}/hierarchy", show_hierarchy),
        ("GET", "/api/chargerfirmware/installation/{id}", show_firmware),
        ("GET", "/api/session/{id}", history.show_session),
        ("GET", "/api/sessions/archived", history.archived_sessions),
        ("GET", "/api/chargehistory", history.charge_history),
    ]
    return [
        (method, re.compile(address.replace("{id}", "(?P<id>[^/]+)")), handler)
        for method, address, handler in addresses
    ]


ROUTES = _routes()
