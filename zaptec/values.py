"""Small readers for Zaptec's JSON: keys in any case, times without a zone, yes and no in several spellings.

None of them raises: what cannot be read is None, and the caller says what that means.
"""

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime

_INTEGER = re.compile(r"[+-]?[0-9]{1,40}(\.0*)?", re.ASCII)
_FLAGS = {"1": True, "true": True, "0": False, "false": False}


def field(data: Mapping[str, object], name: str) -> object | None:
    """What `data` holds under `name`, whatever the case of its keys; None when it holds nothing.

    Older endpoints write `StateId`, newer ones `stateId` (custom-components/zaptec#396).
    """
    if name in data:
        return data[name]
    wanted = name.lower()
    for key, value in data.items():
        if isinstance(key, str) and key.lower() == wanted:
            return value
    return None


def parse_time(value: object) -> datetime | None:
    """A moment as an aware datetime in UTC; None when it is missing or cannot be read.

    Takes ISO 8601 with `Z`, with an offset, or with neither, which Zaptec means as UTC
    (custom-components/zaptec#234), and any number of decimals; digits beyond microseconds are dropped.
    .NET's first and last moment stand for "no time".
    """
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if 1 < moment.year < 9999 else None


def json_object(text: str | None) -> Mapping[str, object]:
    """The JSON object inside a text; an empty one when it is missing or something else."""
    try:
        value = json.loads(text or "")
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def as_text(value: object) -> str | None:
    """A JSON value as Zaptec would write it in `ValueAsString`: 1 and 0 for yes and no, JSON for objects."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "1" if value else "0"
    try:
        return json.dumps(value)
    except (TypeError, ValueError, RecursionError):
        return None


def as_int(value: object) -> int | None:
    """A whole number from a number or a text; exact beyond 2**53, as warning bits need it."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    if isinstance(value, str) and _INTEGER.fullmatch(value.strip()):
        return int(value.strip().partition(".")[0])
    return None


def as_number(value: object) -> float | None:
    """A finite number from a number or a text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str) and "_" in value:  # Python would read 1_0 as ten
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def as_flag(value: object) -> bool | None:
    """Yes or no from a boolean, 1 and 0, or `true` and `false` in any case."""
    text = as_text(value)
    return None if text is None else _FLAGS.get(text.strip().lower())
