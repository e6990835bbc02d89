"""A finished charging session, and the forms in which the cloud and the charger tell of it."""

import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from simulator.readings import without_zone

Json = dict[str, Any]

# Bits of CommitMetadata: SessionCommitMetadata in https://api.zaptec.com/api/constants
ONLINE, OFFLINE, RELIABLE_CLOCK, STOPPED_BY_RFID, VOID, ABORTED = 1, 2, 4, 8, 32, 64


@dataclass(frozen=True)
class SessionUser:
    """Who authorised a session."""

    id: str
    full_name: str
    email: str


PEOPLE = tuple(
    SessionUser(f"99999999-8888-4777-8666-00000000000{number}", name, f"{name.lower()}@example.invalid")
    for number, name in enumerate(("Anna", "Ben", "Carla"), 1)
)


@dataclass(frozen=True)
class Session:
    """One car's stay, plugged in to unplugged.

    Attributes:
        readings: the lifetime meter in kWh at the start, at full hours, and at the end; empty when the
            charger kept no details.
        energy_kwh: what the session took.
        committed: when the cloud got it.
        told_as: what the history tells instead, whatever it is, by the key of either endpoint: `energy` of the
            newer, `Energy` of the older. None: null in the newer, left out in the older.
    """

    id: str
    charger_id: str
    serial: str
    charger_name: str
    firmware: str
    start: datetime
    end: datetime
    energy_kwh: float
    readings: tuple[tuple[datetime, float], ...] = ()
    committed: datetime | None = None
    offline: bool = False
    reliable_clock: bool = True
    stopped_by_rfid: bool = False
    voided: bool = False
    aborted: bool = False
    replaced_by: str | None = None
    token_name: str | None = None
    person: SessionUser | None = None
    told_as: Json = field(default_factory=dict)

    @property
    def signed_text(self) -> str | None:
        return ocmf(self.serial, self.firmware, "T1", self.readings) if self.readings else None

    @property
    def intervals(self) -> list[tuple[datetime, float]]:
        """Energy in kWh since the previous entry, with the time at which that interval ended."""
        before = self.readings[0][1] if self.readings else 0.0
        entries = []
        for at, meter_kwh in self.readings:
            entries.append((at, round(meter_kwh - before, 3)))
            before = meter_kwh
        return entries

    @property
    def commit_metadata(self) -> int:
        return (
            (OFFLINE if self.offline else ONLINE)
            | (RELIABLE_CLOCK if self.reliable_clock else 0)
            | (STOPPED_BY_RFID if self.stopped_by_rfid else 0)
            | (VOID if self.voided else 0)
            | (ABORTED if self.aborted else 0)
        )

    def as_archived(self) -> Json:
        """An element of `/api/sessions/archived`: camelCase, nulls written (custom-components/zaptec#396)."""
        person = self.person
        written = {
            "id": self.id,
            "externalId": None,
            "replacedBySessionId": self.replaced_by,
            "chargerId": self.charger_id,
            "deviceId": self.serial,
            "deviceName": self.charger_name,
            "chargerFirmwareVersion": self.firmware,
            "startDateTime": without_zone(self.start) + "Z",
            "endDateTime": without_zone(self.end) + "Z",
            "recognizedDateTime": None,
            "energy": round(self.energy_kwh, 3),
            "offline": self.offline,
            "reliableClock": self.reliable_clock,
            "stoppedByRfid": self.stopped_by_rfid,
            "signed": False,
            "voided": self.voided,
            "aborted": self.aborted,
            "ocppNative": False,
            "externallyAbandoned": False,
            "tokenName": self.token_name,
            "authorizedUser": person and {"id": person.id, "email": person.email, "fullName": person.full_name},
            "energyDetails": [
                {"timestamp": with_offset(at), "energy": energy_kwh} for at, energy_kwh in self.intervals
            ],
            "sessionSignature": self.signed_text,
            "sessionSignatureEichreicht": None,
        }
        return written | {key: value for key, value in self.told_as.items() if key[:1].islower()}

    def as_single(self) -> Json:
        """The answer of `/api/session/{id}`."""
        return {
            "sessionId": self.id,
            "sessionStart": without_zone(self.start) + "Z",
            "sessionEnd": without_zone(self.end) + "Z",
            "energy": round(self.energy_kwh, 3),
            "signedSession": self.signed_text,
        }

    def as_charge_history(self, *, with_details: bool) -> Json:
        """An element of `/api/chargehistory`: PascalCase, nulls left out."""
        written: Json = {
            "Id": self.id,
            "DeviceId": self.serial,
            "StartDateTime": without_zone(self.start),
            "EndDateTime": without_zone(self.end),
            "Energy": round(self.energy_kwh, 3),
            "CommitMetadata": self.commit_metadata,
            "CommitEndDateTime": without_zone(self.committed or self.end),
            "ChargerId": self.charger_id,
            "DeviceName": self.charger_name,
            "ExternallyEnded": False,
            "ChargerFirmwareVersion": firmware_object(self.firmware),
        }
        if self.person:
            written |= {
                "UserId": self.person.id,
                "UserFullName": self.person.full_name,
                "UserEmail": self.person.email,
                "UserUserName": self.person.email,
            }
        if self.readings and with_details:
            written["EnergyDetails"] = [
                {"Timestamp": with_offset(at), "Energy": energy_kwh} for at, energy_kwh in self.intervals
            ]
        written |= {
            "SignedSession": self.signed_text,
            "ReplacedBySessionId": self.replaced_by,
            "TokenName": self.token_name,
        }
        written |= {key: value for key, value in self.told_as.items() if key[:1].isupper()}
        return {key: value for key, value in written.items() if value is not None}

    def as_completed(self, authentication_code: str = "") -> str:
        """Observation 723: JSON inside the value, times with microseconds and a zone."""
        return json.dumps(
            {
                "SessionId": self.id,
                "Energy": round(self.energy_kwh, 3),
                "StartDateTime": in_microseconds(self.start),
                "EndDateTime": in_microseconds(self.end),
                "ReliableClock": self.reliable_clock,
                "StoppedByRFID": self.stopped_by_rfid,
                "AuthenticationCode": authentication_code,
                "SignedSession": self.signed_text,
            },
            separators=(",", ":"),
        )

    def to_json(self) -> Json:
        kept = asdict(self)
        kept["readings"] = [[at.isoformat(), meter_kwh] for at, meter_kwh in self.readings]
        for name in ("start", "end", "committed"):
            kept[name] = kept[name] and kept[name].isoformat()
        return kept

    @classmethod
    def from_json(cls, kept: Json) -> "Session":
        moments = {
            name: kept[name] and datetime.fromisoformat(kept[name]) for name in ("start", "end", "committed")
        }
        readings = tuple((datetime.fromisoformat(at), float(kwh)) for at, kwh in kept["readings"])
        person = SessionUser(**kept["person"]) if kept["person"] else None
        return cls(**(kept | moments | {"readings": readings, "person": person}))


