"""Which checks a course calls for, with windows and reasons, rule by rule (clinical facts 5.1, 8)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from apps.followups.domain import Reason, dose_of_course, expected_days, plan_course
from tests.unit.followups.pictures import END, START, course, day, hours, local, protocol

EVERYBODY = {
    "aseptic_meningitis_call", "day_7_call", "day_14_call", "serology_hold", "serology_hold_anti_hbc",
    "measles_vaccine_hold", "varicella_vaccine_hold", "lot_look_back",
}  # fmt: skip
RED_CELLS = {"hemoglobin_lab", "hemolysis_lab"}
KIDNEYS = {"renal_function_lab", "kidney_lab_day_7"}
LUNGS = {"lungs_6h", "lungs_12h"}
IN_COURSE = {"in_course_observation", "in_course_kidney_lab", "in_course_hemoglobin_lab"}


def plan(guidelines, **picture):
    seen = course(**picture)
    return plan_course(seen, protocol(guidelines, seen.dose_mg_per_kg))


def codes(checks):
    return {check.rule_code for check in checks}


def only(checks, code):
    [check] = [check for check in checks if check.rule_code == code]
    return check


def test_nothing_is_planned_before_the_first_dose(guidelines):
    assert plan(guidelines, days=3, ended=0) == ()


def test_while_the_first_infusion_runs_only_the_mornings_ahead_are_planned(guidelines):
    checks = plan(guidelines, days=3, ended=0, running=True)
    assert [(check.rule_code, check.day_number) for check in checks] == [
        ("in_course_observation", 2), ("in_course_observation", 3),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("known", "dose", "more"),
    [
        ((), 2000, set()),
        (("blood_group_non_o",), 2000, RED_CELLS),
        (("blood_group_non_o",), 1999, set()),
        (("hemoglobin_fell",), 400, {"hemolysis_lab"}),
        (("renal_risk",), 400, KIDNEYS),
        (("severe_renal_failure",), 400, KIDNEYS),
        (("creatinine_rose",), 400, KIDNEYS),
        (("thrombosis_risk",), 400, {"thrombosis_call"}),
        (("disease_cidp",), 2000, {"efficacy_visit"}),
        (("disease_mmn",), 2000, {"efficacy_visit"}),
        (("disease_itp",), 2000, set()),
        (("inpatient",), 400, LUNGS),
        (("outpatient",), 400, set()),
        (("outpatient", "heart_failure"), 400, {"lungs_call"}),
        (("outpatient", "age_over_65"), 400, {"lungs_call"}),
        (("outpatient", "age_under_2"), 400, {"lungs_call"}),
        (("outpatient", "renal_insufficiency"), 400, {"lungs_call"}),
        (("inpatient", "heart_failure"), 400, LUNGS),
    ],
)
def test_who_gets_what(guidelines, known, dose, more):
    assert codes(plan(guidelines, known=known, dose=dose)) == EVERYBODY | more


@pytest.mark.parametrize(
    ("unknown", "more"),
    [
        (("blood_group_non_o",), RED_CELLS),
        (("inpatient", "outpatient"), LUNGS),
        (("severe_renal_failure",), KIDNEYS),
    ],
)
def test_what_nobody_knows_counts_as_a_risk(guidelines, unknown, more):
    checks = plan(guidelines, unknown=unknown)
    assert codes(checks) == EVERYBODY | more
    for check in checks:
        if check.rule_code in more:
            assert any(not reason.is_known for reason in check.reasons)


def test_the_reason_names_the_blood_group_and_the_dose(guidelines):
    checks = plan(guidelines, known=("blood_group_non_o",), figures={"blood_group_non_o": "A"})
    assert only(checks, "hemolysis_lab").reasons == (
        Reason("blood_group_non_o", figure="A"),
        Reason("", dose_mg_per_kg=Decimal(2000)),
    )


def test_what_is_certain_stands_before_what_is_not_known(guidelines):
    checks = plan(guidelines, known=("renal_risk",), unknown=("severe_renal_failure",))
    assert [reason.is_known for reason in only(checks, "renal_function_lab").reasons] == [True, False]


WINDOWS = [
    ("lungs_6h", 4, 6, 8),
    ("lungs_12h", 10, 12, 16),
    ("aseptic_meningitis_call", 24, 24, 48),
    ("renal_function_lab", 36, None, 96),
    ("hemoglobin_lab", 36, None, 96),
    ("hemolysis_lab", 120, None, 240),
    ("kidney_lab_day_7", 120, None, 240),
    ("day_7_call", 144, 168, 216),
    ("day_14_call", 312, 336, 408),
    ("efficacy_visit", 432, 504, 576),
    ("thrombosis_call", 672, None, 816),
    ("serology_hold", 0, None, 60 * 24),
    ("serology_hold_anti_hbc", 0, None, 90 * 24),
]


@pytest.mark.parametrize(("code", "opens", "due", "closes"), WINDOWS)
def test_every_window_in_hours_from_the_end_of_the_last_infusion(guidelines, code, opens, due, closes):
    known = ("blood_group_non_o", "renal_risk", "thrombosis_risk", "inpatient", "disease_cidp")
    check = only(plan(guidelines, known=known), code)
    assert (check.window.opens_at, check.window.closes_at) == (hours(opens), hours(closes))
    if due is not None:
        assert check.window.due_at == hours(due)
    assert check.anchored_at == END


def test_a_later_dose_shifts_what_counts_from_the_last_one(guidelines):
    first = only(plan(guidelines, days=5, ended=1), "day_7_call")
    third = only(plan(guidelines, days=5, ended=3), "day_7_call")
    assert third.window.closes_at - first.window.closes_at == timedelta(days=2)
    assert (first.day_number, third.day_number) == (1, 3)


def test_in_course_checks_lie_on_the_morning_of_every_later_day(guidelines):
    known = ("blood_group_non_o", "renal_risk")
    checks = plan(guidelines, days=5, ended=1, known=known)
    mornings = [check for check in checks if check.rule_code in IN_COURSE]
    assert {(check.rule_code, check.day_number) for check in mornings} == {
        (code, number) for code in IN_COURSE for number in (2, 3, 4, 5)
    }
    second = [check for check in mornings if check.day_number == 2]
    assert {local(check.window.due_at) for check in second} == {"2026-03-03 07:00"}
    assert {check.session_day for check in mornings} == {1}


def test_an_infusion_that_begins_before_the_morning_check_asks_for_it_at_once(guidelines):
    early = START.replace(hour=4)
    checks = plan(guidelines, days=2, ended=1, running=True, start=early)
    check = only(checks, "in_course_observation")
    assert check.window.due_at == early + timedelta(days=1)
    assert check.settled_by_time


def test_a_day_given_late_moves_the_days_after_it():
    planned = {1: day("2026-03-02"), 2: day("2026-03-03"), 3: day("2026-03-04")}
    assert expected_days(planned, {}) == planned
    assert expected_days(planned, {1: day("2026-03-03")}) == {
        1: day("2026-03-03"), 2: day("2026-03-04"), 3: day("2026-03-05"),
    }  # fmt: skip
    assert expected_days(planned, {1: day("2026-03-02"), 2: day("2026-03-02")})[3] == day("2026-03-04")


@pytest.mark.parametrize(
    ("days", "stopped", "expected"),
    [
        (5, {}, 2000),
        (5, {5: Decimal(100)}, 1700),
        (5, {1: Decimal(0)}, 1600),
        (5, {2: None}, 2000),
        (5, {2: Decimal(410)}, 2000),
        (1, {1: Decimal(300)}, 300),
    ],
)
def test_a_course_comes_to_what_was_given_and_is_still_to_be_given(days, stopped, expected):
    assert dose_of_course(ordered_mg_per_kg=Decimal(2000), days=days, stopped_mg_per_kg=stopped) == expected


def test_a_release_of_before_the_protocol_still_plans_its_rules_for_everybody(guidelines, documents):
    from apps.guidelines.domain import parse_guidelines

    old = dict(documents)
    rule = dict(documents["followup_protocol"]["follow_up_rules"][0])
    for later in ("anchor", "question_codes", "urgent"):
        rule.pop(later, None)
    old["followup_protocol"] = {
        key: documents["followup_protocol"][key] for key in ("code", "title", "language")
    } | {"follow_up_rules": [rule]}
    checks = plan(parse_guidelines(old))
    assert [(check.rule_code, check.anchored_at) for check in checks] == [("aseptic_meningitis_call", END)]
