"""Sealing what names a person, before it reaches the database: AES-256-GCM, bound to its place.

A sealed text is `key id:base64(nonce + cipher text)`. Table, column and the row's own name are authenticated with it,
so a value that was moved to another row or column does not open. Each column has its own key, derived from the site's.
What is looked for is found by a keyed digest, under a secret that does not change when the keys do.
"""

import base64
import hashlib
import hmac
import os
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from apps.edge.keys import KEY_BYTES, parse_keys

_NONCE_BYTES = 12
_DIGEST_HEX = 32  # 128 bits


class SealError(Exception):
    """A sealed value does not open; the sentence says why and holds nothing of it."""


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column that holds sealed text, and the column of the same row that the text is bound to."""

    table: str
    column: str
    row_name: str

    def seal(self, text: str, row: object) -> str:
        """The text, sealed for this row under the key for writing."""
        name, cipher = _ciphers(settings.PATIENT_KEYS, self._place)[0]
        nonce = os.urandom(_NONCE_BYTES)
        sealed = nonce + cipher.encrypt(nonce, text.encode(), self._bound_to(row))
        return f"{name}:{base64.b64encode(sealed).decode()}"

    def open(self, sealed: str, row: object) -> str:
        """What was sealed for this row. Raises SealError."""
        name, _, encoded = sealed.partition(":")
        for known, cipher in _ciphers(settings.PATIENT_KEYS, self._place):
            if known == name:
                data = base64.b64decode(encoded)
                try:
                    return cipher.decrypt(
                        data[:_NONCE_BYTES], data[_NONCE_BYTES:], self._bound_to(row)
                    ).decode()
                except InvalidTag:
                    raise SealError(
                        f"A value in {self._place} does not open: it was changed, moved, or the key {name} is another."
                    ) from None
        raise SealError(
            f"A value in {self._place} lies under the key {name}, which PATIENT_KEYS does not hold."
        )

    @property
    def _place(self) -> str:
        return f"{self.table}.{self.column}"

    def _bound_to(self, row: object) -> bytes:
        return f"{self._place}/{row}".encode()


_columns: dict[tuple[str, str], SealedColumn] = {}


def sealed_column(table: str, column: str, *, row_name: str) -> SealedColumn:
    """A column of sealed text; the rotation of keys knows it from now on."""
    return _columns.setdefault((table, column), SealedColumn(table, column, row_name))


def sealed_columns() -> tuple[SealedColumn, ...]:
    """Every column that holds sealed text, by name."""
    return tuple(_columns[place] for place in sorted(_columns))


def key_ids() -> tuple[str, ...]:
    """The ids of the keys that are set; the first is for writing."""
    return tuple(key.id for key in parse_keys(settings.PATIENT_KEYS))


def digest(kind: str, value: str) -> str:
    """A keyed digest by which a value of this kind is found: 128 bits in hexadecimal, the same for good."""
    secret = _search_key(settings.PATIENT_SEARCH_SECRET)
    return hmac.new(secret, f"{kind}\0{value}".encode(), hashlib.sha256).hexdigest()[:_DIGEST_HEX]


def request_digest(content: str) -> str:
    """A keyed digest of what was sent, to compare and never to guess from: 256 bits in hexadecimal."""
    return hmac.new(
        _search_key(settings.PATIENT_SEARCH_SECRET), b"request\0" + content.encode(), hashlib.sha256
    ).hexdigest()


@lru_cache(maxsize=64)
def _ciphers(keys: str, place: str) -> list[tuple[str, AESGCM]]:
    return [(key.id, AESGCM(_derived(key.secret, f"seal {place}"))) for key in parse_keys(keys)]


@lru_cache(maxsize=8)
def _search_key(secret: str) -> bytes:
    return _derived(secret.encode(), "search")


def _derived(secret: bytes, purpose: str) -> bytes:
    return HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=f"ivig-monitor {purpose}".encode()).derive(secret)
