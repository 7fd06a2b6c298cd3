"""Can the source be trusted here, and may this prescriber use it: expiry, misprints, evidence, authority."""

from collections.abc import Iterator

from apps.courses.domain.assessment.findings import Finding, from_check
from apps.courses.domain.assessment.order_in_context import OrderInContext
from apps.courses.domain.regimen_dose import course_dose, days_fit
from apps.guidelines.domain import Citation

_EVIDENCE_TO_SAY = ("limited", "unproven", "conditional")


def source_findings(context: OrderInContext) -> Iterator[Finding]:
    """Findings about the source, the chosen regimen and the right to prescribe from it."""
    yield from _document(context)
    yield from _regimen(context)
    yield from _dose_against_regimen(context)
    yield from _population(context)
    yield from _authority(context)


def _document(context: OrderInContext) -> Iterator[Finding]:
    document = context.guidelines.document(context.indication.document)
    if document.letter and document.letter.expired(context.situation.today):
        yield from_check(
            context.guidelines,
            "document_expired",
            document=document.title,
            until=document.letter.valid_until,
        )
    if context.indication.evidence in _EVIDENCE_TO_SAY:
        check = f"evidence_{context.indication.evidence}"
        yield from_check(context.guidelines, check, quoting=_words(context, context.regimen.quote))


def _regimen(context: OrderInContext) -> Iterator[Finding]:
    for number, anomaly in enumerate(context.indication.anomalies_of(context.regimen.code), start=1):
        yield Finding(
            code=f"anomaly.{number}",
            level="acknowledge",
            text=anomaly.text,
            citations=_words(context, context.regimen.quote),
        )
    reading = context.situation.reading
    if not context.regimen.queried or reading is None:
        return
    yield from_check(
        context.guidelines,
        "reading_used",
        minimum=reading.amount_mg_per_kg_min,
        maximum=reading.amount_mg_per_kg_max,
        physician=reading.physician,
        second=reading.second_person,
        date=reading.accepted_on,
    )


def _dose_against_regimen(context: OrderInContext) -> Iterator[Finding]:
    amount = context.situation.reading if context.regimen.queried else context.regimen
    if amount is None:
        return
    days = context.order.days
    stated = course_dose(amount, days=days)
    words = _words(context, context.regimen.quote)
    if stated is None:
        yield from_check(context.guidelines, "regimen_without_amount", quoting=words)
    elif not stated.holds(context.order.dose_mg_per_kg):
        yield from_check(
            context.guidelines,
            "dose_outside_regimen",
            quoting=words,
            dose=context.order.dose_mg_per_kg / 1000,
            days=days,
            minimum=stated.min_mg_per_kg / 1000,
            maximum=stated.max_mg_per_kg / 1000,
        )
    if not days_fit(amount, days=days):
        yield from_check(context.guidelines, "days_outside_regimen", quoting=words, days=days)


def _population(context: OrderInContext) -> Iterator[Finding]:
    # The sources print no ages: wide readings of their words, so that a caution is rather said than missed.
    meant = set(context.indication.population)
    age = context.situation.age_years
    fits = (
        "any" in meant
        or ("adult" in meant and age >= 16)
        or ("child" in meant and age < 18)
        or ("infant" in meant and age < 2)
        or ("neonate" in meant and age < 1)
        or ("pregnant" in meant and context.order.profile.pregnant)
    )
    if not fits:
        yield from_check(context.guidelines, "population_differs")


def _authority(context: OrderInContext) -> Iterator[Finding]:
    """Only a source that names its prescribers and places can be departed from."""
    source = context.guidelines.document(context.indication.document)
    if source.letter is None:
        return
    specialty = context.situation.specialty
    if not specialty:
        yield from_check(context.guidelines, "specialty_unknown")
    elif specialty not in {item.code for item in context.guidelines.specialties}:
        yield from_check(context.guidelines, "specialty_not_listed")
    if context.order.setting not in {item.code for item in context.guidelines.settings}:
        yield from_check(context.guidelines, "setting_not_listed")


def _words(context: OrderInContext, quote: str) -> tuple[Citation, ...]:
    document = context.guidelines.document(context.indication.document)
    return (Citation(sources=(document.as_source,), section=context.indication.place, quote=quote),)
