"""What a browser needs before it can be added."""

from __future__ import annotations

from flask import Blueprint, Flask, Response

from dashboard.notices.ways import push_key
from dashboard.services import current_services
from dashboard.web.access import Role, allow, button_on

ways = Blueprint("ways", __name__)


@ways.post("/account/notices/push-key")
@allow(Role.VIEWER)
@button_on("household.show_account", anchor="being-told")
def show_push_key() -> Response:
    """The public key that it subscribes with; a POST, as the first who asks has the pair made."""
    return Response(push_key(current_services()), mimetype="text/plain")


def init_app(app: Flask) -> None:
    app.register_blueprint(ways)
