"""Charging sessions, one car's stay each: completed ones, from three sources."""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from zaptec.ocmf import is_signed
from zaptec.values import as_flag, as_identifier, as_int, as_name, as_text, field, load_json, parse_time

Interval = tuple[datetime, Decimal]

_NOISE_FREE = Decimal("0.000001")
_PRECISION_KWH = Decimal("0.001")
_ABSURD_KWH = 10**9

# CommitMetadata, https://api.zaptec.com/api/constants (SessionCommitMetadata)
_OFFLINE, _RELIABLE_CLOCK, _STOPPED_BY_RFID, _SIGNED, _VOID, _ABORTED = 2, 4, 8, 16, 32, 64


@dataclass(frozen=True)
class CompletedSession:
    """One finished session.

    Attributes:
        charger_id: None when Zaptec does not say; then it is the one that was asked about.
        energy_kwh: None when it is missing or no number that can be; the rest may still tell something.
        start, end: aware, in UTC; guesses unless `has_reliable_clock`.
        intervals: when an interval ended, and the energy in kWh since the one before; the first is mostly the
            start with 0. Empty for sessions recorded offline and by old firmware. After hours without one a
            Go counts into the next full hour (custom-components/zaptec#416).
        is_offline: recorded while the charger was not connected, sent later.
        is_voided, is_aborted: without meaningful energy (custom-components/zaptec#396).
        replaced_by_id: the session that corrects this one.
        firmware: such as "2.0.4.6".
        ocmf_text: private. The meter's readings, see `zaptec.ocmf`; None when it holds none.
        token_name, user_id, user_name, user_email: private. Who authorised it; None when nobody did.
    """

    id: str
    charger_id: str | None
    start: datetime
    end: datetime
    energy_kwh: Decimal | None
    intervals: tuple[Interval, ...] = ()
    is_offline: bool = False
    has_reliable_clock: bool = False
    is_signed: bool = False
    is_voided: bool = False
    is_aborted: bool = False
    stopped_by_rfid: bool = False
    replaced_by_id: str | None = None
    firmware: str | None = None
    ocmf_text: str | None = dataclasses.field(default=None, repr=False)
    token_name: str | None = dataclasses.field(default=None, repr=False)
    user_id: str | None = dataclasses.field(default=None, repr=False)
    user_name: str | None = dataclasses.field(default=None, repr=False)
    user_email: str | None = dataclasses.field(default=None, repr=False)

    @classmethod
    def from_archived(cls, data: Mapping[str, object]) -> "CompletedSession":
        """Read one session of `GET /api/sessions/archived`.

        Raises:
            ValueError: id, start or end is missing or cannot be read.

        Source: https://docs.zaptec.com/reference/api_sessions_archived_get, custom-components/zaptec#396
        """
        energy_kwh = _decimal(field(data, "energy"))
        user = _object(field(data, "authorizedUser"))
        return cls(
            id=_required_id(data, "id"),
            charger_id=as_identifier(field(data, "chargerId")),
            start=_required_time(data, "startDateTime"),
            end=_required_time(data, "endDateTime"),
            energy_kwh=energy_kwh,
            intervals=_intervals(field(data, "energyDetails"), energy_kwh),
            is_offline=_is(data, "offline"),
            has_reliable_clock=_is(data, "reliableClock"),
            is_signed=_is(data, "signed"),
            is_voided=_is(data, "voided"),
            is_aborted=_is(data, "aborted"),
            stopped_by_rfid=_is(data, "stoppedByRfid"),
            replaced_by_id=as_identifier(field(data, "replacedBySessionId")),
            firmware=_firmware(field(data, "chargerFirmwareVersion")),
            ocmf_text=_ocmf(data, "sessionSignature") or _ocmf(data, "sessionSignatureEichreicht"),
            token_name=_name(data, "tokenName"),
            user_id=_text(user, "id"),
            user_name=_name(user, "fullName"),
            user_email=_name(user, "email"),
        )

    @classmethod
    def from_chargehistory(cls, data: Mapping[str, object]) -> "CompletedSession":
        """Read one session of `GET /api/chargehistory`.

        Raises:
            ValueError: id, start or end is missing or cannot be read.

        Source: andreipoenaru/zaptecbilling, Richard87/zaptec-billing, klinge/zaptec-chargereport
        """
        energy_kwh = _decimal(field(data, "Energy"))
        flags = as_int(field(data, "CommitMetadata")) or 0
        return cls(
            id=_required_id(data, "Id"),
            charger_id=as_identifier(field(data, "ChargerId")),
            start=_required_time(data, "StartDateTime"),
            end=_required_time(data, "EndDateTime"),
            energy_kwh=energy_kwh,
            intervals=_intervals(field(data, "EnergyDetails"), energy_kwh),
            is_offline=bool(flags & _OFFLINE),
            has_reliable_clock=bool(flags & _RELIABLE_CLOCK),
            is_signed=bool(flags & _SIGNED),
            is_voided=bool(flags & _VOID),
            is_aborted=bool(flags & _ABORTED),
            stopped_by_rfid=bool(flags & _STOPPED_BY_RFID),
            replaced_by_id=as_identifier(field(data, "ReplacedBySessionId")),
            firmware=_firmware(field(data, "ChargerFirmwareVersion")),
            ocmf_text=_ocmf(data, "SignedSession") or _ocmf(data, "SignedSessionEichrecht"),
            token_name=_name(data, "TokenName"),
            user_id=_text(data, "UserId"),
            user_name=_name(data, "UserFullName"),
            user_email=_name(data, "UserEmail"),
        )

    @classmethod
    def from_observation(cls, text: str, charger_id: str) -> "CompletedSession":
        """Read the value of observation 723, the last finished session in JSON.

        It has no intervals but those in its OCMF text, and says neither firmware nor who; its
        `AuthenticationCode` is left behind.

        Raises:
            ValueError: no JSON object, or id, start or end is missing or cannot be read.

        Source: smjothen/ApolloESP32Application, custom-components/zaptec#343
        """
        data = _object(load_json(text))
        ocmf_text = _ocmf(data, "SignedSession")
        return cls(
            id=_required_id(data, "SessionId"),
            charger_id=charger_id,
            start=_required_time(data, "StartDateTime"),
            end=_required_time(data, "EndDateTime"),
            energy_kwh=_decimal(field(data, "Energy")),
            has_reliable_clock=_is(data, "ReliableClock"),
            is_signed=ocmf_text is not None and is_signed(ocmf_text),
            stopped_by_rfid=_is(data, "StoppedByRFID"),
            ocmf_text=ocmf_text,
        )


