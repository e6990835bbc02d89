"""What is typed as a contract: its fields as they stand in the form, whatever its kind."""

from __future__ import annotations

from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from dashboard.tariff.amounts import read_amount
from dashboard.tariff.contract import ContractKind

NONE, ONE_PRICE, BY_THE_CLOCK = "none", "one price", "by the clock"
SHARE, FIXED = "share of the spot above a price", "fixed price instead of the spot"
AMOUNTS = ("price", "mark_up", "grid", "tax", "above", "fixed")  # money per kWh
# What the form of each kind has that not every form has.
OF_THE_CLOCK = ("price",)
OF_THE_HOUR = ("source", "area", "rate", "step", "mark_up", "factor", "support", "share", "above", "fixed")
ROWS = ("hours", "grid_hours")
KEPT = "kept-"  # in front of the name of what was typed under another kind
MOST_HOURS = 24  # of one price: more rows than any tariff has


@dataclass(frozen=True)
class TypedHours:
    """One row of hours, as it was typed."""

    begin: str = ""
    end: str = ""
    price: str = ""
    days: tuple[str, ...] = ()
    months: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.begin or self.end or self.price)

    def fields(self, name: str) -> list[tuple[str, str]]:
        """Its fields as a form sends them."""
        several = [(part, value) for part in ("days", "months") for value in getattr(self, part)]
        single = [(part, getattr(self, part)) for part in ("begin", "end", "price")]
        return [(f"{name}-{part}", value) for part, value in single + several]


@dataclass(frozen=True)
class TypedContract:
    """The fields of the form, as they were typed; the names are those of the fields.

    Attributes:
        sure: the amount that looked like a slip and is none, in millionths.
    """

    kind: str = ContractKind.ONE_PRICE.value
    valid_from: str = ""
    currency: str = ""
    price: str = ""
    grid_kind: str = NONE
    grid: str = ""
    tax: str = ""
    vat: str = ""
    includes_vat: str = "yes"
    holidays_of: str = ""
    source: str = ""
    area: str = ""
    step: str = "60"
    mark_up: str = ""
    factor: str = ""
    rate: str = ""
    support: str = NONE
    share: str = ""
    above: str = ""
    fixed: str = ""
    sure: str = ""
    hours: list[TypedHours] = field(default_factory=list)
    grid_hours: list[TypedHours] = field(default_factory=list)

    @classmethod
    def of(cls, form: MultiDict[str, str]) -> TypedContract:
        names = set(cls.__dataclass_fields__) - {"hours", "grid_hours", "includes_vat"}
        kept = {name: form[KEPT + name] for name in names if KEPT + name in form}
        typed = {name: form[name].strip() for name in names if name in form}
        return cls(
            **kept | typed,
            includes_vat=form.get("includes_vat", "") if "vat" in form else "yes",  # else it was no box to untick
            hours=_rows(form, "hours") or _rows(form, "hours", KEPT),
            grid_hours=_rows(form, "grid_hours") or _rows(form, "grid_hours", KEPT),
        )

    @property
    def is_by_the_hour(self) -> bool:
        return self.kind == ContractKind.BY_THE_HOUR

    @property
    def goes_by_the_clock(self) -> bool:
        """Whether its form has rows of hours."""
        return any(map(self._has, ROWS))

    def _has(self, name: str) -> bool:
        """Whether its form has a field, which depends on its kind."""
        if name == "hours":
            return self.kind == ContractKind.BY_THE_CLOCK
        if name == "grid_hours":
            return self.grid_kind == BY_THE_CLOCK
        return name not in (OF_THE_CLOCK if self.is_by_the_hour else OF_THE_HOUR)

    def _rows_of(self, name: str) -> list[TypedHours]:
        rows: list[TypedHours] = getattr(self, name)
        return rows

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What was typed in fields that are not there now; it goes along, to be there again with its kind."""
        beginning = TypedContract()
        names = [name for name in (*OF_THE_CLOCK, *OF_THE_HOUR) if not self._has(name)]
        fields = [(name, getattr(self, name)) for name in names if getattr(self, name) != getattr(beginning, name)]
        for which in ROWS:
            for place, row in enumerate([] if self._has(which) else self._rows_of(which)):
                fields += row.fields(f"{which}-{place}")
        return [(KEPT + name, value) for name, value in fields]

    def amounts(self) -> dict[str, int]:
        """What was typed as money per kWh and can be read, in millionths, by the name of its field."""
        typed = {name: getattr(self, name) for name in AMOUNTS if self._has(name)}
        for which in filter(self._has, ROWS):
            typed |= {f"{which}-{place}-price": row.price for place, row in enumerate(self._rows_of(which))}
        return {name: micro for name, text in typed.items() if (micro := read_amount(text)) is not None}


def _rows(form: MultiDict[str, str], which: str, prefix: str = "") -> list[TypedHours]:
    """The rows that the form has; they are numbered from 0."""
    rows: list[TypedHours] = []
    while f"{prefix}{which}-{len(rows)}-begin" in form and len(rows) < MOST_HOURS:
        name = f"{prefix}{which}-{len(rows)}"
        told = {part: form.get(f"{name}-{part}", "").strip() for part in ("begin", "end", "price")}
        days, months = (tuple(form.getlist(f"{name}-{part}")) for part in ("days", "months"))
        rows.append(TypedHours(**told, days=days, months=months))
    return rows
