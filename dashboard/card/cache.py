"""Cards as they were rendered last: phones that look at the same version get the same bytes.

A version names everything a card shows, so nothing has to be invalidated; what is not asked for falls out.
"""

from __future__ import annotations

import gzip
import re
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from threading import Lock

from flask import Response, request

from dashboard.card.view import Card

KEPT = 64  # five chargers, three roles and a page or two: some 300 kB at the most
INDENT = re.compile(r"\n\s+")  # of the templates: on a card it means nothing


@dataclass(frozen=True)
class Rendering:
    """A card and its bytes, plain and compressed."""

    card: Card
    html: bytes
    compressed: bytes

    @classmethod
    def of(cls, card: Card, text: str) -> Rendering:
        html = INDENT.sub("\n", text).encode()
        return cls(card, html, gzip.compress(html, 6, mtime=0))

    def answer(self) -> Response:
        is_compressed = "gzip" in request.headers.get("Accept-Encoding", "")
        response = Response(self.compressed if is_compressed else self.html, mimetype="text/html")
        if is_compressed:
            response.headers["Content-Encoding"] = "gzip"
        return response


@dataclass
class Renderings:
    """A small memory, shared by the threads of one process."""

    _kept: OrderedDict[Hashable, Rendering] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def find(self, key: Hashable) -> Rendering | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def keep(self, key: Hashable, made: Rendering) -> Rendering:
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return made
