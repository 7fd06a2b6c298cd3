"""The patient against the drug: contraindications, risks, exposure, pregnancy, missing tests."""

from collections.abc import Iterator

from apps.courses.domain.assessment.findings import LEVEL_OF_HANDLING, Finding, from_check
from apps.courses.domain.assessment.order_in_context import OrderInContext
from apps.courses.domain.rate_ceiling import risk_limit
from apps.guidelines.domain import TestBefore


def patient_findings(context: OrderInContext) -> Iterator[Finding]:
    """Findings about the patient whatever the product and dose."""
    yield from _contraindications(context)
    yield from _risks(context)
    yield from _exposure(context)
    yield from _missing_tests(context)
    yield from _open_reactions(context)
    if context.order.profile.pregnant:
        yield from_check(context.guidelines, "pregnancy")
    for earlier in context.situation.earlier:
        if earlier.is_open:
            yield from_check(context.guidelines, "other_course_open", date=earlier.started_on)
            break


def _contraindications(context: OrderInContext) -> Iterator[Finding]:
    for item in context.guidelines.contraindications:
        if context.facts.intersection(item.when):
            yield Finding(
                code=f"contraindication.{item.code}",
                level=LEVEL_OF_HANDLING[item.handling],
                text=item.warning,
                citations=item.citations,
            )


def _risks(context: OrderInContext) -> Iterator[Finding]:
    for ceiling in context.risk_ceilings:
        limit = risk_limit(context.guidelines, context.product, ceiling)
        yield from_check(
            context.guidelines, ceiling.code, quoting=(limit.citation,), rate=limit.rate_ml_per_kg_h
        )
    if context.order.profile.blood_group == "unknown":
        yield from_check(context.guidelines, "blood_group_unknown")
    haemolysis = context.guidelines.order_check("hemolysis_risk")
    if "blood_group_non_o" in context.facts and context.order.dose_mg_per_kg >= haemolysis.figure(
        "mg_per_kg"
    ):
        yield from_check(context.guidelines, "hemolysis_risk", dose=context.order.dose_mg_per_kg / 1000)
    overload = context.guidelines.order_check("overload_risk")
    day = context.dose.per_day_mg / context.weight.kg
    if day >= overload.figure("mg_per_kg_in_a_day") or context.facts & {
        "severe_heart_failure",
        "heart_failure",
        "severe_renal_failure",
    }:
        yield from_check(context.guidelines, "overload_risk")


def _exposure(context: OrderInContext) -> Iterator[Finding]:
    if context.exposure.first:
        yield from_check(context.guidelines, "first_exposure")
    elif context.exposure.product_switch:
        yield from_check(context.guidelines, "product_switch")
    elif context.exposure.long_gap:
        yield from_check(context.guidelines, "long_gap")
    if context.order.profile.prior_reaction.strip():
        yield from_check(
            context.guidelines, "prior_reaction", reaction=context.order.profile.prior_reaction.strip()
        )


def _open_reactions(context: OrderInContext) -> Iterator[Finding]:
    for earlier in context.situation.open_reactions:
        yield from_check(
            context.guidelines,
            "rechallenge_open",
            of=str(earlier.number),
            reaction=earlier.reaction,
            product=earlier.product,
            date=earlier.on,
        )


def _missing_tests(context: OrderInContext) -> Iterator[Finding]:
    missing = {test.code: test for test in context.guidelines.tests_before}
    for code in context.order.missing_tests:
        test = missing[code]
        if code == "iga" and context.exposure.first:
            yield from_check(context.guidelines, "start_before_iga", quoting=test.citations)
        elif test.before_first_dose_only and context.exposure.first:
            yield from_check(
                context.guidelines, "serology_before_first_dose", of=code, quoting=test.citations
            )
        elif _needed(test, first=context.exposure.first):
            yield Finding(
                code=f"test_missing.{code}",
                level=context.guidelines.order_check("test_missing").level,
                text=context.guidelines.order_check("test_missing").text,
                citations=test.citations,
                params={"test": test.name.as_mapping()},
            )


def _needed(test: TestBefore, *, first: bool) -> bool:
    return first or test.repeat_each_course
