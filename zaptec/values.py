"""Small readers for Zaptec's JSON: keys in any case, times without a zone, yes and no in several spellings.

Except for `load_json` none of them raises: what cannot be read is None, and the caller says what that means.
What they return can be stored in any database and shown on any page: texts are whole characters, numbers are
finite and of a size that something measured may have.
"""

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

MAX_IDENTIFIER_LENGTH = 64  # Zaptec's are UUIDs, of 36 characters
MAX_NAME_LENGTH = 200
_LARGEST_INT = 2**63 - 1  # what databases hold; the highest bit of 804 in use is 2**56
_LARGEST_NUMBER = 1e15  # nothing that a charger measures, in any of its units
_MOST_DIGITS = 20
_FIRST_YEAR, _LAST_YEAR = 2015, 2099  # Zaptec sold no charger before; a clock that was never set says 1970
_INTEGER = re.compile(r"[+-]?[0-9]{1,40}(\.0*)?", re.ASCII)
_FLAGS = {"1": True, "true": True, "0": False, "false": False}
# No character: NUL, which PostgreSQL cannot hold, and half of a pair, which UTF-8 cannot. JSON can spell both,
# and a text cut after so many UTF-16 units ends with half a pair.
_NO_CHARACTER = re.compile("[\0\ud800-\udfff]")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def load_json(text: str | bytes, *, is_exact: bool = False) -> object:
    """The value of a JSON text; what cannot be used in it (NaN, Infinity, a number of 5000 digits) is None.

    One character or number that cannot be must not take the rest of the text away, so bytes that are no UTF-8
    become U+FFFD, and line breaks inside of texts are accepted.

    Args:
        is_exact: numbers become Decimal instead of int and float.

    Raises:
        ValueError: it is not JSON, or is nested too deep. Its message does not repeat the text.
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8-sig", "replace")
    try:
        return json.loads(
            text,
            strict=False,
            parse_int=_exact if is_exact else _int_of_usual_length,
            parse_float=_exact if is_exact else float,
            parse_constant=lambda _name: None,
        )
    except (ValueError, RecursionError):
        raise ValueError("not JSON") from None


def _int_of_usual_length(digits: str) -> int | None:
    return int(digits) if len(digits) <= _MOST_DIGITS else None


def _exact(number: str) -> Decimal | None:
    try:
        return Decimal(number)
    except InvalidOperation:  # an exponent of twenty digits
        return None


def clean_text(text: str) -> str:
    """`text` with U+FFFD in the place of what is no character: NUL and halves of a surrogate pair."""
    return _NO_CHARACTER.sub("\N{REPLACEMENT CHARACTER}", text)


def field(data: Mapping[str, object], name: str) -> object | None:
    """What `data` holds under `name`, whatever the case of its keys; None when it holds nothing.

    Older endpoints write `StateId`, newer ones `stateId` (custom-components/zaptec#396).
    """
    if name in data:
        return data[name]
    name_in_lower_case = name.lower()
    for key, value in data.items():
        if isinstance(key, str) and key.lower() == name_in_lower_case:
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


def is_possible(moment: datetime) -> bool:
    """Whether a charger can have reported anything then, be it right or not."""
    return _FIRST_YEAR <= moment.year <= _LAST_YEAR


def json_object(text: str | None) -> Mapping[str, object]:
    """The JSON object inside a text; an empty one when it is missing or something else."""
    try:
        value = load_json(text or "")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def as_text(value: object) -> str | None:
    """A JSON value as Zaptec would write it in `ValueAsString`: 1 and 0 for yes and no, JSON for objects."""
    if value is None:
        return None
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, bool):
        return "1" if value else "0"
    try:
        return json.dumps(value)
    except (TypeError, ValueError, RecursionError):
        return None


def as_name(value: object) -> str | None:
    """A name in one line, cut at 200 characters; None when there is none."""
    text = _CONTROLS.sub(" ", as_text(value) or "").strip()
    return (text if len(text) <= MAX_NAME_LENGTH else text[: MAX_NAME_LENGTH - 1] + "…") or None


def as_identifier(value: object) -> str | None:
    """An id, or the name of a time zone; None when it is empty or too long to be one."""
    text = as_text(value)
    return text if text and len(text) <= MAX_IDENTIFIER_LENGTH else None


def as_int(value: object) -> int | None:
    """A whole number of at most 64 bits from a number or a text; exact beyond 2**53, as warning bits need it."""
    number: int | None = None
    if isinstance(value, int) and not isinstance(value, bool):
        number = value
    elif isinstance(value, float) and value.is_integer():
        number = int(value)
    elif isinstance(value, str) and _INTEGER.fullmatch(value.strip()):
        number = int(value.strip().partition(".")[0])
    return number if number is not None and abs(number) <= _LARGEST_INT else None


def as_number(value: object) -> float | None:
    """A number from a number or a text, unless it is larger than anything a charger measures."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str) and "_" in value:  # Python would read 1_0 as ten
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and abs(number) <= _LARGEST_NUMBER else None


def as_flag(value: object) -> bool | None:
    """Yes or no from a boolean, 1 and 0, or `true` and `false` in any case."""
    text = as_text(value)
    return None if text is None else _FLAGS.get(text.strip().lower())