@dataclass
class OpenSession:
    """A session that is still running, as the charger keeps it.

    Attributes:
        meter_kwh: the lifetime meter when it began.
        readings: the lifetime meter at the start and at full hours, so far.
        user: what authorised it, as observation 722 tells it.
    """

    id: str
    start: datetime
    meter_kwh: float
    readings: list[tuple[datetime, float]] = field(default_factory=list)
    user: str | None = None

    def to_json(self) -> Json:
        return asdict(self) | {
            "start": self.start.isoformat(),
            "readings": [[at.isoformat(), kwh] for at, kwh in self.readings],
        }

    @classmethod
    def from_json(cls, kept: Json) -> "OpenSession":
        return cls(
            kept["id"],
            datetime.fromisoformat(kept["start"]),
            kept["meter_kwh"],
            [(datetime.fromisoformat(at), float(kwh)) for at, kwh in kept["readings"]],
            kept["user"],
        )


def running_session(session_id: str, start: datetime) -> Json:
    """`/api/session/{id}` while it runs: no end and, in the one example there is, no energy yet.

    Source: https://github.com/stekker/zaptec
    """
    times = {"sessionStart": without_zone(start) + "Z", "sessionEnd": None}
    return {"sessionId": session_id, **times, "energy": 0.0, "signedSession": None}


def ocmf(serial: str, firmware: str, kind: str, readings: tuple[tuple[datetime, float], ...]) -> str:
    """Meter readings as the unsigned OCMF text a Go writes: two sections, every reading complete.

    `kind` is F1 for a periodic reading and T1 for a session.
    Source: https://github.com/metskem/zaptecbot (a recorded state)
    """
    entries: list[Json] = []
    for number, (at, meter_kwh) in enumerate(readings):
        written: Json = {"TM": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S,000+00:00 R")}
        if kind == "T1":
            written["TX"] = "B" if number == 0 else "E" if number == len(readings) - 1 else "T"
        values = {"RV": round(meter_kwh, 3), "RI": "1-0:1.8.0", "RU": "kWh", "RT": "AC", "ST": "G"}
        entries.append(written | values)
    head = {"FV": "1.0", "GI": "ZAPTEC GO", "GS": serial, "GV": firmware, "PG": kind, "RD": entries}
    return "OCMF|" + json.dumps(head, separators=(",", ":"))


def firmware_object(version: str) -> dict[str, int]:
    """How `/api/chargehistory` takes a version apart."""
    major, minor, build, revision = (int(part) for part in version.split("."))
    return {
        "Major": major,
        "Minor": minor,
        "Build": build,
        "Revision": revision,
        "MajorRevision": revision >> 16,
        "MinorRevision": revision & 0xFFFF,
    }


def with_offset(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")


def in_microseconds(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
