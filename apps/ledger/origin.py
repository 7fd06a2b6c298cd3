"""Where what is being recorded comes from: set at the door, kept with every event of the request."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True)
class Origin:
    """The request that is being answered: its id, the address it came from, and the session or token it came with.

    `device` tells one session or token from another without being one. `events` counts what the request recorded.
    """

    request_id: str = ""
    address: str = ""
    device: str = ""
    events: int = 0

    def of(self, actor: str) -> dict[str, str]:
        """What an event of this actor keeps; an address only of staff, never that of a patient at home."""
        told = {"request_id": self.request_id}
        if actor.startswith("user:"):
            told |= {"address": self.address, "device": self.device}
        return {name: value for name, value in told.items() if value}


_origin: ContextVar[Origin | None] = ContextVar("ledger_origin", default=None)


def current_origin() -> Origin | None:
    """The request that is being answered; None for timers, tasks and commands."""
    return _origin.get()


@contextmanager
def came_from(origin: Origin) -> Iterator[Origin]:
    """What is recorded within comes from there."""
    token = _origin.set(origin)
    try:
        yield origin
    finally:
        _origin.reset(token)
