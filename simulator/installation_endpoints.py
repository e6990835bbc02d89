"""The endpoints that tell of installations, and what they tell to whom.

Shapes: https://github.com/stekker/zaptec (tests with recorded answers).
"""

from simulator.accounts import MAINTAINER, OWNER, SimulatedAccount
from simulator.answers import Answer, as_json, empty, unknown_object, without_nulls
from simulator.charger import SimulatedCharger
from simulator.cloud import Cloud
from simulator.installations import SMART, Json, SimulatedInstallation
from simulator.listings import named_only, page
from simulator.request import Mistake, Request, identifier

NEWEST_FIRMWARE = "2.4.0.7"

# What is the same for every installation: first what any role sees, then what owners and service see besides.
ALIKE: Json = {
    "CountryId": "83bffdb1-0a92-4574-bb7b-bd0d17387c17",
    "MaxCurrent": 32.0,
    "Active": True,
    "NetworkType": 4,
    "TimeZoneName": "(UTC+01:00) Central European Time (Berlin)",
}
ALIKE_FOR_OWNERS: Json = {
    "Address": "Examplestreet 1",
    "ZipCode": "0000",
    "City": "Exampletown",
    "Latitude": 59.9,
    "Longitude": 10.7,
    "AvailableCurrentPhase1": 32.0,
    "AvailableCurrentPhase2": 32.0,
    "AvailableCurrentPhase3": 32.0,
    "AvailableCurrentMode": 0,
    "AvailableCurrentScheduleWeekendActive": False,
    "InstallationCategoryId": "d72d6374-7f73-4df5-8056-60635b177421",
    "InstallationCategory": "Private_Installation_Category",
    "UseLoadBalancing": True,
    "AvailableInternetAccessPLC": False,
    "AvailableInternetAccessWiFi": False,
    "AuthenticationType": 0,
    "MessagingEnabled": False,
    "RoutingId": "default",
    "OcppCloudUrlVersion": 0,
    "IsSubscriptionsAvailableForCurrentUser": False,
    "CreatedOnDate": "2023-05-22T17:55:13.78",
    "UpdatedOn": "2026-03-09T10:03:23.35",
    "AvailableFeatures": 471,
    "EnabledFeatures": 0,
    "Feature_PowerManagement_EcoMode_DepartureTime": 360,
    "Feature_PowerManagement_EcoMode_MinEnergy": 10.0,
    "Feature_PowerManagement_Apm_SinglePhaseMappedToPhase": 1,
    "PropertyIsMinimumPowerOfflineMode": False,
    "PropertyOfflineModeAllowAnonymous": False,
    "PropertyExperimentalFeaturesEnabled": 0,
    "PropertyEnergySensorRippleEnabled": False,
    "PropertyEnergySensorRippleNumBits": 1,
    "PropertyEnergySensorRipplePercentBits01": 30,
    "PropertyEnergySensorRipplePercentBits10": 60,
    "PropertyFirmwareAutomaticUpdates": True,
    "PropertySessionMaxStopCount": 0,
}


def list_installations(cloud: Cloud, request: Request, account: SimulatedAccount, _: dict[str, str]) -> Answer:
    """`GET /api/installation`."""
    kind = request.number("InstallationType", -1, 0, SMART)
    wanted_roles = request.number("Roles", 0, 0, 511)
    described = []
    for installation in cloud.installations:
        roles = cloud.roles_at(account, installation)
        if not roles or (wanted_roles and not roles & wanted_roles) or kind not in (-1, installation.kind):
            continue
        if request.text("NameFilter").lower() in installation.name.lower():
            described.append(describe(cloud, installation, roles))
    return page(request, named_only(request, described))


def show_installation(cloud: Cloud, request: Request, account: SimulatedAccount, parts: dict[str, str]) -> Answer:
    """`GET /api/installation/{id}`."""
    installation = _find(cloud, parts["id"])
    roles = cloud.roles_at(account, installation)
    return as_json(describe(cloud, installation, roles)) if roles else empty(403)


def describe(cloud: Cloud, installation: SimulatedInstallation, roles: int) -> Json:
    """An installation as somebody with these roles sees it."""
    chargers = cloud.chargers_of(installation)
    described = ALIKE | {
        "Id": installation.id,
        "Name": installation.name,
        "InstallationType": installation.kind,
        "CurrentUserRoles": roles,
        "TimeZoneIanaName": installation.time_zone,
        "ActiveChargerCount": len(chargers),
    }
    if roles & (OWNER | MAINTAINER):
        required = any(charger.text_of(120) == "1" for charger in chargers)
        described |= ALIKE_FOR_OWNERS | {"IsRequiredAuthentication": required}
    return described


def show_hierarchy(cloud: Cloud, request: Request, account: SimulatedAccount, parts: dict[str, str]) -> Answer:
    """204 without a word where 403 would be expected: custom-components/zaptec#321, September 2025."""
    installation = _find(cloud, parts["id"])
    if not cloud.roles_at(account, installation) & (OWNER | MAINTAINER):
        return empty(204)
    name = installation.name
    circuit = {
        "Id": installation.circuit_id,
        "Name": "Charge circuit",
        "MaxCurrent": 32.0,
        "IsActive": True,
        "Active": True,
        "InstallationId": installation.id,
        "InstallationName": name,
        "Chargers": [without_nulls(_on_the_circuit(charger)) for charger in cloud.chargers_of(installation)],
    }
    tree = {"Id": installation.id, "Name": name, "InstallationName": name, "NetworkType": 4}
    return as_json(tree | {"Circuits": [circuit]})


def _on_the_circuit(charger: SimulatedCharger) -> Json:
    return {
        "Id": charger.id,
        "DeviceId": charger.serial,
        "MID": charger.serial,
        "Name": charger.name,
        "SerialNo": charger.name,
        "Active": True,
        "DeviceType": charger.device_type,
    }


def show_firmware(cloud: Cloud, request: Request, account: SimulatedAccount, parts: dict[str, str]) -> Answer:
    """`GET /api/chargerFirmware/installation/{id}`; without access the same 204."""
    installation = _find(cloud, parts["id"])
    if not cloud.roles_at(account, installation) & (OWNER | MAINTAINER):
        return empty(204)
    return as_json([without_nulls(_firmware_of(charger)) for charger in cloud.chargers_of(installation)])


def _firmware_of(charger: SimulatedCharger) -> Json:
    return {
        "ChargerId": charger.id,
        "DeviceId": charger.serial,
        "IsOnline": charger.text_of(-2) != "0",
        "CurrentVersion": charger.firmware,
        "AvailableVersion": NEWEST_FIRMWARE,
        "DeviceType": charger.device_type,
        "IsUpToDate": charger.firmware == NEWEST_FIRMWARE,
    }


def _find(cloud: Cloud, text: str) -> SimulatedInstallation:
    installation = cloud.find_installation(identifier(text))
    if installation is None:
        raise Mistake(unknown_object("Installation"))
    return installation
