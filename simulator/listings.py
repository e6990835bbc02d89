"""Chargers as the cloud describes them, more or less of it by role, and the form of every list.

Shapes: https://github.com/stekker/zaptec (tests with recorded answers).
"""

from typing import Any

from simulator.accounts import OWNER
from simulator.answers import Answer, as_json
from simulator.charger import SimulatedCharger
from simulator.cloud import Cloud, Device
from simulator.request import Request

Json = dict[str, Any]
CREATED = "2023-05-22T17:51:00.487"


def page(request: Request, listed: list[Json]) -> Answer:
    """One page of a list: at most 100, 50 unless asked otherwise."""
    size = request.number("PageSize", 50, 0, 100) or 50
    index = request.number("PageIndex", 0, 0, 2**31 - 1)
    pages = -(-len(listed) // size)
    return as_json({"Pages": pages, "Data": listed[index * size : (index + 1) * size]})


def named_only(request: Request, listed: list[Json]) -> list[Json]:
    """The list as `ReturnIdNameOnly` wants it, if it does."""
    if not request.flag("ReturnIdNameOnly"):
        return listed
    return [{"Id": item["Id"], "Name": item["Name"]} for item in listed]


def listed(cloud: Cloud, device: Device, roles: int) -> Json:
    """An element of `/api/chargers`."""
    is_charger = isinstance(device, SimulatedCharger)
    installation = cloud.installation_of(device.id)
    described: Json = {
        "OperatingMode": int(device.text_of(710) or 0) if isinstance(device, SimulatedCharger) else 0,
        "IsOnline": device.text_of(-2) != "0" if isinstance(device, SimulatedCharger) else True,
        "Id": device.id,
        "MID": device.serial,
        "DeviceId": device.serial,
        "SerialNo": device.name,  # not a serial number: a deprecated copy of the name
        "Name": device.name,
        "CreatedOnDate": CREATED,
        "CircuitId": installation.circuit_id,
        "Active": device.text_of(711) != "0" if isinstance(device, SimulatedCharger) else True,
        "CurrentUserRoles": roles,
        "DeviceType": device.device_type,
        "InstallationName": installation.name,
        "InstallationId": installation.id,
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
