"""Rate plans for tests: the shipped tables, the ceilings a product, a disease and risks bring."""

from decimal import Decimal
from types import SimpleNamespace

from apps.infusions.domain import (
    build_rate_plan,
    indication_maximum,
    product_initial,
    product_maximum,
    risk_maximum,
)

HALF = SimpleNamespace(
    figure={"percent_of_rate": Decimal(50)}.__getitem__, citation=SimpleNamespace(label="secondary", quote="")
)


def plan_of(
    guidelines,
    product_code,
    *,
    table=None,
    weight_kg="60",
    volume_ml="240",
    disease="cidp",
    risks=(),
    resolution="1",
):
    """The plan of one infusion with a table by its code (the default one of the product without it)."""
    product = guidelines.product(product_code)
    name, region, source = product.name, product.region, product.rate_citation.label
    ceilings = [
        product_maximum(
            product=name, region=region, rate_ml_per_kg_h=product.max_rate_ml_per_kg_h, source=source
        )
    ]
    ceilings += [
        indication_maximum(
            product=name,
            region=limit.region,
            rate_ml_per_kg_h=limit.max_rate_ml_per_kg_h,
            source=limit.citation.label,
        )
        for limit in guidelines.disease_rate_limits(product_code, disease)
    ]
    for risk in guidelines.risk_ceilings_for(risks):
        rates = [risk.rate_ml_per_kg_h_at(product.concentration_mg_per_ml)]
        rates += [
            limit.max_rate_ml_per_kg_h for limit in guidelines.risk_rate_limits(product_code, risk.code)
        ]
        ceilings += [
            risk_maximum(code=risk.code, rate_ml_per_kg_h=rate, source=risk.citation.label) for rate in rates
        ]
    return build_rate_plan(
        rate_table=guidelines.rate_table(table) if table else guidelines.rate_table_for(product),
        weight_kg=Decimal(weight_kg),
        volume_ml=Decimal(volume_ml),
        concentration_mg_per_ml=product.concentration_mg_per_ml,
        ceilings=ceilings,
        initial=product_initial(
            product=name, region=region, rate_ml_per_kg_h=product.initial_rate_ml_per_kg_h, source=source
        ),
        pump_resolution_ml_per_h=Decimal(resolution),
    )


def rates(plan):
    """The steps in mL/kg/h, as text."""
    return [str(step.rate_ml_per_kg_h) for step in plan.steps]
