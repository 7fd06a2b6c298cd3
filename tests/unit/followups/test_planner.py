from datetime import UTC, datetime, timedelta

from apps.followups.domain import plan_checks

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
