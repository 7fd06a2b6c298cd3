"""The keys that identifying data lie under, as a site writes them: `id:base64`, the first one is for writing."""

import base64
import binascii
import re
from dataclasses import dataclass

KEY_BYTES = 32
SEARCH_SECRET_LENGTH = 32
# For commands and tests without a site's own; production settings refuse both.
PUBLIC_KEYS = "public:" + base64.b64encode(b"not-secret-for-tests-and-commands"[:KEY_BYTES]).decode()
PUBLIC_SEARCH_SECRET = "not-secret-for-commands-that-search-nothing"  # nosec B105  # public on purpose

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,15}", re.ASCII)


class KeysError(ValueError):
    """The keys cannot be read; the sentence names none of them."""


@dataclass(frozen=True, slots=True, repr=False)
class Key:
    """A key of 256 bits and the name under which sealed values ask for it."""

    id: str
    secret: bytes


def parse_keys(text: str) -> tuple[Key, ...]:
    """The keys of `id:base64,id:base64`, or of one such a line; lines with # are remarks. Raises KeysError."""
    words = [
        word.strip()
        for line in text.splitlines()
        if not line.lstrip().startswith("#")
        for word in line.split(",")
        if word.strip()
    ]
    keys = tuple(_key(word, number) for number, word in enumerate(words, start=1))
    if not keys:
        raise KeysError("There is no key: write id:base64.")
    if len({key.id for key in keys}) < len(keys):
        raise KeysError("Two keys have the same id: each sealed value names its key by it.")
    return keys


def _key(word: str, number: int) -> Key:
    name, _, encoded = word.partition(":")
    if not _ID.fullmatch(name):
        raise KeysError(
            f"Key {number} has no id: write id:base64, the id of up to 16 letters, digits and hyphens."
        )
    try:
        secret = base64.b64decode(
            encoded, altchars=b"-_" if {"-", "_"} & set(encoded) else None, validate=True
        )
    except (binascii.Error, ValueError):
        raise KeysError(f"Key {name} is not base64: make one with `openssl rand -base64 32`.") from None
    if len(secret) != KEY_BYTES:
        raise KeysError(f"Key {name} must have 32 bytes: make one with `openssl rand -base64 32`.")
    return Key(name, secret)
