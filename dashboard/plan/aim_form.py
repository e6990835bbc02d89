"""The form of an aim, as typed; nothing of it is lost when something is wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from dashboard import formats
from dashboard.plan import aim_words, words
from dashboard.plan.aim import Aim
from dashboard.plan.aim_rows import AimWish
from dashboard.web.forms import Wrong, minutes_of

MOST_KWH, MOST_HOURS = 200, 24
_NUMBER = re.compile(r"\s*\+?\s*([0-9]{1,3}(?:[.,][0-9]{1,3})?)\s*")


@dataclass(frozen=True)
class AimForm:
    """What is in its fields.

    Attributes:
        wrong: what has to be put right.
    """

    ready_by: str = "07:00"
    energy: str = ""
    hours: str = ""
    is_cheapest: bool = True
    wrong: Wrong | None = None

    @classmethod
    def from_typed(cls, form: MultiDict[str, str]) -> AimForm:
        ready_by, energy, hours = (form.get(name, "").strip()[:20] for name in ("ready_by", "energy", "hours"))
        return cls(ready_by, energy, hours, is_cheapest=bool(form.get("cheapest")))

    @classmethod
    def like(cls, aim: Aim | None) -> AimForm:
        """As the one that was set last: the next is likely to be the same."""
        if aim is None:
            return cls()
        here = formats.local(aim.ready_by)
        return cls.of_wish(AimWish(here.hour * 60 + here.minute, aim.energy_wh, aim.duration_s, aim.is_cheapest))

    @classmethod
    def of_wish(cls, wish: AimWish) -> AimForm:
        """As one would have typed it."""
        energy = aim_words.amount(wish.energy_wh) if wish.energy_wh else ""
        hours = f"{wish.duration_s / 3600:g}" if wish.duration_s else ""
        return cls(f"{wish.ready_by // 60:02}:{wish.ready_by % 60:02}", energy, hours, wish.is_cheapest)

    def wish(self, charger_id: str, *, may_wait: bool) -> AimWish:
        """What it means.

        Args:
            may_wait: whether some hours are cheaper than others.

        Raises:
            Wrong: something in it cannot be meant; its field is named after the charger.
        """
        ready_by = minutes_of(self.ready_by, may_be_24=True)
        if ready_by is None:
            raise Wrong(words.not_a_time(self.ready_by), f"ready-by-{charger_id}")
        energy, hours = number_of(self.energy, MOST_KWH), number_of(self.hours, MOST_HOURS)
        if self.energy and energy is None:
            raise Wrong(aim_words.not_an_energy(), f"energy-{charger_id}")
        if self.hours and hours is None:
            raise Wrong(aim_words.not_hours(), f"hours-{charger_id}")
        if energy and hours:
            raise Wrong(aim_words.one_of_both(), f"hours-{charger_id}")
        return AimWish(
            ready_by % (24 * 60),
            energy_wh=round(energy * 1000) if energy else None,
            duration_s=round(hours * 60) * 60 if hours else None,
            is_cheapest=self.is_cheapest and may_wait,
        )

    def with_wrong(self, wrong: Wrong) -> AimForm:
        return replace(self, wrong=wrong)


def number_of(typed: str, most: int) -> float | None:
    """A number above 0 and not above `most`; None for anything else."""
    match = _NUMBER.fullmatch(typed)
    number = float(match[1].replace(",", ".")) if match else 0.0
    return number if 0.05 <= number <= most else None
