"""A token that must wait until its message is sent lies sealed: a copy of the database alone opens no form."""

import base64

from django.utils.crypto import salted_hmac

from apps.selfreport.domain import token_digest


def seal(token: str, *, message_id: str) -> str:
    """The token under a key made of the service's secret and this message's id, both needed to read it.

    The 32 random bytes are added to 32 bytes of HMAC-SHA-256, which no other message shares.
    """
    return _encoded(_mixed(_decoded(token), message_id))


def unseal(sealed: str, *, message_id: str, token_hash: str) -> str | None:
    """The token again; None when secret, message or link are not the ones it was sealed with."""
    try:
        token = _encoded(_mixed(_decoded(sealed), message_id))
    except ValueError:
        return None
    return token if token_digest(token) == token_hash else None


def _mixed(content: bytes, message_id: str) -> bytes:
    pad = salted_hmac("selfreport.sealing", message_id, algorithm="sha256").digest()
    return bytes(one ^ other for one, other in zip(content, pad, strict=True))


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=")


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
