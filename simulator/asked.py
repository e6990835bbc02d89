"""What was asked of the simulated cloud, and which kind of request that was."""

from datetime import datetime
from typing import NamedTuple


class Asked(NamedTuple):
    """One request as the cloud saw it; status 0: it got no answer."""

    at: datetime
    method: str
    path: str
    status: int


def kind_of(path: str) -> str:
    """Sort a path into one of the kinds that `Cloud.asked` counts."""
    parts = path.lower().split("?")[0].strip("/").split("/")
    if parts == ["oauth", "token"]:
        return "token"
    if parts[:1] != ["api"] or len(parts) < 2:
        return "other"
    kinds = {
        ("chargers", 2): "chargers",
        ("chargers", 3): "charger",
        ("installation", 2): "installations",
        ("installation", 3): "installation",
        ("chargerfirmware", 4): "firmware",
        ("session", 3): "session",
        ("sessions", 3): "sessions",
        ("chargehistory", 2): "chargehistory",
        ("constants", 2): "constants",
    }
    longer = {"state": "state", "sendcommand": "command", "hierarchy": "hierarchy"}
    return kinds.get((parts[1], len(parts))) or longer.get(parts[3] if len(parts) > 3 else "", "other")
