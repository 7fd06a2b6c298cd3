"""How often one may knock: numbers that no patient reaches and that make guessing pointless. Site policy."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Purpose(StrEnum):
    """What is counted."""

    LINK = "link"
    ADDRESS = "address"
    WRONG_LINK = "wrong_link"


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `requests` within each window of this length."""

    requests: int
    window: timedelta


# One form is about forty requests. A whole city may share one address of a mobile network: that limit only
# keeps floods out. A wrong link counts apart, so that a guesser does not close the door to neighbours.
LIMITS: dict[Purpose, Limit] = {
    Purpose.LINK: Limit(240, timedelta(minutes=10)),
    Purpose.ADDRESS: Limit(3000, timedelta(minutes=10)),
    Purpose.WRONG_LINK: Limit(30, timedelta(minutes=10)),
}


def window_start(limit: Limit, moment: datetime) -> datetime:
    """The beginning of the window a moment lies in."""
    seconds = limit.window.total_seconds()
    return datetime.fromtimestamp(moment.timestamp() // seconds * seconds, tz=moment.tzinfo)
