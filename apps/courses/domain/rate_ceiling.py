"""The rate limits that hold for a course, so that nobody reads a plan without them."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from apps.guidelines.domain import Citation, Guidelines, Product, RateTable, RiskCeiling


@dataclass(frozen=True, slots=True)
class RateCeiling:
    """A highest rate in mL/kg/h at the product's concentration, with where it holds and what says so."""

    rate_ml_per_kg_h: Decimal
    region: str
    citation: Citation


def label_ceiling(guidelines: Guidelines, product: Product, disease: str) -> RateCeiling:
    """The lowest of the label's general limit and what labels of any region say for this very disease.

    Source: clinical facts 2.2, 9.2 L1, 9.3 rule 3.
    """
    figures = product.require_complete()
    limits = [RateCeiling(figures.max_rate_ml_per_kg_h, product.region, figures.rate_citation)]
    limits += [
        RateCeiling(limit.max_rate_ml_per_kg_h, limit.region, limit.citation)
        for limit in guidelines.disease_rate_limits(product.code, disease)
        if limit.max_rate_ml_per_kg_h
    ]
    return min(limits, key=lambda limit: limit.rate_ml_per_kg_h)


def risk_limit(guidelines: Guidelines, product: Product, ceiling: RiskCeiling) -> RateCeiling:
    """The lower of the general limit at a risk and what the label of this product says of it.

    Source: clinical facts 2.3.
    """
    figures = product.require_complete()
    general = ceiling.rate_ml_per_kg_h_at(figures.concentration_mg_per_ml)
    limits = [RateCeiling(general, product.region, ceiling.citation)]
    limits += [
        RateCeiling(limit.max_rate_ml_per_kg_h, limit.region, limit.citation)
        for limit in guidelines.risk_rate_limits(product.code, ceiling.code)
        if limit.max_rate_ml_per_kg_h
    ]
    return min(limits, key=lambda limit: limit.rate_ml_per_kg_h)


def offered_rates_ml_per_kg_h(
    guidelines: Guidelines, table: RateTable, product: Product, disease: str, risk_factors: Iterable[str]
) -> tuple[Decimal, ...]:
    """The rates of a plan as the bedside will offer them.

    They begin at the label's first rate and are cut at the lowest limit of label, disease and risk.
    Source: clinical facts 2.3, 9.2 L1, L2.
    """
    figures = product.require_complete()
    risks = [
        risk_limit(guidelines, product, ceiling).rate_ml_per_kg_h
        for ceiling in guidelines.risk_ceilings_for(risk_factors)
    ]
    highest = min([label_ceiling(guidelines, product, disease).rate_ml_per_kg_h, *risks])
    rates = [step.rate_ml_per_kg_h for step in table.steps]
    if rates[0] > figures.initial_rate_ml_per_kg_h:
        rates.insert(0, figures.initial_rate_ml_per_kg_h)
    if rates[-1] <= highest:
        return tuple(rates)
    return (*(rate for rate in rates if rate < highest), highest)
