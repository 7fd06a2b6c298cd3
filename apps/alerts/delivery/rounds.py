"""One round of sending: a channel that failed is not asked again, but nobody waits behind another for ever."""

from datetime import datetime
from typing import Protocol


class Waiting(Protocol):
    """A message that is to be sent; `tried_at` is when its gateway was asked for it last, None never."""

    channel: str
    tried_at: datetime | None


class Round:
    """Which messages are tried in one round.

    A gateway that hangs costs seconds for each message: after a failure its channel rests until the next round. Two
    messages that come due in the same order each time would then never change places, and one that a gateway never
    takes would keep the others from it. So one more is tried, if it has waited longer than the one that failed.
    """

    def __init__(self) -> None:
        self._failed: dict[str, tuple[str, datetime | None]] = {}
        self._rests: set[str] = set()

    def why_not(self, message: Waiting) -> str:
        """Why this message is not tried in this round; empty when it is."""
        if message.channel not in self._failed:
            return ""
        error, tried_at = self._failed[message.channel]
        waited_longer = tried_at is not None and (message.tried_at is None or message.tried_at < tried_at)
        if message.channel in self._rests or not waited_longer:
            return error
        self._rests.add(message.channel)
        return ""

    def failed(self, message: Waiting, error: str) -> None:
        """The gateway did not take this message, which still says when it was tried before."""
        self._failed.setdefault(message.channel, (error, message.tried_at))
