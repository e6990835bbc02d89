"""The body of a request: as long as its head says, or in chunks, as Node's clients send it."""

from collections.abc import Iterator, Mapping
from io import BufferedIOBase

MOST_BODY = 1_000_000
LONGEST_LINE = 1_000
DIGITS, HEX_DIGITS = set("0123456789"), set("0123456789abcdefABCDEF")


class BadBody(Exception):
    """The body cannot be read, nor anything after it on this connection; `status` answers it."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def read_body(headers: Mapping[str, str], stream: BufferedIOBase) -> bytes:
    """Read the whole body, and nothing of the next request.

    Args:
        headers: names in lower case.

    Raises:
        BadBody: malformed (400), longer than a million bytes (413), in a coding nobody uses (501).

    Source: https://www.rfc-editor.org/rfc/rfc9112#section-6
    """
    coding = headers.get("transfer-encoding", "").strip().lower()
    if coding == "chunked":
        return b"".join(_chunks(stream))
    if coding:
        raise BadBody(501)
    return _exactly(stream, _size(headers.get("content-length", "0").strip(), DIGITS, 10))


def _chunks(stream: BufferedIOBase) -> Iterator[bytes]:
    """Every chunk; what follows the last one is read and not used."""
    left = MOST_BODY
    while size := _size(_line(stream).partition(";")[0].strip(), HEX_DIGITS, 16, left):
        left -= size
        yield _exactly(stream, size)
        if _line(stream):
            raise BadBody(400)
    while _line(stream):
        pass


def _size(text: str, digits: set[str], base: int, most: int = MOST_BODY) -> int:
    if not text or not set(text) <= digits:
        raise BadBody(400)
    if (size := int(text, base)) > most:
        raise BadBody(413)
    return size


def _line(stream: BufferedIOBase) -> str:
    line = stream.readline(LONGEST_LINE)
    if not line.endswith(b"\n"):
        raise BadBody(400)
    return line.decode("latin-1").rstrip("\r\n")


def _exactly(stream: BufferedIOBase, size: int) -> bytes:
    body = stream.read(size)
    if len(body) < size:
        raise BadBody(400)
    return body
