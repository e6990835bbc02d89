"""Addresses and keys as the database holds them: encrypted with a key that comes from the secret key."""

from __future__ import annotations

import base64
from functools import lru_cache
from typing import TYPE_CHECKING

from dashboard.services import Services

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

UNREADABLE = ""  # what was sealed with another secret key


def seal(services: Services, text: str) -> str:
    return _box(services.settings.secret_key).encrypt(text.encode()).decode()


def unseal(services: Services, sealed: str) -> str:
    """What was sealed; UNREADABLE where that was done with another secret key."""
    from cryptography.fernet import InvalidToken

    try:
        return _box(services.settings.secret_key).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return UNREADABLE


@lru_cache(maxsize=4)
def _box(secret_key: str) -> Fernet:
    # Imported when first used: some megabytes that a household without notices does without.
    from cryptography.fernet import Fernet
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    derive = HKDF(SHA256(), 32, salt=None, info=b"dashboard: addresses and keys of notices").derive
    return Fernet(base64.urlsafe_b64encode(derive(secret_key.encode())))
