"""One HTTP request as it comes in, piece by piece: where it ends, without understanding more of it than that."""

from __future__ import annotations

import re

MOST_HEAD = 32 * 1024
MOST_BODY = 128 * 1024  # more than the dashboard takes: what is larger is handed on, to be refused
_END_OF_HEAD = b"\r\n\r\n"
_LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,18})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_IS_CHUNKED = re.compile(rb"^transfer-encoding:[^\r\n]*", re.IGNORECASE | re.MULTILINE)
_WANTS_TO_BE_ASKED = re.compile(rb"^expect:[ \t]*100-continue", re.IGNORECASE | re.MULTILINE)


class Intake:
    """What has come of a request. What is malformed counts as complete, for the parser to refuse.

    Attributes:
        data: all that has come; perhaps the beginning of the next request, too.
        is_complete: nothing more is to be waited for.
        is_too_long: it is cut off, so that nobody can tell where the next request begins.
        wants_to_be_asked: the client sends the body only after a “100 Continue”, for which it is waiting.
    """

    def __init__(self) -> None:
        self.data = bytearray()
        self.is_complete = False
        self.is_too_long = False
        self._body_at = 0  # where the body begins, once the head is there
        self._length: int | None = None  # of the body; None where it comes in chunks
        self._chunk_at = 0  # where the next chunk begins

    def add(self, piece: bytes) -> None:
        seen = len(self.data)
        self.data += piece
        if not self._body_at:
            self._look_for_the_head(seen)
        if self._body_at and not self.is_complete:
            self._look_for_the_end()

    @property
    def wants_to_be_asked(self) -> bool:
        head = bytes(self.data[: self._body_at])
        return not self.is_complete and _WANTS_TO_BE_ASKED.search(head) is not None

    @property
    def as_request(self) -> bytes:
        """What the parser gets. Chunks that were cut off become a length, so that they are refused as too much."""
        if not (self.is_too_long and self._body_at and self._length is None):
            return bytes(self.data)
        head = bytes(self.data[: self._body_at])
        return _IS_CHUNKED.sub(b"Content-Length: %d" % len(self.data), head, count=1)

    def _look_for_the_head(self, seen: int) -> None:
        end = self.data.find(_END_OF_HEAD, max(0, seen - len(_END_OF_HEAD)))
        if end < 0:
            self._cut_off(len(self.data) > MOST_HEAD)
            return
        self._body_at = self._chunk_at = end + len(_END_OF_HEAD)
        head = bytes(self.data[: end + 2])
        length = _LENGTH.search(head)
        self._length = None if _IS_CHUNKED.search(head) else int(length[1]) if length else 0
        self._cut_off((self._length or 0) > MOST_BODY)

    def _look_for_the_end(self) -> None:
        if self._length is None:
            self._walk_chunks()
        else:
            self.is_complete = len(self.data) - self._body_at >= self._length
        self._cut_off(not self.is_complete and len(self.data) - self._body_at > MOST_BODY)

    def _walk_chunks(self) -> None:
        while (line_end := self.data.find(b"\r\n", self._chunk_at)) >= 0:
            try:
                size = int(self.data[self._chunk_at : line_end].partition(b";")[0], 16)
            except ValueError:
                self.is_complete = True
                return
            if size <= 0:  # the last one: an empty line comes after it, perhaps after trailers
                self.is_complete = self.data.find(_END_OF_HEAD, line_end) >= 0
                return
            self._chunk_at = line_end + 2 + size + 2

    def _cut_off(self, is_so: bool) -> None:
        if is_so:
            self.is_complete = self.is_too_long = True
