"""Readings of a charger as a few texts, for the tests of what they mean."""

from datetime import UTC, datetime, timedelta

from zaptec.charger import Charger, ChargerState
from zaptec.commands import Action, Baseline, UnderWay
from zaptec.situation import situation

NOW = datetime(2024, 3, 9, 18, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(hours=2)
GO = Charger.from_json({"Id": "go", "DeviceType": 4, "CurrentUserRoles": 3})
PRO = Charger.from_json({"Id": "pro", "DeviceType": 1, "CurrentUserRoles": 3})
PAUSE, RESUME, DEAUTHORIZE, RESTART = Action
READY = {-2: "1", 711: "1", 712: "0", 718: "0", 120: "0", 708: "16", 510: "16"}
REQUESTING = READY | {710: "2", 702: "9", 513: "0"}
CHARGING = READY | {710: "3", 702: "6", 513: "7200"}
FINISHED = READY | {710: "5", 702: "9", 513: "0"}
PAUSED = FINISHED | {718: "1"}
SCHEDULE = {763: "2024-03-09T22:00:00Z"}


def state(texts, at=None):
    """Readings of long ago, except those whose time is given in `at`."""
    return ChargerState.from_json(
        [
            {
                "StateId": number,
                "ValueAsString": text,
                "Timestamp": (at or {}).get(number, LONG_AGO).isoformat(),
            }
            for number, text in texts.items()
        ]
    )


def state_of(**texts):
    """Readings of no time, by ids written as `n710`."""
    return ChargerState.from_json(
        [{"StateId": int(name[1:]), "ValueAsString": text} for name, text in texts.items()]
    )


def find(texts, charger=GO, at=None, command=None):
    return situation(charger, state(texts, at), NOW, command)


def without(texts, *ids):
    return {number: text for number, text in texts.items() if number not in ids}


def under_way(action, before, seconds=5):
    return UnderWay(action, NOW - timedelta(seconds=seconds), Baseline.from_state(state(before)))
