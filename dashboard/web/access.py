"""Who may do what: one role per route, declared beside it and checked in one place.

Beside the route of an address that takes only a POST also stands which page has its button.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, NoReturn, TypeVar
from urllib.parse import quote, urlsplit

from flask import Flask, Response, abort, current_app, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import MethodNotAllowed

from dashboard.web.htmx import is_htmx

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


class Role(StrEnum):
    """What a member of the household may do; each may also do what the one before may."""

    VIEWER = "viewer"
    MEMBER = "member"
    OWNER = "owner"

    def includes(self, other: Role) -> bool:
        order = list(Role)
        return order.index(self) >= order.index(other)


ANYBODY = "anybody"


def allow(role: Role | str) -> Callable[[View], View]:
    """Declare who may use a route: a role, or ANYBODY for those who are not signed in either."""

    def declare(view: View) -> View:
        view.allowed = role  # type: ignore[attr-defined]
        return view

    return declare


def button_on(page: str, anchor: str | None = None) -> Callable[[View], View]:
    """Declare which page has the button of a POST-only address: `@button_on("plan.show_plan")`.

    A press that met the sign-in comes back as a GET of that address, which leads to this page. The page is an
    endpoint; of the address's own parameters it gets those it knows.
    """

    def declare(view: View) -> View:
        view.button_on = page, anchor  # type: ignore[attr-defined]
        return view

    return declare


def allowed(endpoint: str) -> Role | str:
    """The declared role of a route.

    Raises:
        LookupError: the route declares none; nobody gets in, and a test fails.
    """
    declared: Role | str | None = getattr(current_app.view_functions[endpoint], "allowed", None)
    if declared is None:
        raise LookupError(f"the route {endpoint} does not say who may use it")
    return declared


def own_address(address: str | None) -> str | None:
    """The address if it is a path of ours, else None: a `next` must not lead to another site."""
    if not address or not address.startswith("/") or address.startswith("//") or "\\" in address:
        return None
    if not f"{address}/".startswith(f"{request.script_root}/"):
        return None  # of the site below which we stand
    if any(ord(character) < 32 for character in address):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else address


def here() -> str:
    """The address of this request, to come back to."""
    return request.script_root + (request.full_path if request.query_string else request.path)


def to_sign_in() -> ResponseReturnValue:
    """Send somebody who is signed out to the sign-in, and back to where they were going.

    A POST is never replayed: the sign-in leads to the same address, whose GET shows the button again.
    """
    back = here()
    if is_htmx():
        back = own_address(_path_of(request.headers.get("HX-Current-URL"))) or back
    address = f"{url_for('household.show_login')}?next={quote(back, safe='/')}"
    if is_htmx():
        return Response(status=401, headers={"HX-Redirect": address})
    return redirect(address, code=303 if request.method == "POST" else 302)


def turn_away() -> NoReturn:
    """End the request on the way to the sign-in: whoever sent it is not signed in any more."""
    abort(make_response(to_sign_in()))


def _path_of(address: str | None) -> str | None:
    try:
        parts = urlsplit(address or "")
    except ValueError:
        return None
    return f"{parts.path}?{parts.query}" if parts.query else parts.path or None


def check() -> ResponseReturnValue | None:
    endpoint, values = _asked_for()
    if endpoint is None:
        return None  # no such address: Flask answers 404 or 405
    role = allowed(endpoint)
    if role != ANYBODY:
        if not current_user.is_authenticated:
            return to_sign_in()
        if not current_user.role.includes(Role(role)):
            abort(403)
    return None if request.endpoint else _to_button_of(endpoint, values)


def _asked_for() -> tuple[str | None, dict[str, Any]]:
    """The route that this request is for, or, where a GET meets an address that only takes a POST, that one."""
    is_look = request.method in ("GET", "HEAD")
    if is_look and isinstance(request.routing_exception, MethodNotAllowed):
        adapter = current_app.create_url_adapter(request)
        if adapter is not None and adapter.test(method="POST"):
            endpoint, values = adapter.match(method="POST")
            return str(endpoint), dict(values)
    return request.endpoint, {}


def _to_button_of(endpoint: str, values: dict[str, Any]) -> ResponseReturnValue | None:
    page, anchor = getattr(current_app.view_functions[endpoint], "button_on", (None, None))
    if page is None:
        return None
    understood = {name for rule in current_app.url_map.iter_rules(page) for name in rule.arguments}
    parameters = {name: value for name, value in values.items() if name in understood}
    return redirect(url_for(page, _anchor=anchor, **parameters))


def init_app(app: Flask) -> None:
    app.before_request(check)
    app.jinja_env.globals["here"] = here
