"""What a charger reports it is doing, and what the car signals: the numbers behind them."""

from enum import IntEnum

PILOT_FAULT = -12  # pilot (702): the signal between charger and car is not what it may be
CAR_DRAWING = 6
CAR_NOT_DRAWING = 9  # pilot (702): a car is connected and does not ask for power


class OperationMode(IntEnum):
    """What the charger reports it is doing (observation 710); a number without a name is UNKNOWN."""

    UNKNOWN = 0
    DISCONNECTED = 1
    CONNECTED_REQUESTING = 2
    CONNECTED_CHARGING = 3
    CONNECTED_FINISHED = 5

    @classmethod
    def _missing_(cls, value: object) -> "OperationMode":
        return cls.UNKNOWN

    @property
    def is_plugged_in(self) -> bool:
        """Whether a car is connected; False when unknown."""
        return self not in (OperationMode.UNKNOWN, OperationMode.DISCONNECTED)
