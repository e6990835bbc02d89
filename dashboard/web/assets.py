"""Our static files: an address that carries the content's hash, compressed once, cached for a year."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from flask import Blueprint, Flask, Response, abort, request, url_for

from dashboard.web.access import ANYBODY, allow

FOLDER = Path(__file__).resolve().parent.parent.parent / "static"
COMPRESSIBLE = ("text/", "application/javascript", "application/manifest+json", "image/svg+xml")
# What explains our own files is for who reads them in the source; no phone has to fetch it.
COMMENTS = {
    ".css": re.compile(rb"\s*/\*.*?\*/", re.DOTALL),
    ".js": re.compile(rb"^ *//.*\n", re.MULTILINE),  # lines that are nothing else
}
assets = Blueprint("assets", __name__)


class Asset(NamedTuple):
    body: bytes
    compressed: bytes | None
    kind: str
    hash: str


def load(name: str) -> Asset | None:
    """One file of `static/`, or None where there is none of that name."""
    return _load(name) if name in _names() else None


def read(name: str) -> bytes:
    """One of the files there are, without comments; a vendor's stays as it came, with its licence."""
    body = (FOLDER / name).read_bytes()
    comments = None if name.startswith("vendor/") else COMMENTS.get(Path(name).suffix)
    return comments.sub(b"", body) if comments else body


@cache
def _names() -> frozenset[str]:
    """What there is: so that nobody can fill the memory with names there are none of."""
    return frozenset(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file())


@cache
def _load(name: str) -> Asset:
    body = read(name)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    kind = {"text/javascript": "application/javascript"}.get(kind, kind)
    compressed = gzip.compress(body, 9, mtime=0) if kind.startswith(COMPRESSIBLE) else None
    return Asset(body, compressed, kind, hashlib.sha256(body).hexdigest()[:10])


def asset_url(name: str) -> str:
    """The address of a file of `static/`, with its content's hash.

    Raises:
        LookupError: there is none of that name.
    """
    asset = load(name)
    if asset is None:
        raise LookupError(f"no static file named {name}")
    return url_for("assets.show_asset", hash=asset.hash, name=name)


@assets.get("/static/<hash>/<path:name>")
@allow(ANYBODY)
def show_asset(hash: str, name: str) -> Response:
    asset = load(name)
    if asset is None or asset.hash != hash:
        abort(404)
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    if asset.compressed is not None and request.accept_encodings["gzip"]:
        headers["Content-Encoding"] = "gzip"
        return Response(asset.compressed, mimetype=asset.kind, headers=headers)
    return Response(asset.body, mimetype=asset.kind, headers=headers)


def compress(response: Response) -> Response:
    """Compress a page on its way out; what is already compressed, tiny or streamed stays as it is."""
    if (
        response.direct_passthrough
        or response.is_streamed
        or not (response.mimetype or "").startswith(("text/", "application/json", "application/manifest"))
        or len(body := response.get_data()) < 400
    ):
        return response
    response.vary.add("Accept-Encoding")
    if "Content-Encoding" not in response.headers and "gzip" in request.headers.get("Accept-Encoding", ""):
        response.set_data(gzip.compress(body, 6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response


def init_app(app: Flask) -> None:
    app.register_blueprint(assets)
    app.after_request(compress)
    app.jinja_env.globals["asset_url"] = asset_url
