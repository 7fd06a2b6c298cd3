from datetime import timedelta
from decimal import Decimal

import pytest

from apps.infusions.domain import MEASURED_SIGNS, Consciousness, evaluate_gate
from tests import bedside
from tests.bedside import BASELINE, START, at, findings

ADULT_SIGNS = (*MEASURED_SIGNS, "oxygen_l_per_min", "consciousness")
CHILD_SIGNS = (*ADULT_SIGNS, "capillary_refill_s", "respiratory_effort")


def full(minute, **changes):
    """A full, quiet set with what is assessed beside the numbers."""
    assessed = {"oxygen_l_per_min": Decimal(0), "consciousness": Consciousness.ALERT}
    return bedside.full(minute, **(assessed | changes))


def gate(guidelines, *observations, now=31, **changes):
    usual = {
        "step_started_at": START,
        "due_at": START + timedelta(minutes=30),
        "observations": observations,
        "baseline": BASELINE,
        "needed": ADULT_SIGNS,
        "max_age_minutes": 15,
        "findings_on": lambda vitals: findings(guidelines, vitals),
        "open_reaction": False,
        "open_alert": False,
        "now": START + timedelta(minutes=now),
    }
    return evaluate_gate(**(usual | changes))


def hold_codes(decision):
    assert decision.open == (not decision.holds)
    assert all(hold.source and "%(" not in hold.message % hold.params for hold in decision.holds)
    return [hold.code for hold in decision.holds]


def test_opens_with_a_fresh_full_normal_set_once_the_time_is_over(guidelines):
    assert gate(guidelines, full(29)).open


@pytest.mark.parametrize(("now", "expected"), [(29, ["gate_too_early"]), (30, [])])
def test_holds_until_the_shortest_time_is_over(guidelines, now, expected):
    assert hold_codes(gate(guidelines, full(25), now=now)) == expected


def test_holds_without_vital_signs_since_the_rate_changed(guidelines):
    decision = gate(guidelines, full(-1))
    assert hold_codes(decision) == ["gate_no_vitals"]
    assert decision.holds[0].params["at"] == START


@pytest.mark.parametrize(("minute", "expected"), [(16, []), (15, ["gate_no_vitals"])])
def test_vital_signs_may_be_fifteen_minutes_old_and_no_more(guidelines, minute, expected):
    assert hold_codes(gate(guidelines, full(minute))) == expected


def test_signs_measured_as_the_rate_changed_count(guidelines):
    decision = gate(guidelines, full(0), now=5, due_at=START + timedelta(minutes=5))
    assert decision.open


def test_signs_from_the_future_do_not_count(guidelines):
    assert hold_codes(gate(guidelines, full(32))) == ["gate_no_vitals"]


def test_how_old_they_may_be_is_the_guideline_s(guidelines):
    assert gate(guidelines, full(12), max_age_minutes=20).open
    decision = gate(guidelines, full(9), max_age_minutes=20)
    assert hold_codes(decision) == ["gate_no_vitals"]
    assert decision.holds[0].params["minutes"] == 20


@pytest.mark.parametrize("sign", ADULT_SIGNS)
def test_a_missing_sign_is_not_a_normal_sign(guidelines, sign):
    assert hold_codes(gate(guidelines, full(29, **{sign: None}))) == ["gate_vital_missing"]


def test_a_child_needs_what_its_score_needs(guidelines):
    decision = gate(guidelines, full(29), needed=CHILD_SIGNS)
    assert [hold.message for hold in decision.holds] == [
        "Capillary refill is not measured.",
        "The effort of breathing is not assessed.",
    ]


def test_signs_may_come_in_two_parts(guidelines):
    first = full(25, temperature_c=None)
    assert gate(guidelines, first, at(28, temperature_c=Decimal("36.9"))).open


def test_a_later_bad_pressure_alone_shuts_the_gate(guidelines):
    decision = gate(guidelines, full(25), at(30, systolic_mmhg=85))
    assert hold_codes(decision) == ["gate_finding", "gate_finding"]
    pressure, anaphylaxis = decision.holds
    assert pressure.message % pressure.params == "Systolic blood pressure 85 mmHg, below 90 mmHg."
    assert anaphylaxis.message % anaphylaxis.params == (
        "Possible anaphylaxis, assess now: systolic blood pressure 85 mmHg."
    )


def test_a_repeated_good_pressure_opens_it_again_whatever_the_order_of_typing(guidelines):
    assert gate(guidelines, at(30, systolic_mmhg=118), full(25, systolic_mmhg=85)).open


@pytest.mark.parametrize("baseline", [None, full(-5, temperature_c=None)])
def test_holds_without_a_full_baseline(guidelines, baseline):
    assert hold_codes(gate(guidelines, full(29), baseline=baseline)) == ["gate_baseline_missing"]


@pytest.mark.parametrize("what", ["reaction", "alert"])
def test_holds_while_a_reaction_or_an_alert_is_open(guidelines, what):
    assert hold_codes(gate(guidelines, full(29), **{f"open_{what}": True})) == [f"gate_open_{what}"]


def test_names_every_reason_at_once(guidelines):
    decision = gate(guidelines, full(9, systolic_mmhg=95, spo2_percent=None), now=10, open_reaction=True)
    assert hold_codes(decision) == [
        "gate_too_early",
        "gate_open_reaction",
        "gate_vital_missing",
        "gate_finding",
    ]
