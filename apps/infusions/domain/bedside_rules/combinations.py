"""Signs and symptoms that mean more together than each alone. They ask for a look, they never diagnose."""

from itertools import product

from apps.infusions.domain.bedside_rules.registry import Evidence, Moment, evidence_for, rule_test
from apps.infusions.domain.bedside_rules.rules import Condition
from apps.kernel.text import Param

REACTION = "reaction"
PLACES = ("first", "second")


@rule_test("reaction_open")
def reaction_open(condition: Condition, moment: Moment) -> tuple[Evidence, ...]:
    """A symptom of these organ groups, or one of these terms, is open; with `severities`, so graded."""
    return tuple(
        Evidence((REACTION,), {"symptom": reaction.name})
        for reaction in moment.series.open_reactions
        if (reaction.term in condition.terms or set(reaction.organ_groups) & set(condition.organ_groups))
        and (not condition.severities or reaction.severity in condition.severities)
    )


@rule_test("rule_fires")
def rule_fires(condition: Condition, moment: Moment) -> tuple[Evidence, ...]:
    """One of these rules fires on a set taken after the baseline; before it nobody was exposed."""
    if not moment.exposed:
        return ()
    named = (rule for rule in moment.rules if rule.code in condition.rules)
    fired = (evidence_for(rule.condition, moment) for rule in named if rule.ages.includes(moment.series.age))
    return tuple(evidence for found in fired for evidence in found)


@rule_test("all_of")
def all_of(condition: Condition, moment: Moment) -> tuple[Evidence, ...]:
    """Each part holds, and no symptom stands for two parts."""
    held = [
        [evidence for one in part.any_of for evidence in evidence_for(one, moment)]
        for part in condition.parts
    ]
    for together in product(*held):
        if _distinct(together):
            return (_joined(together),)
    return ()


def _distinct(together: tuple[Evidence, ...]) -> bool:
    symptoms = [evidence.params["symptom"] for evidence in together if REACTION in evidence.about]
    return all(symptom not in symptoms[:place] for place, symptom in enumerate(symptoms))


def _joined(together: tuple[Evidence, ...]) -> Evidence:
    params: dict[str, Param] = {
        f"{place}_{name}": value
        for place, evidence in zip(PLACES, together, strict=False)
        for name, value in evidence.params.items()
    }
    return Evidence(tuple(about for evidence in together for about in evidence.about), params)
