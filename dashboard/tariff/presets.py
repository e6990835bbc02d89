"""What contracts of a country mostly look like: a file each in `presets/`, with shape and source but no amounts."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from dashboard.tariff.typed_contract import TypedContract, TypedHours

FOLDER = Path(__file__).with_name("presets")


@cache
def presets() -> dict[str, TypedContract]:
    """A form that is filled as far as the country tells, by its two letters."""
    return {path.stem: _read(path) for path in sorted(FOLDER.glob("*.json"))}


def _read(path: Path) -> TypedContract:
    told = json.loads(path.read_text(encoding="utf-8"))
    rows = [TypedHours(**row) for row in told.pop("grid_hours", [])]
    return TypedContract(**told, grid_hours=rows)
