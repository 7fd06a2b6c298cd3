"""Bedside rules as documents: what a rule may ask for, and what from before ages were said still means."""

import copy
from decimal import Decimal

import pytest

from apps.guidelines.domain import AgeBounds, parse_guidelines
from apps.guidelines.domain.overriding import TRIED_SECTIONS, with_site_documents
from apps.infusions.domain.age import Age
from apps.kernel.errors import DomainError

CITE = {"keys": ["DERIVED"], "section": "", "quote": ""}
OLD_RULE = {
    "code": "systolic_below_90",
    "group": "hypotension",
    "sign": "systolic_mmhg",
    "test": "below",
    "threshold": "90",
    "priority": "high",
    "cite": CITE,
}
REACTION = {"test": "reaction_open", "organ_groups": ["skin"]}


def with_rule(documents, **changes):
    """The shipped documents with one rule added: the old one under a new code, with changes; None removes."""
    changed = copy.deepcopy(dict(documents))
    rule = {**OLD_RULE, "code": "ours", **changes}
    rules = changed["observation_rules"]["observation_rules"]
    rules.append({key: value for key, value in rule.items() if value is not None})
    return changed


def together(*conditions):
    return {"test": "all_of", "sign": None, "threshold": None, "parts": [{"any_of": list(conditions)}]}


def test_a_rule_from_before_ages_were_said_is_for_adults(documents):
    changed = copy.deepcopy(dict(documents))
    changed["observation_rules"]["observation_rules"] = [OLD_RULE]
    (rule,) = parse_guidelines(changed).observation_rules
    assert rule.ages == AgeBounds(from_months=192)
    assert (rule.condition.test, rule.condition.sign) == ("below", "systolic_mmhg")
    assert rule.condition.threshold == Decimal(90)


def test_a_reaction_from_before_organ_groups_points_at_none(documents):
    changed = copy.deepcopy(dict(documents))
    changed["observation_rules"]["observation_rules"] = [OLD_RULE]
    for term in changed["reactions"]["reaction_terms"]:
        del term["organ_groups"]
    assert {term.organ_groups for term in parse_guidelines(changed).reaction_terms} == {()}


@pytest.mark.parametrize(
    ("bounds", "inside", "outside"),
    [
        ({"below_days": 4}, [(0, 0), (3, 0)], [(4, 0)]),
        ({"from_days": 4, "below_months": 1}, [(4, 0), (30, 0)], [(3, 0), (31, 1)]),
        ({"from_months": 1, "below_months": 12}, [(31, 1), (364, 11)], [(30, 0), (365, 12)]),
        ({"from_days": 0}, [(0, 0), (30000, 985)], []),
    ],
)
def test_ages_begin_with_the_first_bound_and_end_before_the_second(documents, bounds, inside, outside):
    rule = parse_guidelines(with_rule(documents, ages=bounds)).observation_rules[-1]
    assert all(rule.ages.includes(Age(days, months)) for days, months in inside)
    assert not any(rule.ages.includes(Age(days, months)) for days, months in outside)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"sign": "mood"}, "observation_rules.ours.sign: mood"),
        ({"sign": "consciousness"}, "observation_rules.ours.sign: consciousness"),
        ({"sign": "news2"}, "observation_rules.ours.sign: news2"),
        ({"sign": None}, "sign: missing"),
        ({"threshold": None}, "threshold: missing"),
        ({"threshold": "0"}, "threshold: must be above zero"),
        ({"test": "equals"}, "test: must be one of"),
        ({"test": "total_at_least"}, "observation_rules.ours.sign: systolic_mmhg"),
        ({"test": "not_alert", "threshold": None}, "observation_rules.ours.sign: systolic_mmhg"),
        ({"test": "newly_given", "threshold": None}, "observation_rules.ours.sign: systolic_mmhg"),
        ({"test": "below_for_age"}, "parameters: missing"),
        ({"test": "below_for_age", "parameters": {"rise": "2"}}, "parameters: must be per_year"),
        ({"parameters": {"rise": "2"}}, "parameters: must be left out"),
        ({"test": "falling_over_sets", "parameters": {"sets": "1"}}, "whole number of two or more"),
        ({"test": "falling_over_sets", "parameters": {"sets": "2.5"}}, "whole number of two or more"),
        ({"ages": {}}, "ages: must be some of"),
        ({"ages": {"from_years": 2}}, "ages: must be some of"),
        ({"ages": {"from_months": 12, "below_months": 12}}, "ages: must begin before it ends"),
        ({"priority": "low"}, "priority"),
        ({"code": "systolic_below_90"}, "stands there twice"),
        ({"test": "all_of"}, "parts: must name"),
        ({**together()}, "parts: must name"),
        ({**together({"test": "reaction_open"})}, "must name organ groups or terms"),
        ({**together({"test": "reaction_open", "organ_groups": ["hair"]})}, "organ_groups"),
        ({**together({"test": "reaction_open", "terms": ["sadness"]})}, "ours.terms: sadness"),
        ({**together({**REACTION, "severities": ["awful"]})}, "severities"),
        ({**together({"test": "rule_fires", "rules": []})}, "rules: must not be empty"),
        ({**together({"test": "rule_fires", "rules": ["nothing"]})}, "ours.rules: nothing"),
        ({**together({"test": "rule_fires", "rules": ["possible_anaphylaxis"]})}, "ours.rules"),
        ({**together({"test": "all_of", "parts": []})}, "test: must be one of"),
    ],
)
def test_a_rule_that_could_not_be_carried_out_is_refused_with_its_place(documents, changes, place):
    with pytest.raises(DomainError) as refusal:
        parse_guidelines(with_rule(documents, **changes))
    assert refusal.value.code == "guideline_invalid"
    assert place in str(refusal.value)


def test_a_site_s_rule_takes_the_place_of_the_one_it_replaces(documents):
    ours = {"observation_rules": [OLD_RULE | {"threshold": "95"}, OLD_RULE | {"code": "new"}]}
    document = {"code": "site_x", "title": "X", "language": "en", **ours}
    laid_over = with_site_documents(documents, {"site_x": document}, TRIED_SECTIONS)
    rules = parse_guidelines(laid_over).observation_rules
    assert (rules[0].code, rules[0].condition.threshold) == ("systolic_below_90", Decimal(95))
    assert rules[-1].code == "new"
    before = [rule["code"] for rule in documents["observation_rules"]["observation_rules"]]
    assert [rule.code for rule in rules] == [*before, "new"]


def test_every_term_says_in_which_organs_it_shows_itself(documents, guidelines):
    assert all("organ_groups" in term for term in documents["reactions"]["reaction_terms"])
    groups = {group for term in guidelines.reaction_terms for group in term.organ_groups}
    assert groups == {"skin", "respiratory", "laryngeal", "circulation", "gastrointestinal", "neurological"}
    assert guidelines.reaction_term("urticaria").organ_groups == ("skin",)
    assert guidelines.reaction_term("unspecified").organ_groups == ()


def test_a_term_may_name_an_organ_group_only_once_and_only_a_known_one(documents):
    for groups in (["hair"], ["skin", "skin"]):
        changed = copy.deepcopy(dict(documents))
        changed["reactions"]["reaction_terms"][0]["organ_groups"] = groups
        with pytest.raises(DomainError, match="organ_groups"):
            parse_guidelines(changed)
