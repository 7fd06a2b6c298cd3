"""Reading bedside rules: node in, value out, `guideline_invalid` when a rule could never be carried out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from apps.guidelines.domain.bedside import AgeBounds, ObservationRule, RuleCondition, RulePart
from apps.guidelines.domain.reading import Node, refuse

SEVERITIES = ("mild", "moderate", "severe")
ORGAN_GROUPS = ("skin", "respiratory", "laryngeal", "circulation", "gastrointestinal", "neurological")
SCORES = ("news2", "bedside_pews")
# Rules from before ages were said are for adults, from 16 years on (facts 4.1).
ADULTS = AgeBounds(from_months=16 * 12)


@dataclass(frozen=True, slots=True)
class _Needs:
    """What a test takes: a sign of this kind, a threshold, further numbers."""

    sign: str
    threshold: bool = True
    parameters: tuple[str, ...] = ()


_NUMBER, _SCORE = "number", "score"
_SIGN_TESTS = {
    "below": _Needs(_NUMBER),
    "at_most": _Needs(_NUMBER),
    "at_least": _Needs(_NUMBER),
    "below_for_age": _Needs(_NUMBER, parameters=("per_year",)),
    "fall_by": _Needs(_NUMBER),
    "fall_by_percent": _Needs(_NUMBER),
    "rise_by": _Needs(_NUMBER),
    "at_least_and_rise_by": _Needs(_NUMBER, parameters=("rise",)),
    "falling_over_sets": _Needs(_NUMBER, parameters=("sets",)),
    "rising_over_sets": _Needs(_NUMBER, parameters=("sets",)),
    "not_alert": _Needs("consciousness", threshold=False),
    "newly_given": _Needs("oxygen_l_per_min", threshold=False),
    "total_at_least": _Needs(_SCORE),
    "part_at_least": _Needs(_SCORE),
}
_LEAST_SETS = 2
TESTS = (*_SIGN_TESTS, "reaction_open", "rule_fires", "all_of")


def observation_rule(node: Node) -> ObservationRule:
    """A bedside rule; one that names no ages is for adults."""
    return ObservationRule(
        code=node.text("code"),
        group=node.text("group"),
        condition=_combination(node) if node.one_of("test", *TESTS) == "all_of" else _condition(node),
        ages=age_bounds(node.child("ages")) if "ages" in node.data else ADULTS,
        spo2_scale=node.integer("spo2_scale") if "spo2_scale" in node.data else None,
        priority=node.one_of("priority", "high", "medium"),
        citation=node.citation(),
    )


def check_rules(rules: Iterable[ObservationRule], *, numbers: set[str], terms: set[str]) -> None:
    """Refuse a rule that asks of a sign, a reaction or a rule that is not there.

    `numbers` are the codes of the signs measured in numbers, `terms` those of the reactions. A combination
    names rules of one condition only, never another combination.
    """
    rules = tuple(rules)
    signs = {_NUMBER: numbers, _SCORE: set(SCORES)}
    single = {rule.code for rule in rules if rule.condition.test != "all_of"}
    for rule in rules:
        where = f"observation_rules.{rule.code}"
        for condition in _conditions(rule.condition):
            if condition.sign:
                kind = _SIGN_TESTS[condition.test].sign
                _refuse_unknown(f"{where}.sign", (condition.sign,), signs.get(kind, {kind}))
            _refuse_unknown(f"{where}.terms", condition.terms, terms)
            _refuse_unknown(f"{where}.rules", condition.rules, single)


def _combination(node: Node) -> RuleCondition:
    parts = tuple(
        RulePart(any_of=tuple(_condition(child) for child in part.children("any_of")))
        for part in node.children("parts")
    )
    if not parts or not all(part.any_of for part in parts):
        raise refuse(f"{node.where}.parts", "must name at least one condition in each part")
    return RuleCondition(test="all_of", parts=parts)


def _condition(node: Node) -> RuleCondition:
    test = node.one_of("test", *(test for test in TESTS if test != "all_of"))
    if test == "rule_fires":
        return RuleCondition(test=test, rules=_rules(node))
    if test == "reaction_open":
        return _reaction_open(node)
    needs = _SIGN_TESTS[test]
    return RuleCondition(
        test=test,
        sign=node.text("sign"),
        threshold=node.positive("threshold") if needs.threshold else None,
        parameters=_parameters(node, needs.parameters),
    )


def _reaction_open(node: Node) -> RuleCondition:
    organ_groups = node.words("organ_groups", *ORGAN_GROUPS) if "organ_groups" in node.data else ()
    terms = node.texts("terms") if "terms" in node.data else ()
    if not organ_groups and not terms:
        raise refuse(node.where, "must name organ groups or terms")
    return RuleCondition(
        test="reaction_open",
        organ_groups=organ_groups,
        terms=terms,
        severities=node.words("severities", *SEVERITIES) if "severities" in node.data else (),
    )


def _parameters(node: Node, names: tuple[str, ...]) -> dict[str, Decimal]:
    if not names and "parameters" not in node.data:
        return {}
    given = node.child("parameters")
    if set(given.data) != set(names):
        raise refuse(given.where, f"must be {', '.join(names) or 'left out'}")
    numbers = {name: given.positive(name) for name in names}
    sets = numbers.get("sets", Decimal(_LEAST_SETS))
    if sets < _LEAST_SETS or sets % 1:
        raise refuse(f"{given.where}.sets", "must be a whole number of two or more")
    return numbers


def age_bounds(node: Node) -> AgeBounds:
    """For which ages something is; at least one bound."""
    bounds = {name: node.integer(name) for name in AgeBounds.__slots__ if name in node.data}
    if not bounds or set(bounds) != set(node.data):
        raise refuse(node.where, f"must be some of {', '.join(AgeBounds.__slots__)}")
    for unit in ("days", "months"):
        if bounds.get(f"from_{unit}", -1) >= bounds.get(f"below_{unit}", float("inf")):
            raise refuse(node.where, "must begin before it ends")
    return AgeBounds(**bounds)


def _rules(node: Node) -> tuple[str, ...]:
    codes = node.texts("rules")
    if not codes:
        raise refuse(f"{node.where}.rules", "must not be empty")
    return codes


def _conditions(condition: RuleCondition) -> Iterator[RuleCondition]:
    yield condition
    for part in condition.parts:
        yield from part.any_of


def _refuse_unknown(where: str, codes: Iterable[str], known: set[str]) -> None:
    for code in codes:
        if code not in known:
            raise refuse(where, f"{code} is not known")
