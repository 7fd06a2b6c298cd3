"""Readers of going home: who was discharged; until when live vaccines must wait."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from apps.courses.selectors import CourseRecord, courses_of_patient
from apps.discharge.domain.vaccines import CourseGiven, VaccineRelease, override_of, vaccine_release
from apps.discharge.models import Discharge, VaccineOverride
from apps.followups.course_picture import course_picture
from apps.followups.domain import CoursePicture
from apps.guidelines.domain import FollowUpRule, Guidelines, LocalText
from apps.guidelines.selectors import current_guidelines, guidelines_version

DischargeRecord = Discharge
OverrideRecord = VaccineOverride
_VACCINES = "live_vaccines"


@dataclass(frozen=True, slots=True)
class NamedRelease:
    """A vaccine with its dates and its name in every language; `override` sets the block aside as it stands now.

    `overrides` are all that were ever decided, the newest first.
    """

    name: LocalText
    release: VaccineRelease
    override: OverrideRecord | None = None
    overrides: tuple[OverrideRecord, ...] = ()


def discharges_of_course(course_id: int) -> list[DischargeRecord]:
    """Every discharge of a course, the newest first."""
    return list(Discharge.objects.select_related("discharged_by").filter(course_id=course_id).order_by("-pk"))


def vaccine_releases(patient_id: int) -> list[NamedRelease]:
    """The live vaccines that a course of this patient delays or delayed, in the order of the guideline."""
    courses = [
        given for course in courses_of_patient(patient_id) if (given := _course_given(course)) is not None
    ]
    found = []
    guidelines, decided = current_guidelines(), overrides_of(patient_id)
    for rule in _rules(guidelines, _VACCINES):
        release = vaccine_release(rule.code, rule.interval_codes, courses)
        if release is not None:
            found.append(
                NamedRelease(
                    name=_vaccine_name(rule, guidelines),
                    release=release,
                    override=override_of(release, decided),
                    overrides=tuple(one for one in decided if one.vaccine == rule.code),
                )
            )
    return found


def overrides_of(patient_id: int) -> list[OverrideRecord]:
    """Every waiting time of a vaccine that a physician set aside for this patient, the newest first."""
    found = VaccineOverride.objects.select_related("overridden_by").filter(patient_id=patient_id)
    return list(found.order_by("-pk"))


def vaccine_codes() -> frozenset[str]:
    """The vaccines that immunoglobulin delays, by the codes of their holds."""
    return frozenset(rule.code for rule in _rules(current_guidelines(), _VACCINES))


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


def _last_end(picture: CoursePicture) -> datetime | None:
    """The end of the last infusion so far; None while one runs."""
    begun = [day for day in picture.days if day.started_at is not None]
    ends = [day.ended_at for day in begun if day.ended_at is not None]
    return max(ends) if len(ends) == len(begun) else None


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
