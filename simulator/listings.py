"""Chargers as the cloud describes them, more or less of it by role, and the form of every list.

Shapes: https://github.com/stekker/zaptec (tests with recorded answers).
"""

from typing import Any

from simulator.accounts import OWNER
from simulator.answers import Answer, as_json, without_nulls
from simulator.charger import SimulatedCharger
from simulator.cloud import Cloud
from simulator.readings import number_in
from simulator.request import Request
from simulator.world import Device

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
    return [{"Id": item.get("Id"), "Name": item.get("Name")} for item in listed]


def listed(cloud: Cloud, device: Device, roles: int) -> Json:
    """An element of `/api/chargers`."""
    described = _described(cloud, device) | {"CurrentUserRoles": roles}
    if not isinstance(device, SimulatedCharger):
        return described
    described["IsAuthorizationRequired"] = device.text_of(120) in ("1", "true")
    if roles & OWNER:
        described["Pin"] = "0000"
    return without_nulls(described | device.fields)


def _described(cloud: Cloud, device: Device) -> Json:
    installation = cloud.installation_of(device.id)
    return {
        "OperatingMode": int(number_in(device.text_of(710))),
        "IsOnline": device.text_of(-2) != "0",
        "Id": device.id,
        "MID": device.serial,
        "DeviceId": device.serial,
        "SerialNo": device.name,  # not a serial number: a deprecated copy of the name
        "Name": device.name,
        "CreatedOnDate": CREATED,
        "CircuitId": installation.circuit_id,
        "Active": device.text_of(711) != "0",
        "DeviceType": device.device_type,
        "InstallationName": installation.name,
        "InstallationId": installation.id,
        "AuthenticationType": 0,
    }


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
        reading = number_in(signed.partition('"RV":')[2].partition(",")[0])
        described |= {"SignedMeterValueKwh": reading, "SignedMeterValue": signed}
    return without_nulls(described | device.fields)
