"""The link itself: 256 random bits, of which only a digest is kept, and how long it opens."""

import hashlib
import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

TOKEN_BYTES = 32
WITHOUT_CHECKS = timedelta(days=30)
"""How long a link opens while no check is planned. Site policy, not from a guideline."""
LONGEST_LIFE = timedelta(days=120)
"""No link opens longer after it was given out, whatever is planned. Site policy."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


def new_token() -> str:
    """A token nobody can guess, as it stands in the address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def is_token(text: str) -> bool:
    """Whether a text could be one of our tokens at all."""
    return _TOKEN.fullmatch(text) is not None


def token_digest(token: str) -> str:
    """What is kept of a token: its SHA-256. The token is random, so nothing slower is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def expires_at(*, issued_at: datetime, closings: Iterable[datetime], grace: timedelta) -> datetime:
    """When a link stops opening: `grace` after the last window of its checks closes.

    `closings` are the ends of the windows of the checks a patient can answer; without any of them the link
    opens for WITHOUT_CHECKS. It never opens longer than LONGEST_LIFE after it was given out.
    """
    last = max(closings, default=None)
    wanted = issued_at + WITHOUT_CHECKS if last is None else last + grace
    return min(wanted, issued_at + LONGEST_LIFE)
