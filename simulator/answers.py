"""The forms an answer of the cloud can take, its many kinds of error included."""

import json
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Answer:
    """What goes back over the wire."""

    status: int
    body: bytes = b""
    content_type: str = "application/json; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


def as_json(content: Any, status: int = 200) -> Answer:
    """JSON in UTF-8; half a character, which UTF-8 cannot write, becomes an escape such as `\\ud83d`."""
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=False)
    return Answer(status, text.encode("utf-8", "backslashreplace"))


def without_nulls(described: dict[str, Any]) -> dict[str, Any]:
    """As the older endpoints write an object."""
    return {name: value for name, value in described.items() if value is not None}


def with_text(status: int, body: str, headers: dict[str, str] | None = None) -> Answer:
    """Any body, typed by how it begins."""
    kind = "application/json; charset=utf-8" if body.lstrip().startswith(("{", "[")) else "text/html"
    return Answer(status, body.encode("utf-8", "backslashreplace"), kind if body else "", headers or {})


def empty(status: int) -> Answer:
    return Answer(status, content_type="")


def application_error(code: int, details: str | None) -> Answer:
    """Errors of the older endpoints: HTTP 500 with Zaptec's own code (evcc-io/evcc#21566)."""
    return as_json({"Code": code, "Details": details, "StackTrace": None}, 500)


def unknown_object(what: str) -> Answer:
    """Source: https://docs.zaptec.com/page/api-changes-what-you-need-to-know"""
    return as_json({"errorCode": 512, "message": f"{what} not found."}, 404)


def bad_request(errors: dict[str, str]) -> Answer:
    """Problem details as .NET writes them."""
    problem = {
        "type": "https://tools.ietf.org/html/rfc9110#section-15.5.1",
        "title": "One or more validation errors occurred.",
        "status": 400,
        "errors": {name: [text] for name, text in errors.items()},
    }
    return Answer(400, json.dumps(problem).encode(), "application/problem+json; charset=utf-8")


def sign_in_error(error: str, description: str) -> Answer:
    return as_json({"error": error, "error_description": description}, 400)


GATEWAY_TITLES = {
    502: "502 Bad Gateway",
    503: "503 Service Temporarily Unavailable",
    504: "504 Gateway Time-out",
}


def gateway_page(status: int) -> Answer:
    """The page of the gateway in front: https://github.com/evcc-io/evcc/issues/25064"""
    title = GATEWAY_TITLES.get(status, f"{status} Error")
    page = (
        f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n"
        "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    )
    return Answer(status, page.encode(), "text/html")


def too_many_requests(retry_after_s: int = 1) -> Answer:
    """Source: https://docs.zaptec.com/docs/api-rate-limiting"""
    return Answer(429, content_type="", headers={"Retry-After": str(retry_after_s)})
