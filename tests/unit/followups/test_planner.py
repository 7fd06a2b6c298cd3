from datetime import UTC, datetime, timedelta

import pytest

from apps.followups.domain import classify, plan_checks

END = datetime(2026, 3, 5, 11, 0, tzinfo=UTC)


def hours(count):
    return END + timedelta(hours=count)


def test_three_checks_from_the_end_of_the_last_infusion(guidelines):
    checks = plan_checks(ended_at=END, rules=guidelines.follow_up_rules)
    assert [(c.rule_code, c.kind, c.opens_at, c.due_at, c.closes_at) for c in checks] == [
        ("aseptic_meningitis_call", "call", hours(24), hours(24), hours(48)),
        ("renal_function_lab", "laboratory", hours(36), hours(48), hours(96)),
        ("hemolysis_lab", "laboratory", hours(120), hours(168), hours(240)),
    ]
    assert [c.effect for c in checks] == ["aseptic_meningitis", "acute_renal_failure", "hemolysis"]


@pytest.mark.parametrize(
    ("hour", "expected"),
    [
        (35, "planned"), (36, "open"), (47, "open"), (48, "due"), (95, "due"), (96, "overdue"), (5000, "overdue"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("outcome", [None, "unreachable"])
def test_unanswered_is_unknown_and_goes_overdue(guidelines, hour, expected, outcome):
    checks = plan_checks(ended_at=END, rules=guidelines.follow_up_rules)
    renal = next(check for check in checks if check.rule_code == "renal_function_lab")
    assert classify(renal, hours(hour), outcome) == expected


@pytest.mark.parametrize("outcome", ["no_effect", "suspected"])
@pytest.mark.parametrize("hour", [0, 24, 1000])
def test_an_answer_is_done_whenever_it_came(guidelines, hour, outcome):
    (check, *_) = plan_checks(ended_at=END, rules=guidelines.follow_up_rules)
    assert classify(check, hours(hour), outcome) == "done"
