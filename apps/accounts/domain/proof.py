"""How often one may fail to prove who one is: numbers nobody reaches by mistyping. Site policy."""

from datetime import datetime, timedelta

FAILURES_AT_MOST = 5
WINDOW = timedelta(minutes=15)
KEPT = timedelta(days=1)


def proof_window(moment: datetime) -> datetime:
    """The beginning of the window a moment lies in."""
    seconds = WINDOW.total_seconds()
    return datetime.fromtimestamp(moment.timestamp() // seconds * seconds, tz=moment.tzinfo)
