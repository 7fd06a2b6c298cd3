"""Which facts about a patient a person can note, so that the follow-up is planned again. Pure."""

from apps.guidelines.domain import Guidelines

# The record itself knows these for certain: date of birth, indication; who is not in hospital is out of it.
_OF_THE_RECORD = frozenset({"age_under_2", "age_over_65", "outpatient"})
_DISEASE = "disease_"


def notable_facts(guidelines: Guidelines) -> tuple[str, ...]:
    """The facts by which the rules of a version choose whom to ask, in the order of the rules.

    A fact that follows from others is named by those: not the renal risk, but diabetes or sepsis (facts 2.3, 8).
    """
    conditions = {fact.code: fact.any_of for fact in guidelines.follow_up_facts if fact.any_of}
    ceilings = {ceiling.code for ceiling in guidelines.risk_ceilings}

    def plainly(fact: str) -> list[str]:
        if fact in conditions:
            return [
                code for condition in conditions[fact] for named in condition.facts for code in plainly(named)
            ]
        if fact in ceilings:
            return [factor.code for factor in guidelines.risk_factors if fact in factor.ceiling_codes]
        return [fact]

    asked = (fact for rule in guidelines.follow_up_rules for fact in rule.for_facts)
    found = dict.fromkeys(code for fact in asked for code in plainly(fact))
    return tuple(code for code in found if code not in _OF_THE_RECORD and not code.startswith(_DISEASE))
