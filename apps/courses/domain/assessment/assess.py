"""An order calculated and held against everything the guideline knows."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from apps.courses.domain.assessment.dose_checks import dose_findings
from apps.courses.domain.assessment.findings import Finding
from apps.courses.domain.assessment.order_in_context import OrderInContext
from apps.courses.domain.assessment.patient_checks import patient_findings
from apps.courses.domain.assessment.product_checks import product_findings
from apps.courses.domain.assessment.situation import Situation
from apps.courses.domain.assessment.source_checks import source_findings
from apps.courses.domain.dose import Dose, calculate_dose
from apps.courses.domain.order import CourseOrder
from apps.courses.domain.profile import Exposure, exposure, facts_of
from apps.courses.domain.rate_ceiling import offered_rates_ml_per_kg_h
from apps.courses.domain.vials import VialPlan, plan_least_waste, plan_vials
from apps.courses.domain.weight import DosingWeight, dosing_weight
from apps.guidelines.domain import (
    LEVELS,
    PATIENT_FACTS,
    DoseRegimen,
    Guidelines,
    Product,
    RateTable,
    WeightFormula,
)
from apps.kernel.errors import DomainError
from apps.kernel.text import N_


class Coded(Protocol):
    """A guideline item."""

    @property
    def code(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Assessment:
    """The calculated course: dose, both ways to make it from whole vials, rate plan, and all findings.

    `vials` is the chosen way. `rates_ml_per_kg_h` are the plan's, cut at the lowest limit that holds;
    `risk_factors` are the codes that bring such limits. Findings are firmest first.
    """

    weight: DosingWeight
    dose: Dose
    rounded: VialPlan
    least_waste: VialPlan
    vials: VialPlan
    rate_table: RateTable
    rates_ml_per_kg_h: tuple[Decimal, ...]
    exposure: Exposure
    risk_factors: tuple[str, ...]
    findings: tuple[Finding, ...]


def assess(order: CourseOrder, *, guidelines: Guidelines, situation: Situation) -> Assessment:
    """Calculate the course and find everything that must be seen before it is approved.

    Raises DomainError `regimen_under_query` for a queried regimen without an accepted reading, codes the
    guideline does not know, a product whose figures are not verified, a rate plan for another concentration
    (`rate_table_concentration`), and numbers that cannot be meant. Sources: clinical facts 9.1, 9.2, 9.3 and
    those each finding cites.
    """
    indication = guidelines.indication(order.indication_code)
    regimen = indication.regimen(order.regimen_code)
    _refuse_queried(regimen, situation)
    product = guidelines.product(order.product_code)
    figures = product.require_complete()
    _refuse_future_weight(order, situation)
    _refuse_unknown(order, guidelines)
    seen = exposure(
        order.profile,
        product_code=product.code,
        today=situation.today,
        long_gap_after_days=guidelines.order_check("long_gap").figure("days"),
    )
    patient = facts_of(order.profile, age_years=situation.age_years, exposed=seen)
    risk_factors = tuple(factor.code for factor in guidelines.risk_factors if factor.code in patient)
    ceilings = guidelines.risk_ceilings_for(risk_factors)
    weight = dosing_weight(
        actual_kg=order.profile.weight_kg,
        basis=order.weight_basis,
        sex=situation.sex,
        height_cm=order.profile.height_cm,
        formula=_formula(guidelines, order.weight_basis),
    )
    dose = calculate_dose(
        weight_kg=weight.kg,
        dose_mg_per_kg=order.dose_mg_per_kg,
        days=order.days,
        concentration_mg_per_ml=figures.concentration_mg_per_ml,
        given_g=situation.given_g,
        days_given=situation.days_given,
    )
    rounded = plan_vials(volume_ml=dose.per_day_ml, vial_sizes_ml=figures.vial_sizes_ml)
    least_waste = plan_least_waste(volume_ml=dose.per_day_ml, vial_sizes_ml=figures.vial_sizes_ml)
    context = OrderInContext(
        order=order,
        situation=situation,
        guidelines=guidelines,
        indication=indication,
        regimen=regimen,
        product=product,
        figures=figures,
        rate_table=_rate_table(guidelines, product, order.rate_table_code),
        facts=patient | {ceiling.code for ceiling in ceilings},
        exposure=seen,
        risk_ceilings=ceilings,
        weight=weight,
        dose=dose,
        vials=least_waste if order.vial_choice == "least_waste" else rounded,
    )
    return Assessment(
        weight=weight,
        dose=dose,
        rounded=rounded,
        least_waste=least_waste,
        vials=context.vials,
        rate_table=context.rate_table,
        rates_ml_per_kg_h=offered_rates_ml_per_kg_h(
            guidelines, context.rate_table, product, indication.disease, risk_factors
        ),
        exposure=seen,
        risk_factors=risk_factors,
        findings=_firmest_first(context),
    )


def _firmest_first(context: OrderInContext) -> tuple[Finding, ...]:
    found = [
        *source_findings(context),
        *patient_findings(context),
        *product_findings(context),
        *dose_findings(context),
    ]
    return tuple(sorted(found, key=lambda finding: -LEVELS.index(finding.level)))


def _refuse_queried(regimen: DoseRegimen, situation: Situation) -> None:
    """Nothing is calculated from a doubtful print (clinical facts 9.3 rule 1)."""
    if regimen.queried and situation.reading is None:
        raise DomainError(
            "regimen_under_query",
            N_(
                "This dose is under query: what is printed cannot be trusted. Nothing is calculated from it"
                " until a physician and a second person have accepted a reading, on the page of the indication."
            ),
        )


def _formula(guidelines: Guidelines, basis: str) -> WeightFormula | None:
    return None if basis == "actual" else guidelines.weight_formula(basis)


def _rate_table(guidelines: Guidelines, product: Product, code: str) -> RateTable:
    if not code:
        return guidelines.rate_table_for(product)
    table = guidelines.rate_table(code)
    if table not in guidelines.rate_tables_for(product):
        raise DomainError(
            "rate_table_concentration",
            N_("The rate plan is for %(table)s mg/mL and must not be used for %(product)s."),
            table=table.concentration_mg_per_ml,
            product=product.name,
        )
    return table


def _refuse_future_weight(order: CourseOrder, situation: Situation) -> None:
    if order.profile.weighed_on > situation.today:
        raise DomainError(
            "weighed_in_future",
            N_("The date of the weight lies in the future. Check it."),
            extra={"field": "profile.weighed_on"},
        )


def _refuse_unknown(order: CourseOrder, guidelines: Guidelines) -> None:
    """A code nobody can act on must not be stored beside a dose."""
    known = (
        (order.profile.conditions, {*PATIENT_FACTS, *_codes(guidelines.risk_factors)}),
        (order.missing_tests, _codes(guidelines.tests_before)),
        (order.premedication, _codes(guidelines.premedications)),
    )
    for given, allowed in known:
        for code in given:
            if code not in allowed:
                raise DomainError(
                    "guideline_unknown_code", N_("The guideline does not know “%(unknown)s”."), unknown=code
                )


def _codes(items: Iterable[Coded]) -> set[str]:
    return {item.code for item in items}
