"""Reading what is to be done for a reaction: node in, value out, `guideline_invalid` when unfit."""

from collections.abc import Iterable
from decimal import Decimal

from apps.guidelines.domain.bedside import AgeBounds
from apps.guidelines.domain.guiding import (
    AdrenalineRule,
    GuidanceStep,
    InterventionKind,
    ReactionGuidance,
    RestartRule,
)
from apps.guidelines.domain.items_bedside import ACTIONS
from apps.guidelines.domain.items_rules import ORGAN_GROUPS, age_bounds
from apps.guidelines.domain.reading import Node, refuse


def reaction_guidance(node: Node) -> ReactionGuidance:
    """What to do for one kind of reaction."""
    restart = node.child("restart")
    return ReactionGuidance(
        code=node.text("code"),
        action=node.one_of("action", *ACTIONS),
        terms=node.texts("terms"),
        organ_groups=node.words("organ_groups", *ORGAN_GROUPS),
        title=node.local_text("title"),
        steps=tuple(_step(child) for child in node.children("steps")),
        restart=RestartRule(restart.local_text("text"), restart.citation()),
    )


def intervention(node: Node) -> InterventionKind:
    """What can be done or given; a repeat comes after at least a minute."""
    kind = InterventionKind(
        code=node.text("code"),
        name=node.local_text("name"),
        repeat_after_minutes=node.optional_integer("repeat_after_minutes"),
        citation=node.citation(),
    )
    if kind.repeat_after_minutes == 0:
        raise refuse(f"{node.where}.repeat_after_minutes", "must be at least a minute")
    return kind


def adrenaline_rule(node: Node) -> AdrenalineRule:
    """A dose by weight with its maximum, or by age; a span rises."""
    rule = AdrenalineRule(
        code=node.text("code"),
        ages=age_bounds(node.child("ages")) if "ages" in node.data else AgeBounds(),
        concentration_mg_per_ml=node.positive("concentration_mg_per_ml"),
        mg_per_kg=_figure(node, "mg_per_kg"),
        max_mg=_figure(node, "max_mg"),
        dose_mg=_figure(node, "dose_mg"),
        up_to_mg=_figure(node, "up_to_mg"),
        rule=node.local_text("rule"),
        citation=node.citation(),
    )
    by_weight = rule.mg_per_kg is not None and rule.max_mg is not None
    if by_weight == (rule.dose_mg is not None):
        raise refuse(node.where, "must be a dose per kg with its maximum, or a dose for an age")
    if rule.up_to_mg is not None and (rule.dose_mg is None or rule.up_to_mg <= rule.dose_mg):
        raise refuse(f"{node.where}.up_to_mg", "must be above the dose")
    return rule


def check_guidance(
    guidance: Iterable[ReactionGuidance], *, terms: set[str], signs: set[str], interventions: set[str]
) -> None:
    """Refuse guidance that names what is not there, or leaves an action without a general guidance, or with two."""
    guidance = tuple(guidance)
    for item in guidance:
        where = f"reaction_guidance.{item.code}"
        _refuse_unknown(f"{where}.terms", item.terms, terms)
        for step in item.steps:
            _refuse_unknown(f"{where}.steps.{step.code}.measure", step.measure, signs)
            wanted = (step.intervention,) if step.intervention else ()
            _refuse_unknown(f"{where}.steps.{step.code}.intervention", wanted, interventions)
    for action in ACTIONS if guidance else ():
        if sum(item.general and item.action == action for item in guidance) != 1:
            raise refuse("reaction_guidance", f"needs exactly one general guidance for {action}")


def _step(node: Node) -> GuidanceStep:
    return GuidanceStep(
        code=node.text("code"),
        text=node.local_text("text"),
        intervention=node.text("intervention") if "intervention" in node.data else None,
        measure=node.texts("measure") if "measure" in node.data else (),
        citation=node.citation(),
    )


def _figure(node: Node, key: str) -> Decimal | None:
    return node.positive(key) if key in node.data else None


def _refuse_unknown(where: str, codes: Iterable[str], known: set[str]) -> None:
    for code in codes:
        if code not in known:
            raise refuse(where, f"{code} is not known")
