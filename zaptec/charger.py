"""A charger as the account lists it, and the site it belongs to. Its readings are in `zaptec.state`."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, IntFlag, StrEnum

from zaptec.modes import OperationMode
from zaptec.observation import Observation
from zaptec.state import ChargerState
from zaptec.values import as_flag, as_identifier, as_int, as_name, as_text, field, json_object

__all__ = [
    "AccountRole",
    "AuthenticationType",
    "Charger",
    "ChargerState",
    "Family",
    "Installation",
    "Observation",
    "OperationMode",
    "family_of",
]


class Family(StrEnum):
    """Product family: it decides names of observations and the meaning of warning bits."""

    PRO = "pro"
    GO = "go"
    GO2 = "go2"
    SENSE = "sense"
    UNKNOWN = "unknown"


class AccountRole(IntFlag):
    """What the account is on one object; a bit without a name is kept.

    Source: UserRoles in https://api.zaptec.com/api/constants
    """

    USER = 1
    OWNER = 2
    SERVICE = 4
    ADMINISTRATOR = 8
    ONBOARDING = 16
    DEVICE_ADMINISTRATOR = 32
    PARTNER_ADMINISTRATOR = 64
    TECHNICAL = 128
    INTERNAL_DATA = 256


class AuthenticationType(IntEnum):
    """Who says which cards and apps may charge; a number without a name is UNKNOWN.

    Source: InstallationAuthenticationType in https://api.zaptec.com/api/constants
    """

    UNKNOWN = -1
    NATIVE = 0
    WEB_HOOKS = 1
    OCPP = 2
    OCPP_NATIVE = 3

    @classmethod
    def _missing_(cls, value: object) -> "AuthenticationType":
        return cls.UNKNOWN


PRO_DEVICE_TYPE = 1
GO_DEVICE_TYPE = 4  # Go and Go2 share it (docs.zaptec.com/docs/identify-device-types)
_BY_OPERATOR = (AuthenticationType.WEB_HOOKS, AuthenticationType.OCPP, AuthenticationType.OCPP_NATIVE)
_SENSOR_DEVICE_TYPES = (3, 5, 6, 7, 8)
_FAMILY_BY_SERIAL_PREFIX = {
    **dict.fromkeys(("ZCS", "ZPR", "ZCH", "ZPG"), Family.PRO),
    **dict.fromkeys(("ZAP", "ZGB", "ZAG"), Family.GO),
    **dict.fromkeys(("GPN", "GPG"), Family.GO2),
    **dict.fromkeys(("APH", "APG", "APM"), Family.SENSE),
}


@dataclass(frozen=True)
class Charger:
    """One charger of the account.

    Attributes:
        device_type: Zaptec's number; 0 when the answer left it out.
        family: from the device type; Go2 is told from Go by its serial number (see also `family_of`), and so is
            the family of a device whose type is not known.
        roles: the account's roles on this charger; None when the answer left them out.
        is_online: what the list said, possibly an hour ago; observation -2 knows better.
        serial_no: private. Zaptec's DeviceId; the JSON key SerialNo is a copy of the name.
    """

    id: str
    name: str
    device_type: int
    family: Family
    installation_id: str | None = None
    installation_name: str | None = None
    roles: AccountRole | None = None
    is_online: bool | None = None
    operation_mode: OperationMode | None = None
    is_authorisation_required: bool | None = None
    authentication_type: AuthenticationType | None = None
    is_active: bool | None = None
    serial_no: str | None = dataclasses.field(default=None, repr=False)

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> "Charger":
        """Read one charger of `GET /api/chargers` or `GET /api/chargers/{id}`.

        Only what is named here is read: `Pin`, passwords and OCPP keys in the answer are left behind.

        Raises:
            ValueError: it has no Id, or one too long to be one.
        """
        charger_id = as_identifier(field(data, "Id"))
        if not charger_id:
            raise ValueError("a charger without an Id")
        device_type = as_int(field(data, "DeviceType")) or 0
        serial_no = as_text(field(data, "DeviceId"))
        roles = as_int(field(data, "CurrentUserRoles"))
        mode = as_int(field(data, "OperatingMode"))
        authentication_type = as_int(field(data, "AuthenticationType"))
        return cls(
            id=charger_id,
            name=as_name(field(data, "Name")) or "",
            device_type=device_type,
            family=_family(device_type, serial_no),
            installation_id=as_identifier(field(data, "InstallationId")),
            installation_name=as_name(field(data, "InstallationName")),
            roles=None if roles is None else AccountRole(roles),
            is_online=as_flag(field(data, "IsOnline")),
            operation_mode=None if mode is None else OperationMode(mode),
            is_authorisation_required=as_flag(field(data, "IsAuthorizationRequired")),
            authentication_type=None if authentication_type is None else AuthenticationType(authentication_type),
            is_active=as_flag(field(data, "Active")),
            serial_no=serial_no,
        )

    @property
    def is_charger(self) -> bool:
        """The list of chargers also holds energy sensors; a device of a type nobody knows may be a charger."""
        return self.family is not Family.SENSE

    @property
    def has_known_type(self) -> bool:
        """Whether it is of a type whose commands are known; other types come (8 in March 2026) or go missing."""
        return self.device_type in (PRO_DEVICE_TYPE, GO_DEVICE_TYPE)

    @property
    def is_authorised_by_operator(self) -> bool:
        """Permission comes from an operator's app or card, not from Zaptec's (custom-components/zaptec#157)."""
        return self.authentication_type in _BY_OPERATOR

    @property
    def may_command(self) -> bool:
        """Zaptec lets owners and service read the state and send commands (custom-components/zaptec#311)."""
        return self.roles is None or bool(self.roles & (AccountRole.OWNER | AccountRole.SERVICE))

    def to_record(self) -> dict[str, object]:
        """Plain values for storage, under Zaptec's own names. Holds the private serial number."""
        return {
            "Id": self.id,
            "Name": self.name,
            "DeviceType": self.device_type,
            "InstallationId": self.installation_id,
            "InstallationName": self.installation_name,
            "CurrentUserRoles": None if self.roles is None else int(self.roles),
            "IsOnline": self.is_online,
            "OperatingMode": None if self.operation_mode is None else int(self.operation_mode),
            "IsAuthorizationRequired": self.is_authorisation_required,
            "AuthenticationType": None if self.authentication_type is None else int(self.authentication_type),
            "Active": self.is_active,
            "DeviceId": self.serial_no,
        }

    @classmethod
    def from_record(cls, record: Mapping[str, object]) -> "Charger":
        """Read back what `to_record` gave. Raises ValueError when it has no Id."""
        return cls.from_json(record)


@dataclass(frozen=True)
class Installation:
    """A site with its chargers. Contact and secrets of the answer are never read.

    Attributes:
        time_zone: IANA name, such as Europe/Amsterdam.
        address: private. In one line; None where it is not told, as to accounts that are neither owner nor service.
        roles: the account's roles here, which may differ from those on a charger of it.
    """

    id: str
    name: str
    time_zone: str | None = None
    roles: AccountRole | None = None
    is_authentication_required: bool | None = None
    address: str | None = dataclasses.field(default=None, repr=False)

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> "Installation":
        """Read `GET /api/installation/{id}` or one entry of the list.

        Raises:
            ValueError: it has no Id, or one too long to be one.
        """
        installation_id = as_identifier(field(data, "Id"))
        if not installation_id:
            raise ValueError("an installation without an Id")
        roles = as_int(field(data, "CurrentUserRoles"))
        return cls(
            id=installation_id,
            name=as_name(field(data, "Name")) or "",
            time_zone=as_identifier(field(data, "TimeZoneIanaName")),
            roles=None if roles is None else AccountRole(roles),
            is_authentication_required=as_flag(field(data, "IsRequiredAuthentication")),
            address=_address(data),
        )


def _address(data: Mapping[str, object]) -> str | None:
    """Street, postcode and town in one line, as far as they are told."""
    street, postcode, town = (as_name(field(data, name)) for name in ("Address", "ZipCode", "City"))
    place = " ".join(part for part in (postcode, town) if part)
    return as_name(", ".join(part for part in (street, place) if part))


def family_of(charger: Charger, state: ChargerState | None) -> Family:
    """The family, made sure by what the charger says of itself in observation 100.

    Go2 shows there as ProductVariant (evcc-io/evcc, charger/zaptec); some chargers leave 100 out
    (evcc-io/evcc#33303).
    """
    capabilities = json_object(state.text(100) if state else None)
    variant = as_text(field(capabilities, "ProductVariant")) or ""
    return Family.GO2 if charger.family is Family.GO and variant.lower() == "go2" else charger.family


def _family(device_type: int, serial_no: str | None) -> Family:
    by_serial = _FAMILY_BY_SERIAL_PREFIX.get((serial_no or "")[:3].upper(), Family.UNKNOWN)
    if device_type == PRO_DEVICE_TYPE:
        return Family.PRO
    if device_type == GO_DEVICE_TYPE:
        return Family.GO2 if by_serial is Family.GO2 else Family.GO
    return Family.SENSE if device_type in _SENSOR_DEVICE_TYPES and by_serial is Family.UNKNOWN else by_serial
