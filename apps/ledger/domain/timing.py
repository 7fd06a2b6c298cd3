"""When timers are looked at again, what counts as late, how long a failed one rests. Pure."""

from datetime import datetime, timedelta

LONGEST_WAIT_S = 0.5  # a clock that was moved, or a word that was lost, costs this much
SHORTEST_WAIT_S = 0.01  # timers due within one breath are taken together
LATE_AFTER_S = 5.0  # real seconds: from here on a timer is marked late, and its handler is told
LONGEST_REST = timedelta(seconds=32)


def wait_s(*, next_due_at: datetime | None, now: datetime, speed: float) -> float:
    """Real seconds until the next timer falls due, between SHORTEST_WAIT_S and LONGEST_WAIT_S.

    `now` and `next_due_at` are clinical times; `speed` is how many clinical seconds pass in a real one.
    """
    if next_due_at is None:
        return LONGEST_WAIT_S
    ahead_s = (next_due_at - now).total_seconds()
    if ahead_s <= 0:
        return SHORTEST_WAIT_S
    if speed <= 0:
        return LONGEST_WAIT_S
    return min(max(ahead_s / speed, SHORTEST_WAIT_S), LONGEST_WAIT_S)


def falls_due_soon(*, due_at: datetime, now: datetime, speed: float) -> bool:
    """Whether a timer set now may fall due before whoever waits for timers looks again by himself."""
    return (due_at - now).total_seconds() <= 2 * LONGEST_WAIT_S * max(speed, 0)


def rest_after_failure(attempt: int) -> timedelta:
    """How long a timer rests after its handler failed for the `attempt`-th time: 2, 4, 8 … seconds."""
    return min(timedelta(seconds=2.0 ** min(attempt, 10)), LONGEST_REST)


def rest_after_death(attempts: int) -> timedelta:
    """How long a timer rests whose worker died: not at all the first time, for it may not have been the cause."""
    return timedelta(0) if attempts <= 1 else rest_after_failure(attempts - 1)
