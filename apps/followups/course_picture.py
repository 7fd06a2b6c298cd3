"""What a plan rests on, gathered: the course's days and dose, what its order knows, what was learned since."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from apps.courses.selectors import CourseRecord, disease_of, versions_of
from apps.followups.domain import (
    CourseDay,
    CoursePicture,
    Protocol,
    dose_of_course,
    expected_days,
    given_of_course,
)
from apps.followups.models import CourseFact
from apps.guidelines.domain import CallingHours, LearnedLate, RiskWindow
from apps.guidelines.selectors import current_version, guidelines_version
from apps.infusions.selectors import BegunInfusion, infusions_of_course
from apps.patients.domain.identity import age_years

_ELDERLY_ABOVE_YEARS = 65  # as in apps/courses/domain/profile.py (clinical facts 2.3)
_INFANT_BELOW_YEARS = 2
_IN_HOSPITAL = ("inpatient",)
_AT_HOME = ("day_care_admission", "home")


def course_picture(course: CourseRecord, infusions: list[BegunInfusion] | None = None) -> CoursePicture:
    """The course as it stands in the database now."""
    begun = infusions_of_course(course.pk) if infusions is None else infusions
    known, unknown, figures = _facts(course)
    return CoursePicture(
        days=_days(course, begun),
        zone=ZoneInfo(course.ward.time_zone),
        dose_mg_per_kg=_dose(course),
        known=frozenset(known),
        unknown=frozenset(unknown),
        figures=figures,
        ordered_mg_per_kg=_ordered(course),
        given_mg_per_kg=_given(course),
    )


def protocol_for(guideline_version: str, dose_mg_per_kg: Decimal) -> Protocol:
    """The rules of the version a course follows; calling hours that it lacks are today's."""
    guidelines = guidelines_version(guideline_version)
    return Protocol(
        rules=guidelines.follow_up_rules,
        derived={fact.code: fact.any_of for fact in guidelines.follow_up_facts},
        hours={hours.kind: hours for hours in calling_hours_of(guideline_version)},
        vaccine_months={
            interval.code: interval.months
            for interval in guidelines.live_vaccine_intervals_for(dose_mg_per_kg)
        },
        windows=risk_windows_of(guideline_version),
    )


def risk_windows_of(guideline_version: str) -> tuple[RiskWindow, ...]:
    """The risk windows of a version. They are knowledge, not orders: a version without any has today's."""
    windows = guidelines_version(guideline_version).risk_windows
    return windows or guidelines_version(current_version()).risk_windows


def learned_late_of(guideline_version: str) -> LearnedLate | None:
    """What a version says of checks that are called for too late, or what today's does."""
    for version in (guideline_version, current_version()):
        found = guidelines_version(version).learned_late
        if found:
            return found[0]
    return None


def calling_hours_of(guideline_version: str) -> tuple[CallingHours, ...]:
    """The calling hours of a version, or today's where it has none."""
    hours = guidelines_version(guideline_version).calling_hours
    return hours or guidelines_version(current_version()).calling_hours


def _days(course: CourseRecord, begun: list[BegunInfusion]) -> tuple[CourseDay, ...]:
    zone = ZoneInfo(course.ward.time_zone)
    by_day = {infusion.day_number: infusion for infusion in begun}
    planned = {day.number: day.planned_on for day in course.infusion_days.all()}
    given = {number: one.started_at.astimezone(zone).date() for number, one in by_day.items()}
    return tuple(
        CourseDay(
            number=number,
            expected_on=on,
            started_at=by_day[number].started_at if number in by_day else None,
            ended_at=by_day[number].ended_at if number in by_day else None,
        )
        for number, on in expected_days(planned, given).items()
    )


def _dose(course: CourseRecord) -> Decimal:
    stopped = [day for day in course.infusion_days.all() if day.status == "stopped"]
    return dose_of_course(
        ordered_mg_per_kg=course.dose_mg_per_kg,
        days=max(course.days, len(stopped)),
        stopped_mg_per_kg={
            day.number: None if day.given_g is None else day.given_g * 1000 / course.dosing_weight_kg
            for day in stopped
        },
    )


def _given(course: CourseRecord) -> Decimal:
    def went_in(status: str) -> list[Decimal | None]:
        days = [day for day in course.infusion_days.all() if day.status == status]
        return [None if day.given_g is None else day.given_g * 1000 / course.dosing_weight_kg for day in days]

    return given_of_course(
        ordered_mg_per_kg=course.dose_mg_per_kg,
        days=course.days,
        done_mg_per_kg=went_in("done"),
        stopped_mg_per_kg=went_in("stopped"),
    )


def _ordered(course: CourseRecord) -> Decimal:
    """The highest dose of any version: a course that was cut short was ordered whole."""
    if course.version == 1:
        return course.dose_mg_per_kg
    orders = [Decimal(str(version.order["dose_mg_per_kg"])) for version in versions_of(course)]
    return max(course.dose_mg_per_kg, *orders)


def _facts(course: CourseRecord) -> tuple[set[str], set[str], dict[str, str]]:
    profile: Mapping[str, Any] = course.order.get("profile", {})
    ceilings = guidelines_version(course.guideline_version).risk_ceilings_for(course.risk_factors)
    known = {*course.risk_factors, *profile.get("conditions", ()), *(ceiling.code for ceiling in ceilings)}
    known.add(f"disease_{disease_of(course)}")
    unknown: set[str] = set()
    figures: dict[str, str] = {}
    _age(course.patient.birth_date, course.opened_at.date(), known)
    group = profile.get("blood_group", "unknown")
    if group in ("A", "B", "AB"):
        known.add("blood_group_non_o")
        figures["blood_group_non_o"] = group
    elif group != "O":
        unknown.add("blood_group_non_o")
    _place(course.order.get("setting", ""), known, unknown)
    _learned(course.pk, known, unknown)
    return known, unknown, figures


def _age(birth_date: date, on: date, known: set[str]) -> None:
    years = age_years(birth_date, on)
    known |= {"age_over_65"} if years > _ELDERLY_ABOVE_YEARS else set()
    known |= {"age_under_2"} if years < _INFANT_BELOW_YEARS else set()


def _place(setting: str, known: set[str], unknown: set[str]) -> None:
    if setting in _IN_HOSPITAL:
        known.add("inpatient")
    elif setting in _AT_HOME:
        known.add("outpatient")
    else:
        unknown |= {"inpatient", "outpatient"}


def _learned(course_id: int, known: set[str], unknown: set[str]) -> None:
    """What was learned since the order overrules it; who is not in hospital is out of it."""
    for fact, holds in CourseFact.objects.filter(course_id=course_id).values_list("fact", "holds"):
        words = {fact: holds}
        if fact == "inpatient":
            words["outpatient"] = not holds
        for code, is_so in words.items():
            unknown.discard(code)
            (known.add if is_so else known.discard)(code)
