"""What was noted of a course's patient since the order, and what can be, in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from apps.courses.selectors import CourseRecord
from apps.followups.domain import CoursePicture, notable_facts
from apps.followups.models import CourseFact
from apps.followups.wording import fact_name
from apps.guidelines.domain import Guidelines
from apps.guidelines.selectors import guidelines_version, in_reader_language


@dataclass(frozen=True, slots=True)
class NotedFact:
    """A word on a fact; `noted_by` is None where the record itself knew. Checks that it changed by their names.

    Of words from before changes were kept nobody `knows_changes`.
    """

    fact: str
    name: str
    holds: bool
    reason: str
    noted_by: str | None
    noted_at: datetime
    planned: tuple[str, ...]
    moved: tuple[str, ...]
    superseded: tuple[str, ...]
    knows_changes: bool


@dataclass(frozen=True, slots=True)
class NotableFact:
    """A fact that can be noted. `state` is how it stands: holds, unknown (it counts as a risk), or absent."""

    code: str
    name: str
    state: str


def noted_facts(courses: Iterable[CourseRecord]) -> dict[int, list[NotedFact]]:
    """Course number -> what was noted of it, the newest first."""
    versions = {course.pk: guidelines_version(course.guideline_version) for course in courses}
    found: dict[int, list[NotedFact]] = {number: [] for number in versions}
    for row in CourseFact.objects.filter(course_id__in=versions).select_related("noted_by").order_by("-pk"):
        found[row.course_id].append(_noted(row, versions[row.course_id]))
    return found


def can_be_noted(course: CourseRecord, picture: CoursePicture) -> tuple[NotableFact, ...]:
    """What the follow-up of a course depends on, and how each fact stands now."""
    guidelines = guidelines_version(course.guideline_version)
    return tuple(
        NotableFact(code, fact_name(code, guidelines), _state(code, picture))
        for code in notable_facts(guidelines)
    )


def _state(code: str, picture: CoursePicture) -> str:
    if code in picture.known:
        return "holds"
    return "unknown" if code in picture.unknown else "absent"


def _noted(row: CourseFact, guidelines: Guidelines) -> NotedFact:
    names = {rule.code: rule.name for rule in guidelines.follow_up_rules}

    def checks(kind: str) -> tuple[str, ...]:
        codes = row.changes.get(kind, ())
        return tuple(in_reader_language(names[code]) if code in names else code for code in codes)

    return NotedFact(
        fact=row.fact,
        name=fact_name(row.fact, guidelines),
        holds=row.holds,
        reason=row.reason,
        noted_by=row.noted_by.display_name if row.noted_by else None,
        noted_at=row.noted_at,
        planned=checks("planned"),
        moved=checks("moved"),
        superseded=checks("superseded"),
        knows_changes=bool(row.changes),
    )
