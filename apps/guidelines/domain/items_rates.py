"""Reading rate plans, rate limits and rate ceilings: node in, value out, `guideline_invalid` when unfit."""

from itertools import pairwise

from apps.guidelines.domain.rates import (
    RateLimit,
    RateRule,
    RateTable,
    RateTableStep,
    RiskCeiling,
    RiskFactor,
)
from apps.guidelines.domain.reading import Node, refuse


def rate_table(node: Node) -> RateTable:
    """A rate table: rates rise, every step but the last has a shortest time, the last runs for the rest."""
    steps = tuple(_rate_step(child) for child in node.children("steps"))
    rates = [step.rate_ml_per_kg_h for step in steps]
    if not rates or any(later <= earlier for earlier, later in pairwise(rates)):
        raise refuse(f"{node.where}.steps", "rates must rise from step to step")
    if any(not step.min_duration_minutes for step in steps[:-1]) or steps[-1].min_duration_minutes:
        raise refuse(f"{node.where}.steps", "every step but the last needs a shortest time")
    return RateTable(
        code=node.text("code"),
        concentration_mg_per_ml=node.positive("concentration_mg_per_ml"),
        product_codes=node.texts("product_codes"),
        from_label=_said(node, "from_label") and node.boolean("from_label"),
        steps=steps,
        citation=node.citation(),
    )


def _rate_step(node: Node) -> RateTableStep:
    return RateTableStep(
        rate_ml_per_kg_h=node.positive("rate_ml_per_kg_h"),
        min_duration_minutes=node.optional_integer("min_duration_minutes"),
        max_duration_minutes=node.optional_integer("max_duration_minutes"),
        quote=node.free_text("quote"),
    )


def rate_rule(node: Node) -> RateRule:
    """A rule around a plan."""
    figures = node.child("figures")
    return RateRule(
        code=node.text("code"),
        figures=tuple((name, figures.positive(name)) for name in figures.data),
        citation=node.citation(),
    )


def risk_ceiling(node: Node) -> RiskCeiling:
    """A rate ceiling at risk."""
    return RiskCeiling(
        code=node.text("code"),
        name=node.local_text("name"),
        rate_ml_per_kg_h=node.positive("rate_ml_per_kg_h"),
        concentration_mg_per_ml=node.positive("concentration_mg_per_ml"),
        citation=node.citation(),
    )


def risk_factor(node: Node) -> RiskFactor:
    """A risk factor."""
    return RiskFactor(
        code=node.text("code"),
        ceiling_codes=node.texts("ceilings"),
        name=node.local_text("name"),
        citation=node.citation(),
    )


def rate_limit(node: Node) -> RateLimit:
    """A label's rate limit; it must limit something, and not begin above its highest rate."""
    initial = node.optional_positive("initial_rate_ml_per_kg_h")
    highest = node.optional_positive("max_rate_ml_per_kg_h")
    if initial is None and highest is None:
        raise refuse(node.where, "must give an initial or a highest rate")
    if initial is not None and highest is not None and initial > highest:
        raise refuse(f"{node.where}.initial_rate_ml_per_kg_h", "is above the highest rate")
    return RateLimit(
        code=node.text("code"),
        product_code=node.text("product_code"),
        region=node.text("region"),
        diseases=node.texts("diseases"),
        initial_rate_ml_per_kg_h=initial,
        hold_minutes=node.optional_integer("hold_minutes"),
        step_minutes=node.optional_integer("step_minutes"),
        max_rate_ml_per_kg_h=highest,
        condition=node.optional_local_text("condition"),
        risk=node.text("risk") if _said(node, "risk") else None,
        citation=node.citation(),
    )


def _said(node: Node, key: str) -> bool:
    """Documents from before a field existed do not have it."""
    return key in node.data
