"""What the answers about single reports add up to for a submission, and when to try again."""

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum

from apps.icsr.domain.acknowledgements import Outcome

MAX_ATTEMPTS = 8
FIRST_PAUSE = timedelta(minutes=5)  # longer than an attempt may last
ARRIVED = frozenset({Outcome.ACCEPTED, Outcome.ACCEPTED_WITH_REMARKS})


class Answered(StrEnum):
    """What a receiver said of all reports of a submission together."""

    NOT_YET = "not_yet"
    ACCEPTED = "accepted"
    ACCEPTED_WITH_REMARKS = "accepted_with_remarks"
    PARTLY = "partly"  # some accepted, others refused or not told
    REJECTED = "rejected"
    CONTRADICTING = "contradicting"


def summed_up(outcomes: Iterable[Outcome]) -> Answered:
    """The answer to a submission from those to its reports. One contradiction makes it one."""
    told = set(outcomes)
    if not told or told == {Outcome.NOT_TOLD}:
        return Answered.NOT_YET
    if Outcome.CONTRADICTING in told:
        return Answered.CONTRADICTING
    if told == {Outcome.REJECTED}:
        return Answered.REJECTED
    if told == {Outcome.ACCEPTED}:
        return Answered.ACCEPTED
    return Answered.ACCEPTED_WITH_REMARKS if told <= ARRIVED else Answered.PARTLY


def pause_after(attempt: int) -> timedelta:
    """How long to wait after that attempt (from 1): each pause is twice the one before."""
    return FIRST_PAUSE * (1 << (max(attempt, 1) - 1))
