"""Readers of going home: who was discharged; until when antibody tests mislead and live vaccines must wait."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from apps.courses.selectors import CourseRecord, courses_of_patient
from apps.discharge.domain.serology import PassiveAntibodies, SerologyWarning, guard_serology
from apps.discharge.domain.vaccines import CourseGiven, VaccineRelease, vaccine_release
from apps.discharge.models import Discharge
from apps.discharge.words import ANTIBODY_TESTS, TEST_UNKNOWN
from apps.followups.course_picture import course_picture
from apps.followups.domain import CoursePicture
from apps.guidelines.domain import FollowUpRule, Guidelines, LocalText
from apps.guidelines.selectors import current_guidelines, guidelines_version
from apps.kernel.errors import DomainError

DischargeRecord = Discharge
_SEROLOGY, _VACCINES = "false_serology", "live_vaccines"
_ANY_ANTIBODY = "serology_hold"


@dataclass(frozen=True, slots=True)
class TestGuard:
    """An antibody test by its code, and the warning for a sample taken at a moment; None: nothing misleads."""

    test_code: str
    taken_at: datetime
    warning: SerologyWarning | None


@dataclass(frozen=True, slots=True)
class NamedRelease:
    """A vaccine with its dates and its name in every language."""

    name: LocalText
    release: VaccineRelease


def discharges_of_course(course_id: int) -> list[DischargeRecord]:
    """Every discharge of a course, the newest first."""
    return list(Discharge.objects.select_related("discharged_by").filter(course_id=course_id).order_by("-pk"))


def serology_guard(patient_id: int, test_code: str, at: datetime) -> TestGuard:
    """Whether an antibody test on a sample taken at this moment would mislead, until when, and by which source.

    Raises DomainError `test_unknown`.
    """
    if test_code not in ANTIBODY_TESTS:
        raise DomainError("test_unknown", TEST_UNKNOWN, test=test_code)
    given = [
        antibodies
        for course in courses_of_patient(patient_id)
        if (antibodies := _antibodies(course, test_code)) is not None
    ]
    return TestGuard(test_code, at, guard_serology(given, taken_at=at))


def vaccine_releases(patient_id: int) -> list[NamedRelease]:
    """The live vaccines that a course of this patient delays or delayed, in the order of the guideline."""
    courses = [
        given for course in courses_of_patient(patient_id) if (given := _course_given(course)) is not None
    ]
    found = []
    guidelines = current_guidelines()
    for rule in _rules(guidelines, _VACCINES):
        release = vaccine_release(rule.code, rule.interval_codes, courses)
        if release is not None:
            found.append(NamedRelease(_vaccine_name(rule, guidelines), release))
    return found


def interval_source(interval_code: str) -> str:
    """Where an interval stands."""
    intervals = current_guidelines().live_vaccine_intervals
    return next((one.citation.label for one in intervals if one.code == interval_code), "")


def _vaccine_name(rule: FollowUpRule, guidelines: Guidelines) -> LocalText:
    """What the authority that speaks of this vaccine alone calls it; else the name of the waiting time."""
    others = [other for other in _rules(guidelines, _VACCINES) if other.code != rule.code]
    shared = {code for other in others for code in other.interval_codes}
    own = (
        interval.vaccines
        for interval in guidelines.live_vaccine_intervals
        if interval.code in rule.interval_codes and interval.code not in shared
    )
    return next(own, rule.name)


def _antibodies(course: CourseRecord, test_code: str) -> PassiveAntibodies | None:
    picture = course_picture(course)
    begun = [day.started_at for day in picture.days if day.started_at is not None]
    rule = _serology_rule(guidelines_version(course.guideline_version), test_code)
    if not begun or rule is None or rule.closes_after_h is None:
        return None
    return PassiveAntibodies(
        course_id=course.pk,
        began_at=min(begun),
        ended_at=_last_end(picture),
        hold_h=rule.closes_after_h,
        source=rule.citation.label,
    )


def _last_end(picture: CoursePicture) -> datetime | None:
    """The end of the last infusion so far; None while one runs."""
    begun = [day for day in picture.days if day.started_at is not None]
    ends = [day.ended_at for day in begun if day.ended_at is not None]
    return max(ends) if len(ends) == len(begun) else None


def _serology_rule(guidelines: Guidelines, test_code: str) -> FollowUpRule | None:
    """The hold of this test, named after it, or of any antibody; from today's guideline where the course's has none."""
    for rules in (_rules(guidelines, _SEROLOGY), _rules(current_guidelines(), _SEROLOGY)):
        by_code = {rule.code: rule for rule in rules}
        rule = by_code.get(f"{_ANY_ANTIBODY}_{test_code}") or by_code.get(_ANY_ANTIBODY)
        if rule is not None:
            return rule
    return None


def _course_given(course: CourseRecord) -> CourseGiven | None:
    picture = course_picture(course)
    days = [_given_on(day.ended_at or day.started_at, picture.zone) for day in picture.days if day.started_at]
    if not days:
        return None
    guidelines = guidelines_version(course.guideline_version)
    intervals = guidelines.live_vaccine_intervals_for(picture.dose_mg_per_kg)
    return CourseGiven(
        course_id=course.pk,
        dose_mg_per_kg=picture.dose_mg_per_kg,
        last_infusion_on=max(days),
        is_running=_last_end(picture) is None,
        intervals=intervals or current_guidelines().live_vaccine_intervals_for(picture.dose_mg_per_kg),
    )


def _given_on(moment: datetime | None, zone: ZoneInfo) -> date:
    assert moment is not None
    return moment.astimezone(zone).date()


def _rules(guidelines: Guidelines, effect: str) -> list[FollowUpRule]:
    return [rule for rule in guidelines.follow_up_rules if rule.effect == effect and rule.kind == "hold"]
