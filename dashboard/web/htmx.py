"""What htmx sends along, and what its answers need."""

from __future__ import annotations

from flask import request

# One address answers a page or a fragment, by the request's header; neither may be kept.
HEADERS = {"Vary": "HX-Request", "Cache-Control": "no-store"}


def is_htmx() -> bool:
    return request.headers.get("HX-Request") == "true"
