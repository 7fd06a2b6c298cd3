"""The readers of courses."""

from apps.courses.selectors.courses import (
    CourseRecord,
    CourseVersionRecord,
    PlannedInfusion,
    PriorInfusion,
    access_course,
    assess_order,
    assess_revision,
    courses_for,
    courses_of_patient,
    infusion_of_day,
    lock_course,
    planned_infusion,
    situation_of,
    versions_of,
)
from apps.courses.selectors.given import GivenDay, given_days
from apps.courses.selectors.repeats import (
    Repeat,
    first_given_on,
    next_first_day,
    repeat_of_course,
    repeats_of_patient,
    responses_of,
)
from apps.courses.selectors.replacement import (
    Replacement,
    infections_of,
    replacement_of,
    troughs_of,
)

__all__ = [
    "CourseRecord",
    "CourseVersionRecord",
    "GivenDay",
    "PlannedInfusion",
    "PriorInfusion",
    "Repeat",
    "Replacement",
    "access_course",
    "assess_order",
    "assess_revision",
    "courses_for",
    "courses_of_patient",
    "first_given_on",
    "given_days",
    "infections_of",
    "infusion_of_day",
    "lock_course",
    "next_first_day",
    "planned_infusion",
    "repeat_of_course",
    "repeats_of_patient",
    "replacement_of",
    "responses_of",
    "situation_of",
    "troughs_of",
    "versions_of",
]
