"""Zaptec's cloud in Python: chargers, their state, a few commands, the charging history.

    client = ZaptecClient.with_password("anna@example.org", "…")
    for charger in client.chargers():
        state = client.charger_state(charger.id)
        found = situation(charger, state, datetime.now(UTC))  # from zaptec.situation import situation
        print(charger.name, found.name, state.power_w)

No web framework, no database, no wording. What is named here is for everybody; docs/zaptec.md shows it at work.
"""

from typing import TYPE_CHECKING

from zaptec.catalogue import Definition
from zaptec.charger import AccountRole, AuthenticationType, Charger, Family, Installation
from zaptec.commands import Action, Command
from zaptec.errors import (
    CommandRefused,
    MalformedRequest,
    NoAccess,
    NotUnderstood,
    SignInEnded,
    SignInRejected,
    TryLater,
    UnknownCharger,
    ZaptecError,
)
from zaptec.firmware import Firmware
from zaptec.modes import OperationMode
from zaptec.observation import Observation
from zaptec.ocmf import MeterReading, Ocmf
from zaptec.reasons import Reason, Refusal, Remedy
from zaptec.sessions import CompletedSession
from zaptec.situation import Situation, SituationName
from zaptec.state import ChargerState
from zaptec.version import __version__

if TYPE_CHECKING:
    from zaptec.client import ZaptecClient
    from zaptec.transport import RequestRecord

__all__ = [
    "AccountRole",
    "Action",
    "AuthenticationType",
    "Charger",
    "ChargerState",
    "Command",
    "CommandRefused",
    "CompletedSession",
    "Definition",
    "Family",
    "Firmware",
    "Installation",
    "MalformedRequest",
    "MeterReading",
    "NoAccess",
    "NotUnderstood",
    "Observation",
    "Ocmf",
    "OperationMode",
    "Reason",
    "Refusal",
    "Remedy",
    "RequestRecord",
    "SignInEnded",
    "SignInRejected",
    "Situation",
    "SituationName",
    "TryLater",
    "UnknownCharger",
    "ZaptecClient",
    "ZaptecError",
    "__version__",
]


def __getattr__(name: str) -> object:
    """What needs `requests` is imported when it is first used: that takes 150 ms which a start need not wait for.

    Raises:
        AttributeError: there is no such name.
    """
    if name in ("ZaptecClient", "RequestRecord"):
        from zaptec import client

        return getattr(client, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
