"""How an alert that nobody takes climbs: who is called next, and when. Site policy, not from a guideline."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum


class Priority(StrEnum):
    """Alarm priorities as in IEC 60601-1-8."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Level(IntEnum):
    """Who has been called; each level adds to those below it."""

    NURSES = 0
    CHARGE_NURSE = 1
    PHYSICIAN = 2
    FALLBACK = 3


# How long each level may let an alert lie before the next one is called: the nurses, the charge nurse,
# the physician.
WAITS: dict[Priority, tuple[timedelta, timedelta, timedelta]] = {
    Priority.HIGH: (timedelta(minutes=2), timedelta(minutes=2), timedelta(minutes=3)),
    Priority.MEDIUM: (timedelta(minutes=10), timedelta(minutes=10), timedelta(minutes=15)),
    Priority.LOW: (timedelta(hours=1), timedelta(hours=1), timedelta(hours=2)),
}

# How long everybody may let an alert lie before the last level is called once more, until somebody takes it.
REPEATS: dict[Priority, timedelta] = {Priority.HIGH: timedelta(hours=1)}
LATE_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Ladder:
    """Where an alert stands.

    `climb` counts what set it climbing: its raise, each time it became more urgent, and each time the top is called
    again. `level` is who has been called; `next_level` who will be, None once somebody has taken it or nobody is left.
    """

    climb: int
    level: Level
    next_level: Level | None


@dataclass(frozen=True, slots=True)
class Hop:
    """The next level is called after `wait`, unless somebody takes the alert before."""

    climb: int
    level: Level
    wait: timedelta


def start(priority: Priority, *, climb: int = 1) -> tuple[Ladder, Hop]:
    """The nurses are called by the alert itself; the first hop follows."""
    ladder = Ladder(climb, Level.NURSES, Level.CHARGE_NURSE)
    return ladder, Hop(climb, Level.CHARGE_NURSE, WAITS[priority][Level.NURSES])


def physician_at_once(ladder: Ladder, hop: Hop) -> tuple[Ladder, Hop]:
    """The physician is called now, not after the nurses; one who was called already is not called again."""
    if hop.level > Level.PHYSICIAN:
        return ladder, hop
    return replace(ladder, next_level=Level.PHYSICIAN), Hop(hop.climb, Level.PHYSICIAN, timedelta(0))


def worsened(ladder: Ladder, priority: Priority, *, untaken: bool) -> tuple[Ladder, Hop]:
    """It became more urgent: taken, it climbs anew from the bottom; untaken, who was called stays called.

    An untaken one goes on from where it stands by the shorter time of its new priority; at the top the top is
    called once more.
    """
    if not untaken:
        return start(priority, climb=ladder.climb + 1)
    following = Level(min(ladder.level + 1, Level.FALLBACK))
    moved = replace(ladder, climb=ladder.climb + 1, next_level=following)
    return moved, Hop(moved.climb, following, WAITS[priority][following - 1])


def taken(ladder: Ladder) -> Ladder:
    """Somebody has it: nobody else is called."""
    return replace(ladder, next_level=None)


def awaits(ladder: Ladder, *, climb: int, level: int) -> bool:
    """Whether this hop is the one that comes next; one of an earlier climb, or a second time, is not."""
    return ladder.next_level is not None and (climb, level) == (ladder.climb, ladder.next_level)


def hopped(ladder: Ladder, priority: Priority, *, anybody: bool) -> tuple[Ladder, Hop | None]:
    """The next level has been called. With nobody there the level after it is called at once.

    After the last one it is the last one's turn again, where the priority is called repeatedly.
    """
    assert ladder.next_level is not None
    level = ladder.next_level
    if level == Level.FALLBACK:
        if priority not in REPEATS:
            return Ladder(ladder.climb, level, None), None
        again = ladder.climb + 1
        return Ladder(again, level, level), Hop(again, level, REPEATS[priority])
    following = Level(level + 1)
    wait = WAITS[priority][level] if anybody else timedelta(0)
    return Ladder(ladder.climb, level, following), Hop(ladder.climb, following, wait)


def late_since(due_at: datetime | None, now: datetime) -> datetime | None:
    """When an alert that is raised now should have been, where that is more than five minutes ago; else None."""
    return due_at if due_at is not None and now - due_at > LATE_AFTER else None
