"""What an answer of Zaptec's means: which error it is, and whether it has the shape that was promised."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from urllib3.exceptions import InvalidHeader
from urllib3.util import Retry

from zaptec.commands import Command
from zaptec.errors import CommandRefused, MalformedRequest, NoAccess, NotUnderstood, TryLater, UnknownCharger
from zaptec.values import as_int, as_text, field, load_json

_UNKNOWN_OBJECT = 512
_COMMAND_REJECTED = 528
_FORBIDDEN = 533
# What says that a command was not carried out: no such command, no answer from the charger, not in this state.
_REFUSALS = (517, 519, 520, 527, _COMMAND_REJECTED, 538)
LONGEST_WAIT_S = 6 * 3600.0

logger = logging.getLogger("zaptec")
T = TypeVar("T")


@dataclass(frozen=True, repr=False)
class HttpAnswer:
    """What came back: read to its end, whatever its status."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> object:
        """The body as JSON.

        Raises:
            NotUnderstood: it is none, such as the HTML page of a gateway, or half of one.
        """
        try:
            return load_json(self.body)
        except ValueError as error:
            raise NotUnderstood(f"{len(self.body)} bytes with status {self.status} are not JSON") from error

    @property
    def retry_after_s(self) -> float | None:
        """Seconds from the Retry-After header, which may also hold a date; six hours at most."""
        value = self.headers.get("Retry-After")
        if not value:
            return None
        try:
            return min(max(0.0, float(Retry().parse_retry_after(value))), LONGEST_WAIT_S)
        except (InvalidHeader, ValueError, OverflowError):
            return None


def zaptec_error(answer: HttpAnswer) -> tuple[int | None, str | None]:
    """Code and text of `{"Code", "Details"}` (500) or `{"errorCode", "message"}` (404), else None.

    Source: https://docs.zaptec.com/page/api-changes-what-you-need-to-know, evcc-io/evcc#21566
    """
    if answer.status < 400:
        return None, None
    try:
        data = answer.json()
    except NotUnderstood:
        return None, None
    if not isinstance(data, dict):
        return None, None
    code = as_int(field(data, "Code"))
    if code is not None:
        return code, as_text(field(data, "Details"))
    return as_int(field(data, "errorCode")), as_text(field(data, "message"))


def raise_for(answer: HttpAnswer, *, is_empty_forbidden: bool = False) -> None:
    """Raise what the answer to a question says went wrong; a 2xx with something in it passes.

    Args:
        is_empty_forbidden: an empty 204 means that the account may not have it, as firmware and hierarchy say so
            since September 2025 (custom-components/zaptec#320). To any other question it means nothing known.

    Raises:
        NoAccess: 403, or code 533; 204 where `is_empty_forbidden`.
        UnknownCharger: 404, or code 512.
        TryLater: 408, 429 and every 5xx.
        MalformedRequest: 400, a mistake of ours.
        NotUnderstood: a redirect, any other 204 or 4xx.
    """
    if answer.status == 204 and is_empty_forbidden:
        raise NoAccess("status 204")
    if answer.status == 204:
        raise NotUnderstood("an empty answer to a question")
    _raise_for_status(answer)


def raise_for_command(answer: HttpAnswer, command: Command) -> None:
    """Raise what the answer to a command says went wrong; any 2xx means accepted.

    Raises:
        CommandRefused: an answer with a code and a reason that says it was not carried out.
        NoAccess, UnknownCharger, TryLater, MalformedRequest, NotUnderstood: as for `raise_for`.
    """
    code, details = zaptec_error(answer)
    # Zaptec answers 528 without details to 10001, yet obeys (custom-components/zaptec#346).
    is_deauthorized = command is Command.DEAUTHORIZE_AND_STOP and code == _COMMAND_REJECTED and not details
    if 400 <= answer.status <= 500 and code in _REFUSALS:
        if is_deauthorized:
            return
        raise CommandRefused(code, details)
    _raise_for_status(answer)


def _raise_for_status(answer: HttpAnswer) -> None:
    """What holds for questions and commands alike; every 2xx passes."""
    status = answer.status
    code, _ = zaptec_error(answer)
    if 200 <= status < 300:
        return
    if status == 403 or code == _FORBIDDEN:
        raise NoAccess(f"status {status}")
    if status == 404 or code == _UNKNOWN_OBJECT:
        raise UnknownCharger(f"status {status}")
    if status == 429:
        raise TryLater(answer.retry_after_s, "rate_limited")
    if status >= 500 or status == 408:
        raise TryLater(answer.retry_after_s, "unavailable")
    if status == 400:
        raise MalformedRequest("status 400")
    raise NotUnderstood(f"status {status}")


def understood(parse: Callable[[dict[str, object]], T], data: object) -> T:
    """`data` through `parse`, which raises ValueError, naming what is missing, for what it cannot use.

    Raises:
        NotUnderstood: that, or no object at all.
    """
    if not isinstance(data, dict):
        raise NotUnderstood("expected an object")
    try:
        return parse(data)
    except (ValueError, ArithmeticError) as error:
        raise NotUnderstood(f"an object of another shape: {error}") from error


class Entries(Iterator[T]):
    """The entries of a list, one by one; those that cannot be read are counted and hide no other.

    Attributes:
        unread: how many could not be read so far.
    """

    def __init__(self, raw: Iterable[object], parse: Callable[[dict[str, object]], T]) -> None:
        self.unread = 0
        self._raw = iter(raw)
        self._parse = parse

    def __next__(self) -> T:
        for each in self._raw:
            try:
                return understood(self._parse, each)
            except NotUnderstood as error:
                self.unread += 1
                logger.warning("skipped an entry: %s", error)
        raise StopIteration

    def all(self) -> "Listing[T]":
        """The rest of them at once."""
        found = list(self)
        return Listing(found, self.unread)


class Listing(list[T]):
    """A list as far as it could be read.

    Attributes:
        unread: how many of its entries could not be read.
    """

    def __init__(self, entries: Iterable[T], unread: int) -> None:
        super().__init__(entries)
        self.unread = unread


def listed(data: object) -> list[Any]:
    """`data`, which should be a list.

    Raises:
        NotUnderstood: it is not.
    """
    if not isinstance(data, list):
        raise NotUnderstood("expected a list")
    return data


def entry(data: object, name: str) -> object:
    """What an object holds under `name`, in any case; None when it holds nothing.

    Raises:
        NotUnderstood: it is no object.
    """
    if not isinstance(data, dict):
        raise NotUnderstood("expected an object")
    return field(data, name)
