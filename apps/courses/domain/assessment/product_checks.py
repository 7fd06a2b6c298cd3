"""The product against the patient and the rate plan: hazards, label rates, premedication."""

from collections.abc import Iterator

from apps.courses.domain.assessment.findings import LEVEL_OF_HANDLING, Finding, from_check
from apps.courses.domain.assessment.order_in_context import OrderInContext
from apps.courses.domain.rate_ceiling import label_ceiling


def product_findings(context: OrderInContext) -> Iterator[Finding]:
    """Findings about the product, the rate plan chosen for it and what is given beside it."""
    for hazard in context.product.hazards:
        touched = bool(context.facts.intersection(hazard.when))
        yield Finding(
            code=f"hazard.{hazard.code}",
            level=LEVEL_OF_HANDLING[hazard.handling] if touched else "note",
            text=hazard.text,
            citations=(hazard.citation,),
        )
    yield from _rates(context)
    yield from _premedication(context)
    yield from _lower_iga(context)


def _lower_iga(context: OrderInContext) -> Iterator[Finding]:
    """For a patient without IgA the product that contains least of it (clinical facts 2.1, C2)."""
    known = [
        (product.iga_max_ug_per_ml, product)
        for product in context.guidelines.products
        if product.iga_max_ug_per_ml and not product.missing
    ]
    iga, lowest = min(known, key=lambda pair: pair[0])
    if "iga_deficiency" in context.facts and lowest.code != context.product.code:
        yield from_check(
            context.guidelines,
            "lower_iga_product",
            quoting=(lowest.citation,),
            product=lowest.name,
            iga=iga,
        )


def _rates(context: OrderInContext) -> Iterator[Finding]:
    """A plan that climbs above a label is cut there; the prescriber must know (clinical facts 9.2 L1, L2)."""
    product, figures, steps = context.product, context.figures, context.rate_table.steps
    label = label_ceiling(context.guidelines, product, context.indication.disease)
    if steps[-1].rate_ml_per_kg_h > label.rate_ml_per_kg_h:
        yield from_check(
            context.guidelines,
            "rate_above_label",
            quoting=(context.rate_table.citation, label.citation),
            product=product.name,
            region=label.region,
            limit=label.rate_ml_per_kg_h,
            planned=steps[-1].rate_ml_per_kg_h,
        )
    if steps[0].rate_ml_per_kg_h > figures.initial_rate_ml_per_kg_h:
        yield from_check(
            context.guidelines,
            "first_rate_above_label",
            quoting=(figures.rate_citation,),
            product=product.name,
            limit=figures.initial_rate_ml_per_kg_h,
            planned=steps[0].rate_ml_per_kg_h,
        )


def _premedication(context: OrderInContext) -> Iterator[Finding]:
    for item in context.guidelines.premedications:
        if item.code in context.order.premedication and context.facts.intersection(item.avoid_when):
            yield from_check(
                context.guidelines,
                "premedication_avoid",
                of=item.code,
                quoting=item.citations,
                drug=item.name.as_mapping(),
            )
