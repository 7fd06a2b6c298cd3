"""One function per kind of guideline item: node in, value out, DomainError `guideline_invalid` when unfit."""

from collections.abc import Mapping
from itertools import pairwise

from apps.guidelines.domain.bedside import (
    FollowUpItem,
    FollowUpRule,
    GradeAction,
    ObservationRule,
    ReactionTerm,
    VitalSign,
)
from apps.guidelines.domain.prescribing import Contraindication, Hazard, Product, Regimen, TestBefore
from apps.guidelines.domain.rates import RateTable, RateTableStep, RiskCeiling, RiskFactor
from apps.guidelines.domain.reading import Node, refuse

TESTS = ("below", "at_most", "at_least", "fall_by", "fall_by_percent", "rise_by")
SEVERITIES = ("mild", "moderate", "severe")
ACTIONS = ("slow", "stop", "stop_emergency")


def contraindication(node: Node) -> Contraindication:
    """A contraindication."""
    return Contraindication(
        code=node.text("code"),
        handling=node.one_of("handling", "confirm", "block"),
        name=node.local_text("name"),
        remark=node.free_text("remark"),
        citation=node.citation(),
    )


def regimen(node: Node) -> Regimen:
    """A regimen; needs at least one number of days."""
    days = node.integers("days_options")
    if not days or 0 in days:
        raise refuse(f"{node.where}.days_options", "must name whole days above zero")
    return Regimen(
        code=node.text("code"),
        name=node.local_text("name"),
        dose_mg_per_kg=node.positive("dose_mg_per_kg"),
        days_options=days,
        maintenance_quote=node.free_text("maintenance_quote"),
        citation=node.citation(),
    )


def test_before(node: Node) -> TestBefore:
    """A test before the course."""
    return TestBefore(
        code=node.text("code"),
        name=node.local_text("name"),
        repeat_each_course=node.boolean("repeat_each_course"),
        citation=node.citation(),
    )


def hazard(node: Node) -> Hazard:
    """A hazard of a product."""
    return Hazard(code=node.text("code"), text=node.local_text("text"), citation=node.citation())


def product(node: Node, hazards: Mapping[str, Hazard]) -> Product:
    """A product; its hazards must be known and its first rate not above its highest."""
    for code in node.texts("hazards"):
        if code not in hazards:
            raise refuse(f"{node.where}.hazards", f"{code} is not known")
    vials = node.integers("vial_sizes_ml")
    if not vials or 0 in vials:
        raise refuse(f"{node.where}.vial_sizes_ml", "must name sizes above zero")
    initial, highest = node.positive("initial_rate_ml_per_kg_h"), node.positive("max_rate_ml_per_kg_h")
    if initial > highest:
        raise refuse(f"{node.where}.initial_rate_ml_per_kg_h", "is above the highest rate")
    return Product(
        code=node.text("code"),
        name=node.text("name"),
        concentration_mg_per_ml=node.positive("concentration_mg_per_ml"),
        vial_sizes_ml=vials,
        stabiliser=node.text("stabiliser"),
        iga_max_ug_per_ml=node.optional_integer("iga_max_ug_per_ml"),
        region=node.text("region"),
        initial_rate_ml_per_kg_h=initial,
        max_rate_ml_per_kg_h=highest,
        hazards=tuple(hazards[code] for code in node.texts("hazards")),
        citation=node.citation(),
        rate_citation=node.citation("rate_cite"),
    )


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


def vital_sign(node: Node) -> VitalSign:
    """A vital sign with its plausible range."""
    return VitalSign(
        code=node.text("code"),
        name=node.local_text("name"),
        unit=node.text("unit"),
        minimum=node.decimal("minimum"),
        maximum=node.positive("maximum"),
        decimal_places=node.integer("decimal_places"),
    )


def observation_rule(node: Node) -> ObservationRule:
    """A bedside rule."""
    return ObservationRule(
        code=node.text("code"),
        group=node.text("group"),
        sign=node.text("sign"),
        test=node.one_of("test", *TESTS),
        threshold=node.positive("threshold"),
        priority=node.one_of("priority", "high", "medium"),
        citation=node.citation(),
    )


def grade_action(node: Node) -> GradeAction:
    """What a grade of reaction calls for."""
    return GradeAction(
        severity=node.one_of("severity", *SEVERITIES),
        action=node.one_of("action", *ACTIONS),
        citation=node.citation(),
    )


def reaction_term(node: Node) -> ReactionTerm:
    """A reaction term."""
    return ReactionTerm(
        code=node.text("code"),
        name=node.local_text("name"),
        usual_severity=node.one_of("usual_severity", *SEVERITIES),
        minimum_action=node.one_of("minimum_action", *ACTIONS),
        citation=node.citation(),
    )


def follow_up_rule(node: Node) -> FollowUpRule:
    """A follow-up rule: opens, then due, then closes."""
    opens, due, closes = (node.integer(f"{word}_after_h") for word in ("opens", "due", "closes"))
    if not opens <= due < closes:
        raise refuse(node.where, "must open before it is due and be due before it closes")
    return FollowUpRule(
        code=node.text("code"),
        effect=node.text("effect"),
        kind=node.one_of("kind", "call", "laboratory"),
        name=node.local_text("name"),
        opens_after_h=opens,
        due_after_h=due,
        closes_after_h=closes,
        items=tuple(FollowUpItem(c.text("code"), c.local_text("text")) for c in node.children("items")),
        citation=node.citation(),
    )
