"""What the record answers of the ten questions, and that it never answers more than was recorded."""

from decimal import Decimal

import pytest

from apps.safety.domain import Answer, prefill
from tests.unit.safety.pictures import at, other, picture, rate, signs

YES, NO, UNKNOWN, NONE = Answer.YES, Answer.NO, Answer.UNKNOWN, Answer.NOT_APPLICABLE


@pytest.fixture
def proposed(guidelines):
    """The proposal for a picture, by default held against the label of a product that lists headache."""

    def propose(found, product="privigen"):
        judged = prefill(guidelines.causality_scale("naranjo"), found, guidelines.reaction_label(product))
        return {code: one.answer for code, one in judged.items()}

    return propose


def test_a_bare_headache_is_proposed_as_little_as_is_known(proposed):
    assert proposed(picture()) == {
        "q1": YES, "q2": YES, "q3": UNKNOWN, "q4": UNKNOWN, "q5": UNKNOWN,
        "q6": NONE, "q7": NONE, "q8": UNKNOWN, "q9": UNKNOWN, "q10": UNKNOWN,
    }  # fmt: skip


def test_without_a_label_previous_reports_are_not_known(proposed):
    assert proposed(picture(), product="bivigam")["q1"] is UNKNOWN


def test_what_began_before_the_infusion_did_not_follow_it(proposed):
    assert proposed(picture(onset_at=at(-5)))["q2"] is NO
    assert proposed(picture(started_at=None))["q2"] is UNKNOWN


SLOWED = (rate(0, "35"), rate(30, "70", 1), rate(45, "35"))
STOPPED = (rate(0, "35"), rate(30, "70", 1), rate(45, "0"))


def test_slower_and_passed_speaks_for_dechallenge_and_for_dose(proposed):
    found = proposed(picture(rates=SLOWED, resolved_at=at(60)))
    assert (found["q3"], found["q8"]) == (YES, YES)


def test_stopped_and_passed_speaks_for_dechallenge_alone(proposed):
    found = proposed(picture(rates=STOPPED, resolved_at=at(60)))
    assert (found["q3"], found["q8"]) == (YES, UNKNOWN)


def test_what_passed_before_anything_was_done_did_not_pass_because_of_it(proposed):
    assert proposed(picture(rates=SLOWED, resolved_at=at(44)))["q3"] is UNKNOWN
    assert proposed(picture(resolved_at=at(60)))["q3"] is UNKNOWN


def test_stopped_and_not_passed_is_not_known(proposed):
    assert proposed(picture(rates=STOPPED))["q3"] is UNKNOWN


def test_a_pause_in_the_very_moment_of_the_onset_is_the_answer_to_it(proposed):
    rates = (rate(0, "35"), rate(30, "70", 1), rate(40, "0"))
    assert proposed(picture(rates=rates, resolved_at=at(60)))["q3"] is YES


RESTARTED = (*STOPPED, rate(70, "35"))


def test_again_after_the_restart_is_a_rechallenge(proposed):
    assert proposed(picture(rates=RESTARTED, others=(other(80, session_id=1),)))["q4"] is YES


def test_nothing_after_the_restart_is_left_to_the_physician(proposed):
    """ "No" would count -1 on the silence of a record."""
    assert proposed(picture(rates=RESTARTED))["q4"] is UNKNOWN
    assert proposed(picture(later_infusions=3))["q4"] is UNKNOWN


def test_again_in_a_later_infusion_is_a_rechallenge(proposed):
    assert proposed(picture(others=(other(60_000),), later_infusions=1))["q4"] is YES


def test_another_reaction_later_is_none(proposed):
    assert proposed(picture(others=(other(60_000, "urticaria"),), later_infusions=1))["q4"] is UNKNOWN


def test_what_happened_in_earlier_infusions_is_read(proposed):
    assert proposed(picture(others=(other(-60_000),), earlier_infusions=2))["q9"] is YES
    assert proposed(picture(earlier_infusions=2))["q9"] is NO
    assert proposed(picture())["q9"] is UNKNOWN


def test_another_symptom_of_the_same_infusion_is_no_earlier_exposure(proposed):
    assert proposed(picture(others=(other(20, session_id=1),)))["q9"] is UNKNOWN


def test_measurements_around_the_onset_are_objective(proposed):
    warm = picture(term="fever", symptoms=(), signs=(signs(50, temperature_c=Decimal("38.0")),))
    assert proposed(warm)["q10"] is YES
    cooler = picture(term="fever", symptoms=(), signs=(signs(50, temperature_c=Decimal("37.9")),))
    assert proposed(cooler)["q10"] is UNKNOWN
    late = picture(term="fever", symptoms=(), signs=(signs(40 + 121, temperature_c=Decimal("39")),))
    assert proposed(late)["q10"] is UNKNOWN
    assert proposed(picture(measured=True))["q10"] is YES


def test_a_fall_of_pressure_is_objective_only_against_a_baseline(proposed):
    low = picture(term="hypotension", symptoms=(), signs=(signs(45, systolic_mmhg=85),))
    assert proposed(low)["q10"] is UNKNOWN
    fallen = picture(
        term="hypotension",
        symptoms=(),
        signs=(signs(45, systolic_mmhg=85),),
        baseline=signs(-5, systolic_mmhg=125),
    )
    assert proposed(fallen)["q10"] is YES


def test_other_causes_and_toxic_levels_are_never_answered_by_the_record(proposed):
    found = proposed(picture(rates=SLOWED, resolved_at=at(60), measured=True))
    assert (found["q5"], found["q6"], found["q7"]) == (UNKNOWN, NONE, NONE)
