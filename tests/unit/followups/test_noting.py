"""What a person can note is what the protocol asks by, in plain words, and nothing the record knows for certain."""

import pytest

from apps.followups.domain import notable_facts
from apps.followups.domain.attempts import unreached
from apps.guidelines.domain import parse_guidelines

# fact -> a rule that is asked because of it (docs/follow-up.md)
CALLS_FOR = {
    "inpatient": "lungs_6h",
    "heart_failure": "lungs_call",
    "severe_heart_failure": "lungs_call",
    "renal_insufficiency": "renal_function_lab",
    "severe_renal_failure": "renal_function_lab",
    "diabetes": "renal_function_lab",
    "hypertension": "renal_function_lab",
    "volume_depletion": "renal_function_lab",
    "sepsis": "renal_function_lab",
    "paraproteinemia": "renal_function_lab",
    "nephrotoxic_drugs": "renal_function_lab",
    "hyperviscosity": "thrombosis_call",
    "creatinine_rose": "kidney_lab_day_7",
    "kidney_injury_suspected": "kidney_lab_day_7",
    "blood_group_non_o": "hemolysis_lab",
    "hemolysis_suspected": "hemoglobin_lab",
    "hemoglobin_fell": "hemolysis_lab",
    "immobilisation": "thrombosis_call",
    "hypercoagulable_state": "thrombosis_call",
    "previous_thrombosis": "thrombosis_call",
    "oestrogens": "thrombosis_call",
    "central_venous_catheter": "thrombosis_call",
    "cardiovascular_risk": "thrombosis_call",
    "thrombosis_suspected": "thrombosis_call",
}


def test_every_fact_that_can_be_noted_calls_for_something_and_is_in_the_table(guidelines):
    assert set(notable_facts(guidelines)) == set(CALLS_FOR)
    assert set(CALLS_FOR.values()) <= {rule.code for rule in guidelines.follow_up_rules}


def test_what_the_record_knows_for_certain_is_nobodys_to_note(guidelines):
    found = set(notable_facts(guidelines))
    assert not found & {"age_under_2", "age_over_65", "outpatient", "disease_cidp", "disease_mmn"}


def test_what_follows_from_other_facts_is_noted_by_those(guidelines):
    found = set(notable_facts(guidelines))
    derived = {fact.code for fact in guidelines.follow_up_facts if fact.any_of}
    assert not found & (derived | {ceiling.code for ceiling in guidelines.risk_ceilings})


def test_a_rule_for_nobody_in_particular_depends_on_nothing(documents):
    changed = dict(documents)
    protocol = changed["followup_protocol"] = dict(documents["followup_protocol"])
    protocol["follow_up_rules"] = [rule for rule in protocol["follow_up_rules"] if "for_facts" not in rule]
    assert notable_facts(parse_guidelines(changed)) == ()


@pytest.mark.parametrize(
    ("outcomes", "in_vain"),
    [
        ([], 0),
        (["unreachable"], 1),
        (["unreachable", "unreachable"], 2),
        (["unreachable", "incomplete"], 0),
        (["unreachable", "incomplete", "unreachable"], 1),
        (["unreachable", "partial", "unreachable", "unreachable"], 2),
    ],
)
def test_attempts_in_vain_are_counted_since_somebody_was_reached(outcomes, in_vain):
    assert unreached(outcomes) == in_vain
