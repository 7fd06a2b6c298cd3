"""Writers of follow-up checks."""

from apps.followups.services.answering import record_outcome
from apps.followups.services.common import DUE, MESSAGE_OVERDUE, MESSAGE_SUSPECTED, OVERDUE
from apps.followups.services.falling_due import check_falls_due, check_is_overdue
from apps.followups.services.planning import note_fact, replan_course

__all__ = [
    "DUE",
    "MESSAGE_OVERDUE",
    "MESSAGE_SUSPECTED",
    "OVERDUE",
    "check_falls_due",
    "check_is_overdue",
    "note_fact",
    "record_outcome",
    "replan_course",
]
