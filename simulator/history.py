"""The endpoints that tell of sessions: the past by the older and the newer one, and a single session."""

import base64
import binascii
from collections.abc import Callable, Iterator
from datetime import datetime

from simulator.accounts import MAINTAINER, OWNER, SimulatedAccount
from simulator.answers import Answer, as_json, bad_request, empty, unknown_object
from simulator.cloud import Cloud
from simulator.listings import page
from simulator.request import Mistake, Request, identifier
from simulator.sessions import Json, Session, running_session

MAX_ARCHIVED_PAGE = 200


def archived_sessions(cloud: Cloud, request: Request, account: SimulatedAccount, _: dict[str, str]) -> Answer:
    """`GET /api/sessions/archived`: oldest first, by the time of the end (custom-components/zaptec#396)."""
    start, end = _required_moment(request, "From"), _required_moment(request, "To")
    if end <= start:
        return bad_request({"To": "To must be later than From."})
    roles, is_of = _whose(cloud, request, account)
    if not roles & OWNER:
        return empty(403)
    size = request.number("PageSize", 50, 1, MAX_ARCHIVED_PAGE)
    offset = _offset(request.text("Cursor"))
    sessions = [s for s in cloud.sessions() if start <= s.end < end and is_of(s)]
    rest = sessions[offset + size :]
    cursor = base64.urlsafe_b64encode(f"end:{offset + size}".encode()).decode() if rest else None
    page = [session.as_archived() for session in sessions[offset : offset + size]]
    return as_json({"sessions": page, "cursor": cursor, "hasMore": bool(rest)})


def _whose(cloud: Cloud, request: Request, account: SimulatedAccount) -> tuple[int, Callable[[Session], bool]]:
    """The account's roles on what was asked for, and whether a session is of it."""
    installation_id, charger_id = request.text("InstallationId"), request.text("ChargerId")
    if bool(installation_id) == bool(charger_id):
        raise Mistake(bad_request({"": "Exactly one of InstallationId and ChargerId must be given."}))
    if charger_id:
        charger_id = identifier(charger_id, "ChargerId")
        return account.roles.get(charger_id, 0), lambda session: session.charger_id == charger_id
    installation = cloud.find_installation(identifier(installation_id, "InstallationId"))
    roles = cloud.roles_at(account, installation) if installation else 0
    return roles, lambda session: cloud.installation_of(session.charger_id) == installation


def show_session(cloud: Cloud, request: Request, account: SimulatedAccount, parts: dict[str, str]) -> Answer:
    """`GET /api/session/{id}`, also of one that runs."""
    session_id = identifier(parts["id"])
    for charger_id, single in _singles(cloud, session_id):
        may_see = account.roles.get(charger_id, 0) & (OWNER | MAINTAINER)
        return as_json(single) if may_see else empty(403)
    return unknown_object("Session")


def _singles(cloud: Cloud, session_id: str) -> Iterator[tuple[str, Json]]:
    """What the cloud knows of a session, with the charger's id; it has not heard the end of one kept back."""
    for session in cloud.sessions():
        if session.id == session_id:
            yield session.charger_id, session.as_single()
    for charger in cloud.chargers:
        for begun in (charger.session, *charger.unsent):
            if begun and begun.id == session_id == charger.seen[721]:
                yield charger.id, running_session(session_id, begun.start)


def charge_history(cloud: Cloud, request: Request, account: SimulatedAccount, _: dict[str, str]) -> Answer:
    """`GET /api/chargehistory`: newest first, details only when asked for."""
    start, end = request.moment("From"), request.moment("To")
    charger_id, installation = request.text("ChargerId").lower(), request.text("InstallationId").lower()
    with_details = bool(request.number("DetailLevel", 0, 0, 7) & 1)
    told = []
    for session in reversed(cloud.sessions()):
        if not account.roles.get(session.charger_id, 0):
            continue
        if installation not in ("", cloud.installation_of(session.charger_id).id):
            continue
        if charger_id not in ("", session.charger_id) or _is_gone(cloud, session):
            continue
        if (start is None or session.end >= start) and (end is None or session.start < end):
            told.append(session.as_charge_history(with_details=with_details))
    return page(request, told)


def _is_gone(cloud: Cloud, session: Session) -> bool:
    return cloud.chargehistory_from is not None and session.end < cloud.chargehistory_from


def _required_moment(request: Request, name: str) -> datetime:
    at = request.moment(name)
    if at is None:
        raise Mistake(bad_request({name: f"The {name} field is required."}))
    return at


def _offset(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        return max(0, int(base64.urlsafe_b64decode(cursor).decode().removeprefix("end:")))
    except (ValueError, binascii.Error):
        raise Mistake(bad_request({"Cursor": "The cursor is not valid."})) from None
