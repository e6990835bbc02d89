"""Readings by a charger's own clock, for the tests of what a command has brought about."""

from datetime import UTC, datetime, timedelta

from zaptec.charger import ChargerState

PRESSED = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)  # by our clock
THEN = datetime(2024, 3, 9, 17, 0, tzinfo=UTC)  # by a charger's clock that is years behind
SESSION, OTHER_SESSION = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"
CHARGING = {-2: "1", 702: "6", 710: "3", 718: "0", 721: SESSION, 807: "#4 boot", 808: "0d 01h"}
PAUSED = CHARGING | {702: "9", 710: "5", 718: "1"}


def state(texts, *, after_s=0, older=()):
    """Readings `after_s` after THEN by the charger's clock; those in `older` a minute before THEN."""
    return ChargerState.from_json(
        [
            {
                "StateId": number,
                "ValueAsString": text,
                "Timestamp": (THEN + timedelta(seconds=-60 if number in older else after_s)).isoformat(),
            }
            for number, text in texts.items()
        ]
    )


def changed(before, after_s=5, **texts):
    """`before` with some readings sent anew, `n710="5"`; None takes the value away."""
    news = state({int(name[1:]): text for name, text in texts.items()}, after_s=after_s)
    return ChargerState({**before.observations, **news.observations})
