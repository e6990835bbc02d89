"""What the aim has to know from elsewhere: what a kWh will cost, and at what power this charger charges."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.plan.planner import PriceSlot


@dataclass(frozen=True)
class KwhPrices:
    """What a kWh costs for a while, as far as it is known.

    Attributes:
        currency: None where none was chosen.
        goes_by_time: whether some hours are cheaper than others, by the contract.
    """

    slots: tuple[PriceSlot, ...] = ()
    currency: str | None = None
    goes_by_time: bool = False


@dataclass(frozen=True)
class UsualCharge:
    """How this charger has charged lately.

    Attributes:
        power_w: the mean of its last sessions while power flowed; None where there are none.
        sessions: how many it rests on.
        most_wh: the most that one of them took.
        least_w: the power of the weakest of them.
    """

    power_w: int | None = None
    sessions: int = 0
    most_wh: int = 0
    least_w: int | None = None
