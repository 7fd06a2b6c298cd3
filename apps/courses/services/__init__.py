"""The writers of courses."""

from apps.courses.services.approving import open_course, revise_course
from apps.courses.services.days import mark_day

__all__ = ["mark_day", "open_course", "revise_course"]
