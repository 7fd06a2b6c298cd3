"""What a plan rests on, gathered: the course's days and dose, what its order knows, what was learned since."""

from collections.abc import Iterable, Mapping
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
from apps.guidelines.domain import CallingHours, Guidelines, LearnedLate, RiskWindow
from apps.guidelines.selectors import current_version, guidelines_version
from apps.infusions.selectors import BegunInfusion, infusions_of_course
from apps.laboratory.selectors import newest_choice
from apps.patients.domain.identity import age_years

_ELDERLY_ABOVE_YEARS = 65  # as in apps/courses/domain/profile.py (clinical facts 2.3)
_INFANT_BELOW_YEARS = 2
_IN_HOSPITAL = ("inpatient",)
_BLOOD_GROUP = "abo_group"  # the laboratory's code
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


def said_by_order(order: Mapping[str, Any]) -> frozenset[str]:
    """The facts that an order states as a prescriber typed them, without what follows from them."""
    profile = order.get("profile", {})
    stated = {
        "diabetes": profile.get("diabetes", False),
        "blood_group_non_o": profile.get("blood_group") in ("A", "B", "AB"),
        "inpatient": order.get("setting") in _IN_HOSPITAL,
    }
    return frozenset({*profile.get("conditions", ()), *(fact for fact, holds in stated.items() if holds)})


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
    policies = guidelines_version(guideline_version).learned_late
    policies = policies or guidelines_version(current_version()).learned_late
    return policies[0] if policies else None


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
    learned = _learned(course.pk)
    known = {*course.risk_factors, *profile.get("conditions", ())}
    known.add(f"disease_{disease_of(course)}")
    unknown: set[str] = set()
    figures: dict[str, str] = {}
    _age(course.patient.birth_date, course.opened_at.date(), known)
    _blood_group(
        {profile.get("blood_group", "unknown"), newest_choice(course.patient_id, _BLOOD_GROUP)},
        known,
        unknown,
        figures,
    )
    _place(course.order.get("setting", ""), known, unknown)
    _overrule(learned, known, unknown)
    # A limit that a risk factor brings comes and goes with it, unless somebody spoke of the limit itself.
    ceilings = _ceilings(guidelines_version(course.guideline_version), known)
    known |= {code for code in ceilings if learned.get(code, True)}
    return known, unknown, figures


def _ceilings(guidelines: Guidelines, known: set[str]) -> Iterable[str]:
    factors = [factor.code for factor in guidelines.risk_factors if factor.code in known]
    return [ceiling.code for ceiling in guidelines.risk_ceilings_for(factors)]


def _blood_group(groups: set[str], known: set[str], unknown: set[str], figures: dict[str, str]) -> None:
    """What the order says and what the laboratory found: one group that is not O is enough to watch for it."""
    written = {group.upper() for group in groups}
    at_risk = sorted(written & {"A", "B", "AB"})
    if at_risk:
        known.add("blood_group_non_o")
        figures["blood_group_non_o"] = ", ".join(at_risk)
    elif "O" not in written:
        unknown.add("blood_group_non_o")


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


def _learned(course_id: int) -> dict[str, bool]:
    """What was learned since the order, the newest word on each fact; who is not in hospital is out of it."""
    learned = dict(CourseFact.objects.filter(course_id=course_id).values_list("fact", "holds"))
    if "inpatient" in learned:
        learned["outpatient"] = not learned["inpatient"]
    return learned


def _overrule(learned: Mapping[str, bool], known: set[str], unknown: set[str]) -> None:
    for fact, holds in learned.items():
        unknown.discard(fact)
        (known.add if holds else known.discard)(fact)
