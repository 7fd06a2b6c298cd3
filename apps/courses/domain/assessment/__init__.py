"""Everything a prescriber must see before a course is approved. Pure: an order in, findings out."""

from apps.courses.domain.assessment.assess import Assessment, assess
from apps.courses.domain.assessment.findings import Finding, highest_level, unanswered
from apps.courses.domain.assessment.situation import (
    AcceptedReading,
    EarlierCourse,
    OpenReaction,
    Situation,
)

__all__ = [
    "AcceptedReading",
    "Assessment",
    "EarlierCourse",
    "Finding",
    "OpenReaction",
    "Situation",
    "assess",
    "highest_level",
    "unanswered",
]
