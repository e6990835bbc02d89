"""Chargers and the installation as the cloud describes them, more or less of it by role.

Shapes: https://github.com/stekker/zaptec (tests with recorded answers).
"""

from typing import Any

from simulator.accounts import MAINTAINER, OWNER, Account
from simulator.answers import Answer, as_json, empty, unknown_object
from simulator.charger import SimulatedCharger
from simulator.cloud import CIRCUIT_ID, HOME_ID, Cloud, Device
from simulator.request import Mistake, Request, identifier

Json = dict[str, Any]
CREATED = "2023-05-22T17:51:00.487"
NEWEST_FIRMWARE = "2.4.0.7"


def page(request: Request, listed: list[Json]) -> Answer:
    """One page of a list: at most 100, 50 unless asked otherwise."""
    size = request.number("PageSize", 50, 0, 100) or 50
    index = request.number("PageIndex", 0, 0, 2**31 - 1)
    pages = -(-len(listed) // size)
    return as_json({"Pages": pages, "Data": listed[index * size : (index + 1) * size]})


def listed(cloud: Cloud, device: Device, roles: int) -> Json:
    """An element of `/api/chargers`."""
    is_charger = isinstance(device, SimulatedCharger)
    described: Json = {
        "OperatingMode": int(device.text_of(710) or 0) if isinstance(device, SimulatedCharger) else 0,
        "IsOnline": device.text_of(-2) != "0" if isinstance(device, SimulatedCharger) else True,
        "Id": device.id,
        "MID": device.serial,
        "DeviceId": device.serial,
        "SerialNo": device.name,  # not a serial number: a deprecated copy of the name
        "Name": device.name,
        "CreatedOnDate": CREATED,
        "CircuitId": CIRCUIT_ID,
        "Active": device.text_of(711) != "0" if isinstance(device, SimulatedCharger) else True,
        "CurrentUserRoles": roles,
        "DeviceType": device.device_type,
        "InstallationName": cloud.installation_name,
        "InstallationId": HOME_ID,
        "AuthenticationType": 0,
    }
    if isinstance(device, SimulatedCharger):
        described["IsAuthorizationRequired"] = device.text_of(120) in ("1", "true")
    if is_charger and roles & OWNER:
        described["Pin"] = "0000"
    return described


def detailed(cloud: Cloud, device: Device, roles: int) -> Json:
    """The answer of `/api/chargers/{id}`."""
    described = listed(cloud, device, roles)
    if not isinstance(device, SimulatedCharger):
        return described
    described |= {
        "HasSessions": bool(device.sessions or cloud.past_sessions),
        "PropertyPinOfflinePhase": False,
        "PropertyAuthenticationDisabled": False,
    }
    signed = device.text_of(554)
    if roles & OWNER and signed:
        reading = signed.partition('"RV":')[2].partition(",")[0]
        described |= {"SignedMeterValueKwh": float(reading or 0), "SignedMeterValue": signed}
    return described


def list_installations(cloud: Cloud, request: Request, account: Account, _: dict[str, str]) -> Answer:
    return page(request, [_installation(cloud, account)] if account.roles_at_home else [])


def show_installation(cloud: Cloud, request: Request, account: Account, parts: dict[str, str]) -> Answer:
    _require_home(parts["id"])
    return as_json(_installation(cloud, account)) if account.roles_at_home else empty(403)


def show_hierarchy(cloud: Cloud, request: Request, account: Account, parts: dict[str, str]) -> Answer:
    """204 without a word where 403 would be expected: custom-components/zaptec#321, September 2025."""
    _require_home(parts["id"])
    if not account.roles_at_home & (OWNER | MAINTAINER):
        return empty(204)
    chargers = [
        {
            "Id": charger.id,
            "DeviceId": charger.serial,
            "MID": charger.serial,
            "Name": charger.name,
            "SerialNo": charger.name,
            "Active": True,
            "DeviceType": charger.device_type,
        }
        for charger in cloud.chargers
    ]
    circuit = {
        "Id": CIRCUIT_ID,
        "Name": "Charge circuit",
        "MaxCurrent": 32.0,
        "IsActive": True,
        "Active": True,
        "InstallationId": HOME_ID,
        "InstallationName": cloud.installation_name,
        "Chargers": chargers,
    }
    name = cloud.installation_name
    home = {"Id": HOME_ID, "Name": name, "InstallationName": name, "NetworkType": 4}
    return as_json(home | {"Circuits": [circuit]})


def show_firmware(cloud: Cloud, request: Request, account: Account, parts: dict[str, str]) -> Answer:
    _require_home(parts["id"])
    if not account.roles_at_home & (OWNER | MAINTAINER):
        return empty(204)
    return as_json(
        [
            {
                "ChargerId": charger.id,
                "DeviceId": charger.serial,
                "IsOnline": charger.text_of(-2) != "0",
                "CurrentVersion": charger.firmware,
                "AvailableVersion": NEWEST_FIRMWARE,
                "DeviceType": charger.device_type,
                "IsUpToDate": charger.firmware == NEWEST_FIRMWARE,
            }
            for charger in cloud.chargers
        ]
    )


def _require_home(text: str) -> None:
    if identifier(text) != HOME_ID:
        raise Mistake(unknown_object("Installation"))


def _installation(cloud: Cloud, account: Account) -> Json:
    roles = account.roles_at_home
    described: Json = {
        "Id": HOME_ID,
        "Name": cloud.installation_name,
        "CountryId": "83bffdb1-0a92-4574-bb7b-bd0d17387c17",
        "InstallationType": 1,
        "MaxCurrent": 32.0,
        "Active": True,
        "NetworkType": 4,
        "CurrentUserRoles": roles,
        "TimeZoneName": "(UTC+01:00) Central European Time (Berlin)",
        "TimeZoneIanaName": cloud.time_zone,
        "ActiveChargerCount": len(cloud.chargers),
    }
    if roles & (OWNER | MAINTAINER):
        described |= {
            "Address": "Examplestreet 1",
            "ZipCode": "0000",
            "City": "Exampletown",
            "Latitude": 59.9,
            "Longitude": 10.7,
            "AvailableCurrentPhase1": 32.0,
            "AvailableCurrentPhase2": 32.0,
            "AvailableCurrentPhase3": 32.0,
            "AvailableCurrentMode": 0,
            "UseLoadBalancing": True,
            "IsRequiredAuthentication": any(c.text_of(120) == "1" for c in cloud.chargers),
            "AuthenticationType": 0,
            "MessagingEnabled": False,
            "RoutingId": "default",
            "CreatedOnDate": "2023-05-22T17:55:13.78",
            "UpdatedOn": "2026-03-09T10:03:23.35",
            "AvailableFeatures": 471,
            "EnabledFeatures": 0,
            "PropertyFirmwareAutomaticUpdates": True,
        }
    return described
