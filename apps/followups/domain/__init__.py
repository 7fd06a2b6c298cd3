"""Pure rules of follow-up: which checks, when, why, and what changes when the course does."""

from apps.followups.domain.backlog import LateCheck, turns
from apps.followups.domain.learned_late import LEARNED_LATE, LEARNED_TOO_LATE, Lateness
from apps.followups.domain.noting import notable_facts
from apps.followups.domain.picture import (
    CourseDay,
    CoursePicture,
    dose_of_course,
    expected_days,
    given_of_course,
)
from apps.followups.domain.planner import PlannedCheck, Protocol, plan_course
from apps.followups.domain.reasons import Reason
from apps.followups.domain.replanning import Changes, ExistingCheck, Move, replan
from apps.followups.domain.timeline import Band, risk_bands
from apps.followups.domain.windows import Window, clinical_window

__all__ = [
    "LEARNED_LATE",
    "LEARNED_TOO_LATE",
    "Band",
    "Changes",
    "CourseDay",
    "CoursePicture",
    "ExistingCheck",
    "LateCheck",
    "Lateness",
    "Move",
    "PlannedCheck",
    "Protocol",
    "Reason",
    "Window",
    "clinical_window",
    "dose_of_course",
    "expected_days",
    "given_of_course",
    "notable_facts",
    "plan_course",
    "replan",
    "risk_bands",
    "turns",
]
