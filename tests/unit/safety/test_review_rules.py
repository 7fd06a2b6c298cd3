"""Seriousness is never derived, expectedness stays with its label, and what keeps a review from being signed."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.safety.domain import (
    Expected,
    Review,
    ReviewedReaction,
    Topic,
    asked_by_grade,
    disagreements,
    expectedness,
    fingerprint,
    missing,
    review_clock,
    review_due,
    review_from_json,
)

REACTION = ReviewedReaction(
    verbatim="hodepine",
    term="headache",
    severity_term="headache",
    grade=1,
    not_serious=True,
    expectedness="expected",
    outcome="recovered",
)
REVIEW = Review(
    reactions=(REACTION,),
    who_umc="possible",
    who_umc_criteria=("time_reasonable", "other_explains_too"),
    action_taken="slowed",
    dechallenge="improved",
    rechallenge="not_done",
)


@pytest.fixture
def lacks(guidelines):
    def fields(review):
        return [one.field for one in missing(review, guidelines)]

    return fields


def reaction(**changes):
    return replace(REVIEW, reactions=(replace(REACTION, **changes),))


def test_a_whole_review_may_be_signed(lacks):
    assert lacks(REVIEW) == []


def test_an_empty_one_names_everything_in_the_order_of_the_form(lacks):
    assert lacks(Review()) == [
        "reactions.0.verbatim", "reactions.0.severity_term", "reactions.0.seriousness", "reactions.0.expectedness",
        "reactions.0.outcome", "who_umc", "action_taken", "dechallenge", "rechallenge",
    ]  # fmt: skip


@given(grade=st.integers(1, 5))
def test_no_grade_makes_a_reaction_serious(grade):
    assert replace(REACTION, grade=grade, not_serious=False).serious is None
    assert replace(REACTION, grade=grade).serious is False


def test_grade_4_only_asks_about_danger_to_life(guidelines, lacks):
    graded = {"severity_term": "hypotension", "grade": 4}
    assert lacks(reaction(**graded)) == ["reactions.0.seriousness"]
    assert lacks(reaction(**graded, grade_asked=("life_threatening",))) == []
    assert lacks(reaction(**graded, seriousness=("life_threatening",), not_serious=False)) == []
    assert asked_by_grade(replace(REACTION, **graded), guidelines) == ("life_threatening",)


def test_grade_5_asks_about_death_and_death_about_the_outcome(lacks):
    graded = {"severity_term": "hypotension", "grade": 5, "not_serious": False}
    assert lacks(reaction(**graded, seriousness=("death",))) == ["reactions.0.outcome"]
    assert lacks(reaction(**graded, seriousness=("death",), outcome="fatal")) == []
    assert lacks(reaction(outcome="fatal")) == ["reactions.0.outcome"]


def test_grade_3_may_be_not_serious_and_grade_1_serious(lacks):
    assert lacks(reaction(grade=3)) == []
    assert lacks(reaction(grade=1, seriousness=("hospitalisation",), not_serious=False)) == []


def test_a_grade_that_the_term_does_not_have_is_refused(lacks):
    assert lacks(reaction(grade=4, grade_asked=("life_threatening",))) == ["reactions.0.grade"]


def test_serious_and_not_serious_at_once_is_refused(lacks):
    assert lacks(reaction(seriousness=("hospitalisation",))) == ["reactions.0.seriousness"]


def test_undecided_needs_its_reason(lacks):
    assert lacks(reaction(expectedness="not_decided")) == ["reactions.0.expectedness_reason"]
    assert lacks(reaction(expectedness="not_decided", expectedness_reason="SmPC not at hand")) == []


def test_infusion_reaction_and_allergic_reaction_are_not_reported_together(lacks):
    both = replace(
        REVIEW,
        reactions=(
            replace(REACTION, severity_term="infusion_related_reaction"),
            replace(REACTION, severity_term="allergic_reaction"),
        ),
    )
    assert lacks(both) == ["reactions.1.severity_term"]


def test_one_term_twice_is_refused(lacks):
    assert lacks(replace(REVIEW, reactions=(REACTION, REACTION))) == ["reactions.1.severity_term"]


def test_a_category_without_all_its_points_needs_a_comment(lacks):
    certain = replace(REVIEW, who_umc="certain", who_umc_criteria=("time_plausible",))
    assert lacks(certain) == ["who_umc_criteria"]
    assert lacks(replace(certain, comment="rechallenge is not justified here")) == []


def test_what_is_kept_is_what_was_said():
    full = replace(
        REVIEW, naranjo=(("q1", "yes"),), criteria=(("trali.both_lungs", "no"),), suspected=("trali",)
    )
    assert review_from_json(full.as_json()) == full
    assert full.serious is False


@given(st.data())
def test_the_fingerprint_hangs_on_every_word(data):
    field = data.draw(st.sampled_from(["comment", "who_umc", "rechallenge", "language"]))
    changed = replace(REVIEW, **{field: "anything else"})
    assert fingerprint(changed.as_json()) != fingerprint(REVIEW.as_json())
    assert fingerprint(review_from_json(REVIEW.as_json()).as_json()) == fingerprint(REVIEW.as_json())


@pytest.mark.parametrize(
    ("product", "term", "expected", "frequency"),
    [
        ("kiovig", "hemolysis", Expected.EXPECTED, "not_known"),
        ("privigen", "hemolysis", Expected.EXPECTED, "common"),
        ("flebogamma_5", "hemolysis", Expected.EXPECTED, "isolated"),
        ("kiovig", "neutropenia", Expected.UNEXPECTED, ""),
        ("privigen", "neutropenia", Expected.EXPECTED, "isolated"),
        ("privigen", "wheezing", Expected.UNEXPECTED, ""),
        ("kiovig", "hyponatremia", Expected.UNEXPECTED, ""),
        ("kiovig", "fluid_overload", Expected.UNEXPECTED, ""),
        ("kiovig", "collapse", Expected.NOT_DECIDED, ""),
        ("octagam_5", "headache", Expected.EXPECTED, "stated"),
        ("octagam_5", "urticaria", Expected.NOT_DECIDED, ""),
        ("bivigam", "headache", Expected.NOT_DECIDED, ""),
        ("kiovig", "unspecified", Expected.NOT_DECIDED, ""),
    ],
)
def test_expectedness_is_of_the_product_and_unknown_stays_undecided(
    guidelines, product, term, expected, frequency
):
    found = expectedness(term, guidelines.reaction_label(product))
    assert (found.expected, found.frequency) == (expected, frequency)
    assert found.why.message


@pytest.mark.parametrize(
    ("severity", "terms", "code"),
    [
        ("severe", ["headache"], "at_once"),
        ("mild", ["headache", "seizure"], "at_once"),
        ("", ["hemolysis"], "at_once"),
        ("moderate", ["headache"], "today"),
        ("", ["hyponatremia"], "today"),
        ("mild", ["headache"], "routine"),
        ("", ["delayed_effect"], "routine"),
    ],
)
def test_what_is_worse_is_reviewed_sooner(guidelines, severity, terms, code):
    clock = review_clock(guidelines.review_clocks, severity=severity, terms=terms)
    assert clock.code == code


def test_the_clock_runs_from_when_the_event_was_opened(guidelines):
    opened = datetime(2026, 3, 1, 22, 0, tzinfo=UTC)
    clock = review_clock(guidelines.review_clocks, severity="severe", terms=[])
    assert review_due(clock, opened) == datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
    assert review_clock((), severity="severe", terms=[]) is None


def test_two_physicians_who_differ_are_told_where():
    other = replace(REVIEW, who_umc="probable", reactions=(replace(REACTION, grade=2),))
    assert disagreements([REVIEW, other], {}) == (Topic.GRADE, Topic.CAUSALITY)
    assert disagreements([REVIEW, REVIEW], {0: "possible", 1: "probable"}) == (Topic.CAUSALITY,)
    assert disagreements([REVIEW], {}) == ()
