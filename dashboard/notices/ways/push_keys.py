"""The pair of keys by which push services know this dashboard (VAPID, RFC 8292): one for all its processes."""

from __future__ import annotations

import hashlib
import hmac

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02
from py_vapid.utils import b64urlencode
from sqlalchemy import select

from dashboard.database import upsert
from dashboard.notices.ways.sealing import seal, unseal
from dashboard.notices.ways.tables import push_key
from dashboard.services import Services


def public_key(services: Services) -> str:
    """What a browser is given when it subscribes: the point of the curve, in URL-safe base64."""
    point = key_pair(services).public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    encoded: str = b64urlencode(point)
    return encoded


def key_pair(services: Services) -> Vapid02:
    """The pair that goes with the secret key; the first process that asks makes it."""
    pem = _kept(services)
    if pem is None:
        _make(services)
        pem = _kept(services)
    return Vapid02.from_pem((pem or "").encode())


def _kept(services: Services) -> str | None:
    query = select(push_key.c.sealed).where(push_key.c.secret_name == _name(services))
    with services.database.reading() as connection:
        sealed = connection.execute(query).scalar()
    return None if sealed is None else unseal(services, sealed)


def _make(services: Services) -> None:
    made = Vapid02()
    made.generate_keys()
    row = {
        "secret_name": _name(services),
        "sealed": seal(services, made.private_pem().decode()),
        "made_at": services.now(),
    }
    with services.database.writing() as connection:
        connection.execute(upsert(connection, push_key).values(row).on_conflict_do_nothing())


def _name(services: Services) -> str:
    return hmac.new(services.settings.secret_key.encode(), b"push key", hashlib.sha256).hexdigest()[:32]
