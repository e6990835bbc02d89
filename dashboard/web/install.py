"""The dashboard on a home screen: manifest and service worker.

None of it is needed for the main path: a browser that offers no installation (plain http) lacks nothing else.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache

from flask import Blueprint, Flask, Response, url_for
from flask.typing import ResponseReturnValue

from dashboard.web import words
from dashboard.web.access import ANYBODY, allow
from dashboard.web.assets import FOLDER, asset_url, read

install = Blueprint("install", __name__)
LIGHT, DARK = "#f4f6f3", "#0e1311"


@install.get("/manifest.webmanifest")
@allow(ANYBODY)
def show_manifest() -> ResponseReturnValue:
    icons = [
        {"src": asset_url("icon-192.png"), "sizes": "192x192", "type": "image/png"},
        {"src": asset_url("icon-512.png"), "sizes": "512x512", "type": "image/png"},
        {"src": asset_url("icon-maskable-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
    ]
    home = url_for("card.show_all")
    manifest = {
        "id": home,
        "name": words.app_name(),
        "short_name": words.app_name(),
        "start_url": home,
        "scope": home,
        "display": "standalone",
        "background_color": DARK,
        "theme_color": DARK,
        "icons": icons,
        # These open a page with the button in focus; opening one never acts.
        "shortcuts": [
            {"name": words.pause(), "url": url_for("card.show_first_pause"), "icons": icons[:1]},
            {"name": words.resume(), "url": url_for("card.show_first_resume"), "icons": icons[:1]},
        ],
    }
    return Response(
        json.dumps(manifest), mimetype="application/manifest+json", headers={"Cache-Control": "no-cache"}
    )


@cache
def version() -> str:
    """Names everything the worker may keep: our static files and the worker itself."""
    digest = hashlib.sha256()
    for path in sorted(FOLDER.rglob("*")):
        if path.is_file():
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:10]


@install.get("/service-worker.js")
@allow(ANYBODY)
def show_service_worker() -> ResponseReturnValue:
    """The worker stands at the root because it may only serve what lies below its own address."""
    text = read("service-worker.js").decode().replace("VERSION", version(), 1)
    return Response(text, mimetype="text/javascript", headers={"Cache-Control": "no-cache"})


def init_app(app: Flask) -> None:
    app.register_blueprint(install)
