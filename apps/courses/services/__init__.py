"""The writers of courses."""

from apps.courses.services.approving import open_course, revise_course
from apps.courses.services.correcting import mark_entered_in_error
from apps.courses.services.days import mark_day
from apps.courses.services.replacing import record_infection, record_trough
from apps.courses.services.responding import record_response

__all__ = [
    "mark_day",
    "mark_entered_in_error",
    "open_course",
    "record_infection",
    "record_response",
    "record_trough",
    "revise_course",
]
