"""Which check an answer belongs to."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

ANSWERABLE = ("call",)
STALE_AFTER = timedelta(hours=12)
"""A form that lay untouched this long is begun anew: how somebody was yesterday says nothing of today. Site policy."""
_WAITING = ("due", "overdue")


class Check(Protocol):
    """A follow-up check, as far as choosing needs it; times are aware."""

    @property
    def kind(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def opens_at(self) -> datetime: ...
    @property
    def due_at(self) -> datetime: ...
    @property
    def closes_at(self) -> datetime | None: ...


C = TypeVar("C", bound=Check)


def choose_check(checks: Sequence[C], *, now: datetime) -> C | None:
    """The check that somebody who reports now answers; None when every one of them is closed.

    First the one that is open (due, or planned within its window), by the end of its window; then one that
    is overdue, because a late answer is worth more than none; then the next one planned. Only checks that
    consist of questions can be answered: a laboratory test cannot.
    """
    answerable = [check for check in checks if check.kind in ANSWERABLE]
    waiting = [check for check in answerable if is_open(check, now)]
    open_now = [check for check in waiting if check.status != "overdue"]
    planned = [check for check in answerable if check.status == "planned" and check not in waiting]
    if open_now:
        return min(open_now, key=_urgent_first)
    if waiting:
        return max(waiting, key=_urgent_first)
    return min(planned, key=lambda check: check.due_at, default=None)


def is_open(check: Check, now: datetime) -> bool:
    """Whether the time of a check has come and it waits for an answer; overdue, it still does."""
    if check.status in _WAITING:
        return True
    return takes_answers(check) and _opened(check, now)


def takes_answers(check: Check) -> bool:
    """Whether nobody has settled a check yet."""
    return check.status in (*_WAITING, "planned")


def _urgent_first(check: Check) -> tuple[datetime, datetime]:
    return check.closes_at or check.due_at, check.due_at


def _opened(check: Check, now: datetime) -> bool:
    return check.opens_at <= now and (check.closes_at is None or now <= check.closes_at)
