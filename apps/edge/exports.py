"""What leaves the house as a file says who took it, when, and under which number."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: survives being read out
_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who took something out of the house, when (real time), and the number of this export."""

    number: str
    by: str
    at: datetime

    @property
    def moment(self) -> str:
        return f"{self.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"

    def __str__(self) -> str:
        return f"{self.number} · {self.moment} · {self.by}"


def export_number() -> str:
    """A new number of an export, such as `X-7K3M9QTR`. A record of exports is kept under it."""
    return "X-" + "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


_current: ContextVar[Stamp | None] = ContextVar("export_stamp", default=None)


@contextmanager
def stamped(*, by: str, at: datetime) -> Iterator[Stamp]:
    """Whatever paper or workbook is made within bears this stamp."""
    stamp = Stamp(export_number(), by, at)
    token = _current.set(stamp)
    try:
        yield stamp
    finally:
        _current.reset(token)


def current_stamp() -> Stamp | None:
    """The stamp of the export that is being made; None for what stays in the house."""
    return _current.get()
