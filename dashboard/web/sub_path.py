"""Below a path of another site, such as `https://home.example.org/charger`, every address begins with that path."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask
from werkzeug.utils import redirect

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class SubPath:
    """Tells the program below which path it stands, whether the proxy takes that path away or passes it on."""

    def __init__(self, app: WsgiApp, path: str) -> None:
        self._app = app
        self._path = path

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        asked = environ.get("PATH_INFO", "")
        if asked == self._path:  # what is installed as an app begins with the slash
            return redirect(f"{self._path}/", code=308)(environ, start_response)
        if asked.startswith(f"{self._path}/"):
            environ["PATH_INFO"] = asked.removeprefix(self._path)
        environ["SCRIPT_NAME"] = self._path
        return self._app(environ, start_response)


def init_app(app: Flask, path: str) -> None:
    """Let addresses and cookies begin with that path; empty changes nothing."""
    app.config["SESSION_COOKIE_PATH"] = path or "/"
    if path:
        app.wsgi_app = SubPath(app.wsgi_app, path)  # type: ignore[method-assign]
