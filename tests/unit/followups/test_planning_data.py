"""The follow-up protocol as data: every name holds, sources are named, a site may change it."""

import copy

import pytest

from apps.followups.domain import plan_course
from apps.guidelines.domain import parse_guidelines
from apps.guidelines.domain.overriding import check_site_document, with_site_documents
from apps.guidelines.shipped import check_schema
from apps.kernel.errors import DomainError
from tests.unit.followups.pictures import course, hours, protocol

QUESTIONS = {f"q{number}" for number in range(1, 15)}


def with_change(documents, section, number, **change):
    changed = copy.deepcopy(dict(documents))
    changed["followup_protocol"][section][number].update(change)
    return changed


@pytest.mark.parametrize(
    ("section", "change", "place"),
    [
        ("follow_up_rules", {"for_facts": ["blood_group_none_o"]}, "for_facts"),
        ("follow_up_rules", {"interval_codes": ["acip_300"]}, "interval_codes"),
        ("follow_up_rules", {"anchor": "some_dose"}, "anchor"),
        ("follow_up_rules", {"kind": "prayer"}, "kind"),
        ("follow_up_rules", {"closes_after_h": None}, "must close"),
        ("follow_up_rules", {"opens_after_h": 100}, "must open before it is due"),
        ("follow_up_rules", {"urgent": "yes"}, "urgent"),
        ("follow_up_facts", {"any_of": [{"facts": ["kidneys_at_risk"]}]}, "kidneys_at_risk is not known"),
        ("follow_up_facts", {"any_of": [{"facts": ["old"]}]}, "old is not known"),
        ("follow_up_facts", {"any_of": [{"dose_mg_per_kg_min": "0"}]}, "above zero"),
        ("risk_windows", {"to_h": 0}, "must begin before it ends"),
        ("calling_hours", {"until_hour": 8}, "must begin before it ends"),
        ("calling_hours", {"until_hour": 25}, "must begin before it ends"),
    ],
)
def test_what_would_leave_a_patient_without_a_check_is_refused(documents, section, change, place):
    with pytest.raises(DomainError) as refused:
        parse_guidelines(with_change(documents, section, 0, **change))
    assert place in str(refused.value)


def test_every_rule_has_words_a_source_and_questions_that_exist(guidelines):
    for rule in guidelines.follow_up_rules:
        assert all(rule.name.as_mapping().values())
        assert rule.citation.sources
        assert set(rule.question_codes) <= QUESTIONS
        if rule.kind == "call":
            assert rule.question_codes
        if rule.kind == "laboratory":
            assert rule.analyte_codes
    names = [rule.name.en for rule in guidelines.follow_up_rules]
    assert len(set(names)) == len(names)


def test_every_fact_that_calls_for_a_check_has_a_name_in_three_languages(guidelines):
    named = {
        item.code: item.name
        for item in (*guidelines.risk_factors, *guidelines.risk_ceilings, *guidelines.follow_up_facts)
    }
    used = {fact for rule in guidelines.follow_up_rules for fact in rule.for_facts}
    used |= {fact for item in guidelines.follow_up_facts for one in item.any_of for fact in one.facts}
    assert used <= set(named)
    assert all(all(name.as_mapping().values()) for name in named.values())


def test_a_site_changes_a_window_and_an_audience(documents):
    rule = next(
        copy.deepcopy(one)
        for one in documents["followup_protocol"]["follow_up_rules"]
        if one["code"] == "day_14_call"
    )
    rule |= {"due_after_h": 400, "for_facts": ["inpatient"]}
    site = {"code": "site_follow_up", "title": "Our follow-up", "language": "en", "follow_up_rules": [rule]}
    assert check_site_document(site) == "site_follow_up"
    check_schema({"site_follow_up": site})
    guidelines = parse_guidelines(with_site_documents(documents, {"site_follow_up": site}))
    planned = {check.rule_code: check for check in plan_course(course(), protocol(guidelines))}
    assert "day_14_call" not in planned
    seen = course(known=("inpatient",))
    planned = {check.rule_code: check for check in plan_course(seen, protocol(guidelines))}
    window = planned["day_14_call"].window
    assert hours(312) == window.opens_at and abs((window.due_at - hours(400)).total_seconds()) < 24 * 3600
