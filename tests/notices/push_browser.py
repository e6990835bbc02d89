"""A browser that takes pushes: its keys, and how it reads what a push service hands on to it.

Written from RFC 8188, 8291 and 8292 alone, without the packages that the dashboard encrypts and signs with.
"""

from __future__ import annotations

import json
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.notices.fake_house import Posted


def encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _derive(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


@dataclass
class PushBrowser:
    """One subscription of a browser.

    Attributes:
        endpoint: where its push service takes messages for it.
    """

    endpoint: str
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = b"sixteen octets!!"

    @property
    def keys(self) -> dict[str, str]:
        return {"p256dh": encoded(point(self.private.public_key())), "auth": encoded(self.auth)}

    def subscription(self) -> str:
        """As `JSON.stringify(subscription)` writes it."""
        return json.dumps({"endpoint": self.endpoint, "expirationTime": None, "keys": self.keys})

    def read(self, posted: Posted) -> Any:
        """What the message says, decrypted; raises where it was not made for this browser."""
        assert posted.headers["Content-Encoding"] == "aes128gcm"
        salt, size, length = posted.body[:16], *struct.unpack("!LB", posted.body[16:21])
        theirs, record = posted.body[21 : 21 + length], posted.body[21 + length :]
        assert len(posted.body) <= 4096 and len(record) <= size
        sender = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
        info = b"WebPush: info\0" + point(self.private.public_key()) + theirs
        secret = _derive(self.private.exchange(ec.ECDH(), sender), self.auth, info, 32)
        key = _derive(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _derive(secret, salt, b"Content-Encoding: nonce\0", 12)
        padded = AESGCM(key).decrypt(nonce, record, None).rstrip(b"\0")
        assert padded.endswith(b"\2")  # the last record
        return json.loads(padded[:-1])


def signed_claims(posted: Posted, public_key: str) -> dict[str, Any]:
    """What the sender says of itself; raises where that key has not signed it."""
    kind, _, rest = posted.headers["Authorization"].partition(" ")
    parts = dict(part.split("=", 1) for part in rest.split(","))
    assert kind == "vapid" and parts["k"] == public_key
    signed, _, signature = parts["t"].rpartition(".")
    raw = decoded(signature)
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(public_key))
    key.verify(encode_dss_signature(r, s), signed.encode(), ec.ECDSA(hashes.SHA256()))
    header, _, claims = signed.partition(".")
    assert json.loads(decoded(header))["alg"] == "ES256"
    found: dict[str, Any] = json.loads(decoded(claims))
    return found
