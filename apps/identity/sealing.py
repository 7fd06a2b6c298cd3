"""Secrets that must be read again lie sealed; what only must be found again lies as a digest."""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.crypto import salted_hmac

_INFO = b"ivig-monitor identity sealing v1"


def seal(secret: str, *, user_id: int) -> str:
    """The secret under the first of IDENTITY_KEYS, bound to its person: in another's row it opens nothing."""
    return _ring().encrypt(f"{user_id}:{secret}".encode()).decode()


def unseal(sealed: str, *, user_id: int) -> str | None:
    """The secret again; None when no key opens it or it was somebody else's."""
    try:
        owner, _, secret = _ring().decrypt(sealed.encode()).decode().partition(":")
    except InvalidToken:
        return None
    return secret if owner == str(user_id) else None


def digest(kind: str, text: str) -> str:
    """What a name, a device or an address is kept as."""
    key = settings.IDENTITY_KEYS[0]
    return salted_hmac(f"identity.{kind}", text, secret=key, algorithm="sha256").hexdigest()


def _ring() -> MultiFernet:
    return MultiFernet([Fernet(_derived(key)) for key in settings.IDENTITY_KEYS])


def _derived(key: str) -> bytes:
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=_INFO)
    return base64.urlsafe_b64encode(kdf.derive(key.encode()))
