"""The power of the charge that runs as a small drawing: where its steps stand. The template places them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from dashboard import formats
from dashboard.card import words
from dashboard.history.charge_power import PowerStep

WIDTH, HEIGHT = 300, 40
SHORTEST = timedelta(minutes=5)  # before that there is nothing to see


@dataclass(frozen=True)
class Curve:
    """A drawing of WIDTH by HEIGHT.

    Attributes:
        path: the `d` of a path; what nobody knows is left open.
        label: what it shows, for who cannot see it.
    """

    path: str
    label: str
    begins: str
    most: str
    ends: str
    width: int = WIDTH
    height: int = HEIGHT


def curve_of(steps: list[PowerStep], until: datetime, now: datetime) -> Curve | None:
    """The curve up to the last reading; none while there is nothing to see yet."""
    powers = [step.power_w for step in steps if step.power_w]
    if not powers or until - steps[0].at < SHORTEST:
        return None
    most = formats.kilowatts(max(powers))
    begins = formats.moment_past(steps[0].at, now)
    last = formats.kilowatts(steps[-1].power_w)
    return Curve(
        path=_path(steps, until, max(powers)),
        label=words.power_of_this_charge(begins, most, last),
        begins=begins,
        most=words.at_most(most),
        ends=formats.moment_past(until, now),
    )


def _path(steps: list[PowerStep], until: datetime, most: int) -> str:
    """Each run of known power as a closed shape that stands on the floor."""
    begins, ends = steps[0].at, [*(step.at for step in steps[1:]), until]

    def across(at: datetime) -> int:
        return round((at - begins) / (until - begins) * WIDTH)

    shapes = []
    for is_known, run in groupby(zip(steps, ends, strict=True), key=lambda pair: pair[0].power_w is not None):
        bars = [(across(step.at), _height(step, most), across(end)) for step, end in run]
        tops = "".join(f"V{y}H{to_x}" for _x, y, to_x in bars)
        shapes.append(f"M{bars[0][0]} {HEIGHT}{tops}V{HEIGHT}z" if is_known else "")
    return "".join(shapes)


def _height(step: PowerStep, most: int) -> int:
    return HEIGHT - round((step.power_w or 0) / most * (HEIGHT - 2))
