"""How often one may fail at the door, and whose failures count against whom. Site policy.

A ward's tablets share an address, and anybody may type anybody's name. So failures are counted in lanes, and a
person is put into a lane by where they come from: a device or an address at which this account signed in lately has a
lane of its own, and so has a house address, where several people signed in lately. What strangers do elsewhere
closes only the lane of strangers.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

FREE_TRIES = 5
WAITS = tuple(timedelta(seconds=seconds) for seconds in (30, 60, 120, 240, 480, 900))
FORGOTTEN_AFTER = timedelta(days=1)
FAMILIAR_FOR = timedelta(days=30)
HOUSE_PEOPLE = 3
NAMES_AT_MOST = 20
NAMES_WINDOW = timedelta(hours=1)


class Place(StrEnum):
    """What an account's attempt comes from, the most familiar first."""

    DEVICE = "device"  # this account signed in on it lately
    ADDRESS = "address"  # this account signed in from it lately
    HOUSE = "house"  # several other people did
    FOREIGN = "foreign"

    @property
    def is_familiar(self) -> bool:
        """Whether the account itself signed in here: what others try at the address does not count against it."""
        return self in (Place.DEVICE, Place.ADDRESS)


@dataclass(frozen=True, slots=True)
class Lane:
    """Failures in a row, and until when nobody of the lane may try again."""

    failures: int
    last_at: datetime
    closed_until: datetime


def place_of(*, device_known: bool, address_known: bool, people_at_address: int) -> Place:
    """Where an attempt comes from, seen from the account it names."""
    if device_known:
        return Place.DEVICE
    if address_known:
        return Place.ADDRESS
    return Place.HOUSE if people_at_address >= HOUSE_PEOPLE else Place.FOREIGN


def wait_after(failures: int) -> timedelta:
    """How long a lane is closed after so many failures in a row: nothing, then 30 s, doubling up to 15 min."""
    if failures < FREE_TRIES:
        return timedelta(0)
    return WAITS[min(failures - FREE_TRIES, len(WAITS) - 1)]


def wait_before_try(lane: Lane | None, now: datetime) -> timedelta:
    """How long to wait before a try is looked at; nothing when the lane is open."""
    return max(lane.closed_until - now, timedelta(0)) if lane else timedelta(0)


def after_try(lane: Lane | None, now: datetime) -> Lane:
    """The lane as it is once a try is counted, before anybody knows whether it succeeds."""
    forgotten = lane is None or now - lane.last_at >= FORGOTTEN_AFTER
    failures = 1 if lane is None or forgotten else lane.failures + 1
    return Lane(failures, now, now + wait_after(failures))


def names_allowed(people_at_address: int) -> int:
    """How many different names may be tried in vain from an address within NAMES_WINDOW.

    A hospital's thousand people behind one address mistype more names than a stranger's flat has people.
    """
    return NAMES_AT_MOST + people_at_address


def is_worth_telling(failures: int) -> bool:
    """Whether these failures in a row are told in the ledger: when a lane first closes, then at each doubling."""
    steps, rest = divmod(failures, FREE_TRIES)
    return rest == 0 and steps > 0 and steps & (steps - 1) == 0
