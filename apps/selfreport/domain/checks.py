"""Which check an answer belongs to."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, TypeVar

ANSWERABLE = ("call",)
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
    def closes_at(self) -> datetime: ...


C = TypeVar("C", bound=Check)


def choose_check(checks: Sequence[C], *, now: datetime) -> C | None:
    """The check that somebody who reports now answers; None when every one of them is closed.

    First the one that is open (due, or planned within its window), by the end of its window; then one that
    is overdue, because a late answer is worth more than none; then the next one planned. Only checks that
    consist of questions can be answered: a laboratory test cannot.
    """
    answerable = [check for check in checks if check.kind in ANSWERABLE]
    open_now = [check for check in answerable if _is_open(check, now)]
    overdue = [check for check in answerable if check.status in _WAITING and check not in open_now]
    planned = [check for check in answerable if check.status == "planned" and check.closes_at > now]
    if open_now:
        return min(open_now, key=lambda check: (check.closes_at, check.due_at))
    if overdue:
        return max(overdue, key=lambda check: check.closes_at)
    return min(planned, key=lambda check: check.due_at, default=None)


def _is_open(check: Check, now: datetime) -> bool:
    if check.status == "due":
        return True
    return check.status == "planned" and check.opens_at <= now <= check.closes_at
