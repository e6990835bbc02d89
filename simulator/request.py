"""A request as the cloud reads it: any case of names and paths, mistakes told as .NET tells them."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qsl, unquote

from simulator.answers import Answer, bad_request

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Mistake(Exception):
    """The request cannot be answered; `answer` says why."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


@dataclass(frozen=True)
class Request:
    """Method, path and what came with them.

    Attributes:
        headers: names in lower case.
        peer: the address it came from.
    """

    method: str
    target: str
    headers: dict[str, str]
    body: bytes = b""
    peer: str = "127.0.0.1"

    @property
    def path(self) -> str:
        return unquote(self.target.partition("?")[0])

    @property
    def query(self) -> dict[str, str]:
        pairs = parse_qsl(self.target.partition("?")[2], keep_blank_values=True)
        return {name.lower(): value for name, value in pairs}

    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    def text(self, name: str) -> str:
        return self.query.get(name.lower(), "")

    def flag(self, name: str) -> bool:
        return self.text(name).lower() == "true"

    def number(self, name: str, default: int, least: int, most: int) -> int:
        """A whole number from the query; out of its range it is refused, as with `PageSize` over 100."""
        text = self.text(name)
        if not text:
            return default
        try:
            value = int(text)
        except ValueError:
            raise Mistake(bad_request({name: f"The value '{text}' is not valid."})) from None
        if not least <= value <= most:
            raise Mistake(bad_request({name: f"The field {name} must be between {least} and {most}."}))
        return value

    def moment(self, name: str) -> datetime | None:
        """A date-time from the query; without a zone it is UTC."""
        text = self.text(name)
        if not text:
            return None
        try:
            at = datetime.fromisoformat(text)
            return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
        except (ValueError, OverflowError):
            raise Mistake(bad_request({name: f"The value '{text}' is not valid."})) from None


def identifier(text: str, name: str = "id") -> str:
    if not UUID.fullmatch(text.lower()):
        raise Mistake(bad_request({name: f"The value '{text}' is not valid."}))
    return text.lower()
