"""Writers of follow-up checks."""

from apps.followups.services.answering import answer_check, record_outcome
from apps.followups.services.attempting import (
    attempt_falls_due,
    give_back_check,
    give_up_as_lost,
    propose_next_attempt,
    take_check,
)
from apps.followups.services.closing import ATTEMPT
from apps.followups.services.common import DUE, MESSAGE_OVERDUE, MESSAGE_SUSPECTED, OVERDUE
from apps.followups.services.falling_due import check_falls_due, check_is_overdue
from apps.followups.services.noting import note_changed_risk
from apps.followups.services.planning import note_fact, replan_course

__all__ = [
    "ATTEMPT",
    "DUE",
    "MESSAGE_OVERDUE",
    "MESSAGE_SUSPECTED",
    "OVERDUE",
    "answer_check",
    "attempt_falls_due",
    "check_falls_due",
    "check_is_overdue",
    "give_back_check",
    "give_up_as_lost",
    "note_changed_risk",
    "note_fact",
    "propose_next_attempt",
    "record_outcome",
    "replan_course",
    "take_check",
]