def period(since: datetime, until: datetime, charger_id: str | None, installation_id: str | None) -> dict[str, str]:
    """The query for the sessions of either a charger or an installation; they end in [since, until).

    Raises:
        ValueError: both or neither is named.
    """
    times = {name: f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" for name, at in (("From", since), ("To", until))}
    if charger_id is not None and installation_id is None:
        return times | {"ChargerId": charger_id}
    if installation_id is not None and charger_id is None:
        return times | {"InstallationId": installation_id}
    raise ValueError("name either a charger or an installation")


def _intervals(entries: object, total_kwh: Decimal | None) -> tuple[Interval, ...]:
    """The energy of each interval.

    Each entry is the energy since the one before (recordings; custom-components/zaptec#416), but the
    endpoint's own wording says cumulative. Where only the last entry fits the total, differences are taken.
    """
    intervals = sorted(_readable(entries), key=lambda interval: interval[0])
    tolerance_kwh = _PRECISION_KWH * len(intervals)
    energies = [energy for _, energy in intervals]
    if not intervals or total_kwh is None or abs(sum(energies, Decimal(0)) - total_kwh) <= tolerance_kwh:
        return tuple(intervals)
    if abs(energies[-1] - total_kwh) <= tolerance_kwh and energies == sorted(energies):
        before = [Decimal(0), *energies[:-1]]
        return tuple((at, energy - last) for (at, energy), last in zip(intervals, before, strict=True))
    return tuple(intervals)


def _readable(entries: object) -> Iterable[Interval]:
    for each in entries if isinstance(entries, list) else ():
        detail = _object(each)
        at, energy_kwh = parse_time(field(detail, "timestamp")), _decimal(field(detail, "energy"))
        if at is not None and energy_kwh is not None:
            yield at, energy_kwh


def _decimal(value: object) -> Decimal | None:
    """A finite number as written, but rounded to 0.000001: noise such as 0.36599999999999966 is normal."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    if not number.is_finite() or number.copy_abs() > _ABSURD_KWH:
        return None
    rounded = number.quantize(_NOISE_FREE)
    return number if number == rounded else rounded


def _text(data: Mapping[str, object], name: str) -> str | None:
    return as_text(field(data, name)) or None


def _name(data: Mapping[str, object], name: str) -> str | None:
    return as_name(field(data, name))


def _required_id(data: Mapping[str, object], name: str) -> str:
    text = as_identifier(field(data, name))
    if text is None:
        raise ValueError(f"a session without {name}")
    return text


def _required_time(data: Mapping[str, object], name: str) -> datetime:
    moment = parse_time(field(data, name))
    if moment is None:
        raise ValueError(f"a session without a usable {name}")
    return moment


def _is(data: Mapping[str, object], name: str) -> bool:
    return as_flag(field(data, name)) is True


def _object(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _ocmf(data: Mapping[str, object], name: str) -> str | None:
    """The OCMF text, unless empty: null, "" and `OCMF|{}` are all sent (custom-components/zaptec#343)."""
    text = _text(data, name)
    return None if text is None or text.strip() in ("", "OCMF|{}") else text


def _firmware(value: object) -> str | None:
    """A version as text; the old endpoint sends `{"Major", "Minor", "Build", "Revision", …}`."""
    if isinstance(value, dict):
        parts = [as_int(field(value, name)) for name in ("Major", "Minor", "Build", "Revision")]
        return ".".join(str(part) for part in parts if part is not None and part >= 0) or None
    return as_name(value)
