"""When the screen of a device is locked, and who may open it with six digits. Site policy, not a clinical rule."""

from dataclasses import dataclass
from datetime import datetime, timedelta

WRONG_AT_MOST = 5
"""With the fifth wrong PIN or password in a row the session ends."""
QUICK_FOR = timedelta(hours=12)
"""How long after a full sign-in on a device its person may come back there with the PIN: one shift."""
KEPT_FOR = timedelta(days=90)
"""How long a sign-in is listed; its events stay."""
NOTED_EACH = timedelta(seconds=20)
"""A touch is written down no more often than this."""


@dataclass(frozen=True, slots=True)
class Screen:
    """What is known of a session's screen: the last touch, when it was locked, and how long it may lie untouched."""

    touched_at: datetime
    locked_at: datetime | None
    limit: timedelta

    def is_locked(self, now: datetime) -> bool:
        """Whether somebody has to say who they are. A limit of zero locks nothing."""
        if not self.limit:
            return False
        return self.locked_at is not None or now - self.touched_at > self.limit

    def note(self, now: datetime, idle: timedelta) -> datetime | None:
        """The touch to write down, made `idle` before now; None where what is known is near enough.

        Ask only while the screen is open: a touch opens no lock.
        """
        touched = now - max(idle, timedelta(0))
        return touched if touched - self.touched_at > NOTED_EACH else None


def idle_seconds(text: str | None) -> timedelta | None:
    """How long ago the page was touched, as it says in whole seconds; None where it says nothing readable."""
    if text is None or not (text.isascii() and text.isdigit() and len(text) <= 9):
        return None
    return timedelta(seconds=int(text))
