"""Writers of courses."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from apps.accounts.selectors import Action, Staff
from apps.courses.models import Course, InfusionDay
from apps.courses.selectors import plan_dose
from apps.guidelines.domain import Contraindication, Guidelines
from apps.guidelines.selectors import current_version, guidelines_version
from apps.kernel.errors import DomainError
from apps.kernel.text import N_
from apps.ledger.services import actor_of, record_event, unit_of_work
from apps.patients.domain.identity import age_years
from apps.patients.selectors import access_patient

ADULT_FROM_YEARS = 16  # the bedside rules are those of adults: NEWS2 begins at 16 (clinical facts 4.1)
RENAL_RISK_ABOVE_YEARS = 65  # review, Side effects; US boxed warning (clinical facts 2.3)


def open_course(
    *,
    performer: Staff,
    patient_id: int,
    indication_code: str,
    product_code: str,
    weight_kg: Decimal,
    dose_mg_per_kg: Decimal,
    days: int,
    starts_on: date,
    risk_factors: list[str],
    contraindications: list[str],
    missing_tests: list[str],
    override_reason: str,
    now: datetime,
) -> Course:
    """Order a course on the current guideline. Age above 65 is added to the risk factors.

    Raises DomainError `contraindicated` for what the guideline blocks, `override_reason_needed` for what
    a physician must justify, `paediatric_rules_missing` under 16 years, `product_incomplete` for a product
    without verified figures, and the dose rules' refusals.
    """
    patient = access_patient(performer, patient_id, Action.OPEN_COURSE)
    version = current_version()
    guidelines = guidelines_version(version)
    product = guidelines.product(product_code)
    age = age_years(patient.birth_date, now.date())
    _refuse_child(age)
    _check_codes(guidelines, indication_code, risk_factors, missing_tests)
    _check_contraindications(guidelines, contraindications, override_reason)
    plan = plan_dose(product=product, weight_kg=weight_kg, dose_mg_per_kg=dose_mg_per_kg, days=days)
    guidelines.rate_table_for(product)
    if age > RENAL_RISK_ABOVE_YEARS and "age_over_65" not in risk_factors:
        risk_factors = ["age_over_65", *risk_factors]
    with unit_of_work():
        course = Course.objects.create(
            patient=patient,
            ward=patient.ward,
            guideline_version=version,
            indication_code=indication_code,
            product_code=product_code,
            weight_kg=weight_kg,
            dose_mg_per_kg=dose_mg_per_kg,
            days=days,
            volume_per_day_ml=plan.vial_plan.volume_ml,
            risk_factors=risk_factors,
            contraindications=contraindications,
            missing_tests=missing_tests,
            override_reason=override_reason,
            opened_by=performer,
            opened_at=now,
        )
        InfusionDay.objects.bulk_create(
            [
                InfusionDay(course=course, number=number, planned_on=starts_on + timedelta(days=number - 1))
                for number in range(1, days + 1)
            ]
        )
        record_event(
            name="course.opened",
            subject=f"course:{course.pk}",
            ward_id=course.ward_id,
            actor=actor_of(performer),
            now=now,
            payload={
                "patient_id": patient.pk,
                "product": product_code,
                "weight_kg": str(weight_kg),
                "dose_mg_per_kg": str(dose_mg_per_kg),
                "days": days,
                "contraindications": contraindications,
                "override_reason": override_reason,
                "missing_tests": missing_tests,
            },
        )
    return course


def mark_day(*, course_id: int, day_number: int, status: str, session_id: int) -> None:
    """Note on the course what became of one of its days; the last one completes the course."""
    with unit_of_work():
        InfusionDay.objects.filter(course_id=course_id, number=day_number).update(
            status=status, session_id=session_id
        )
        ended = (InfusionDay.Status.DONE, InfusionDay.Status.STOPPED)
        if not InfusionDay.objects.filter(course_id=course_id).exclude(status__in=ended).exists():
            Course.objects.filter(pk=course_id).update(status=Course.Status.COMPLETED)


def _refuse_child(age: int) -> None:
    if age < ADULT_FROM_YEARS:
        raise DomainError(
            "paediatric_rules_missing",
            N_("Patients under %(years)s cannot be planned yet: the bedside rules are for adults only."),
            years=ADULT_FROM_YEARS,
        )


def _check_codes(
    guidelines: Guidelines, indication_code: str, risk_factors: list[str], missing_tests: list[str]
) -> None:
    guidelines.indication(indication_code)
    for code in risk_factors:
        guidelines.risk_factor(code)
    known = {test.code for test in guidelines.tests_before}
    for code in missing_tests:
        if code not in known:
            raise DomainError(
                "guideline_unknown_code", N_("The guideline does not know the code “%(code)s”."), code=code
            )


def _check_contraindications(guidelines: Guidelines, codes: list[str], override_reason: str) -> None:
    found = [guidelines.contraindication(code) for code in codes]
    for contraindication in found:
        if contraindication.handling == "block":
            raise DomainError(
                "contraindicated",
                N_("The guideline contraindicates IVIG here: “%(quote)s”. The course was not opened."),
                quote=_words(contraindication),
            )
    if found and not override_reason.strip():
        raise DomainError(
            "override_reason_needed",
            N_("A contraindication is ticked. Give the reason why the course is opened all the same."),
        )


def _words(contraindication: Contraindication) -> str | dict[str, str]:
    """The source's own words, else ours in each language."""
    quotes = (citation.quote for citation in contraindication.citations if citation.quote)
    name = contraindication.name
    return next(quotes, None) or {"en": name.en, "nb": name.nb, "fa": name.fa}
