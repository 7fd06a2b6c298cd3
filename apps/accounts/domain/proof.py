"""How often one may fail to prove who one is, and how long somebody else's word counts. Site policy.

Nobody reaches the numbers by mistyping.
"""

from datetime import datetime, timedelta

FAILURES_AT_MOST = 5
WINDOW = timedelta(minutes=15)
KEPT = timedelta(days=1)
FIRST_PASSWORD_LASTS = timedelta(days=7)
"""How long a password that the administrator chose opens the door, to choose one's own."""


def proof_window(moment: datetime) -> datetime:
    """The beginning of the window a moment lies in."""
    seconds = WINDOW.total_seconds()
    return datetime.fromtimestamp(moment.timestamp() // seconds * seconds, tz=moment.tzinfo)
