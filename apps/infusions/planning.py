"""The rate plan of a session, from the guideline version it pins."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Protocol

from apps.guidelines.domain import Guidelines, Product
from apps.guidelines.selectors import guidelines_version
from apps.infusions.domain import (
    Ceiling,
    RatePlan,
    build_rate_plan,
    indication_maximum,
    product_initial,
    product_maximum,
    risk_maximum,
)
from apps.infusions.models import InfusionSession


class Planned(Protocol):
    """What a rate plan is made from: a session, or an infusion that is still to be started."""

    @property
    def guideline_version(self) -> str: ...
    @property
    def product_code(self) -> str: ...
    @property
    def rate_table_code(self) -> str: ...
    @property
    def disease(self) -> str: ...
    @property
    def weight_kg(self) -> Decimal: ...
    @property
    def risk_factors(self) -> Iterable[str]: ...


def rate_plan(planned: Planned, *, volume_ml: Decimal) -> RatePlan:
    """The steps for this product, weight and risk; the lowest ceiling wins.

    Raises DomainError `product_incomplete`.
    """
    guidelines = guidelines_version(planned.guideline_version)
    product = guidelines.product(planned.product_code)
    figures = product.require_complete()
    return build_rate_plan(
        rate_table=guidelines.rate_table(planned.rate_table_code),
        weight_kg=planned.weight_kg,
        volume_ml=volume_ml,
        concentration_mg_per_ml=figures.concentration_mg_per_ml,
        ceilings=_ceilings(guidelines, planned),
        initial=product_initial(
            product=product.name,
            region=product.region,
            rate_ml_per_kg_h=figures.initial_rate_ml_per_kg_h,
            source=figures.rate_citation.label,
        ),
    )


def plan_of(session: InfusionSession) -> RatePlan:
    """The rate plan of a session."""
    return rate_plan(session, volume_ml=session.volume_total_ml)


def _ceilings(guidelines: Guidelines, planned: Planned) -> list[Ceiling]:
    product = guidelines.product(planned.product_code)
    figures = product.require_complete()
    label = product_maximum(
        product=product.name,
        region=product.region,
        rate_ml_per_kg_h=figures.max_rate_ml_per_kg_h,
        source=figures.rate_citation.label,
    )
    return [
        label,
        *_for_disease(guidelines, product, planned.disease),
        *_at_risk(guidelines, product, planned.risk_factors),
    ]


def _for_disease(guidelines: Guidelines, product: Product, disease: str) -> list[Ceiling]:
    """What a label of any region says for this very disease; the lowest counts (clinical facts 2.2)."""
    return [
        indication_maximum(
            product=product.name,
            region=limit.region,
            rate_ml_per_kg_h=limit.max_rate_ml_per_kg_h,
            source=limit.citation.label,
        )
        for limit in guidelines.disease_rate_limits(product.code, disease)
        if limit.max_rate_ml_per_kg_h is not None
    ]


def _at_risk(guidelines: Guidelines, product: Product, risk_factors: Iterable[str]) -> list[Ceiling]:
    """The general limits at the patient's risks, and what the product's own label says of them (facts 2.3)."""
    concentration = product.require_complete().concentration_mg_per_ml
    found: list[Ceiling] = []
    for risk in guidelines.risk_ceilings_for(risk_factors):
        limits = [(risk.rate_ml_per_kg_h_at(concentration), risk.citation)]
        limits += [
            (limit.max_rate_ml_per_kg_h, limit.citation)
            for limit in guidelines.risk_rate_limits(product.code, risk.code)
            if limit.max_rate_ml_per_kg_h is not None
        ]
        found += [
            risk_maximum(code=risk.code, rate_ml_per_kg_h=rate, source=citation.label)
            for rate, citation in limits
        ]
    return found
