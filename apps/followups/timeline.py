"""A patient's follow-up in time: infusion days, checks with their windows, each effect's risk window as a band."""

from dataclasses import dataclass
from datetime import date, datetime

from apps.courses.selectors import CourseRecord, courses_of_patient
from apps.followups.course_picture import course_picture, risk_windows_of
from apps.followups.domain import Band, risk_bands
from apps.followups.models import FollowUpCheck
from apps.followups.noted import NotableFact, NotedFact, can_be_noted, noted_facts
from apps.followups.wording import planned_because
from apps.guidelines.domain import LocalText
from apps.guidelines.selectors import guidelines_version, in_reader_language


@dataclass(frozen=True, slots=True)
class TimelineDay:
    """An infusion day; times are None for what has not happened."""

    number: int
    expected_on: date
    started_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class TimelineCheck:
    """A check with its window; `because` says why in the reader's language, `gave_way` why it was superseded."""

    check_id: int
    code: str
    name: str
    kind: str
    effect: str
    status: str
    opens_at: datetime
    due_at: datetime
    closes_at: datetime | None
    because: str
    gave_way: str
    replaces_id: int | None
    source: str


@dataclass(frozen=True, slots=True)
class TimelineBand:
    """When an effect may begin, with its source."""

    code: str
    effect: str
    name: str
    from_at: datetime
    to_at: datetime
    source: str


@dataclass(frozen=True, slots=True)
class CourseTimeline:
    """One course in time."""

    course_id: int
    days: tuple[TimelineDay, ...]
    checks: tuple[TimelineCheck, ...]
    bands: tuple[TimelineBand, ...]
    notable: tuple[NotableFact, ...] = ()
    noted: tuple[NotedFact, ...] = ()


def follow_up_timeline(patient_id: int) -> list[CourseTimeline]:
    """Each course of a patient, the newest first; superseded checks are among them, marked."""
    checks: dict[int, list[FollowUpCheck]] = {}
    for check in FollowUpCheck.objects.filter(patient_id=patient_id).order_by("due_at", "pk"):
        checks.setdefault(check.course_id, []).append(check)
    courses = courses_of_patient(patient_id)
    noted = noted_facts(courses)
    return [_timeline(course, checks.get(course.pk, []), noted[course.pk]) for course in courses]


def _timeline(course: CourseRecord, checks: list[FollowUpCheck], noted: list[NotedFact]) -> CourseTimeline:
    picture = course_picture(course)
    windows = risk_windows_of(course.guideline_version)
    by_code = {window.code: window for window in windows}

    def shown(band: Band) -> TimelineBand:
        window = by_code[band.code]
        name, source = in_reader_language(window.name), window.citation.label
        return TimelineBand(band.code, band.effect, name, band.from_at, band.to_at, source)

    return CourseTimeline(
        course_id=course.pk,
        days=tuple(
            TimelineDay(day.number, day.expected_on, day.started_at, day.ended_at) for day in picture.days
        ),
        checks=tuple(_check(check) for check in checks),
        bands=tuple(shown(band) for band in risk_bands(picture, windows)),
        notable=can_be_noted(course, picture),
        noted=tuple(noted),
    )


def _check(check: FollowUpCheck) -> TimelineCheck:
    name: LocalText = guidelines_version(check.guideline_version).follow_up_rule(check.code).name
    return TimelineCheck(
        check_id=check.pk,
        code=check.code,
        name=in_reader_language(name),
        kind=check.kind,
        effect=check.effect,
        status=check.status,
        opens_at=check.opens_at,
        due_at=check.due_at,
        closes_at=check.closes_at,
        because=planned_because(check),
        gave_way=check.reason,
        replaces_id=check.replaces_id,
        source=check.source,
    )
