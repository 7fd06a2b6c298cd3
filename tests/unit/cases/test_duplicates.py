"""Which cases look alike: the same patient with the same thing at the same time, never a lot alone."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.cases.domain.duplicates import THRESHOLD, Traits, duplicates, likeness

ONSET = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
ONE = Traits(
    case_id=1,
    patient_id=10,
    initials="T.G.",
    born_on=date(1980, 5, 17),
    sex="female",
    product_codes=frozenset({"kiovig"}),
    lots=frozenset({"LOT-A"}),
    onsets=(ONSET,),
    terms=frozenset({"headache"}),
    codes=frozenset(),
    infusion_days=frozenset({date(2026, 3, 2)}),
)


def other(**changes):
    return replace(ONE, case_id=2, **changes)


def test_the_same_patient_hour_reaction_and_lot_reach_the_top():
    found = likeness(ONE, other())
    assert found.score == 100
    assert [reason.points for reason in found.reasons] == [35, 30, 20, 15, 10]


@pytest.mark.parametrize(
    ("changes", "score"),
    [
        ({"onsets": (ONSET + timedelta(hours=20),)}, 100),
        ({"onsets": (ONSET + timedelta(hours=20),), "lots": frozenset()}, 85),
        ({"onsets": (ONSET + timedelta(days=5),), "terms": frozenset({"rash"})}, 65),
        ({"onsets": (ONSET + timedelta(days=30),), "terms": frozenset({"rash"})}, 60),
        (
            {
                "onsets": (ONSET + timedelta(days=30),),
                "terms": frozenset({"rash"}),
                "lots": frozenset(),
                "infusion_days": frozenset(),
            },
            35,
        ),
        ({"patient_id": 11}, 100),
        ({"patient_id": 11, "initials": "A.B."}, 0),
        ({"patient_id": 11, "born_on": date(1990, 1, 1)}, 0),
        ({"patient_id": 11, "sex": "male"}, 0),
    ],
)
def test_what_speaks_for_one_case_and_what_does_not(changes, score):
    assert likeness(ONE, other(**changes)).score == score


def test_another_course_of_the_same_patient_is_no_duplicate():
    later = other(
        onsets=(ONSET + timedelta(days=28),),
        lots=frozenset({"LOT-C"}),
        infusion_days=frozenset({date(2026, 3, 30)}),
    )
    assert (
        duplicates(ONE, [later]) != ()
        if likeness(ONE, later).score >= THRESHOLD
        else duplicates(ONE, [later]) == ()
    )
    assert likeness(ONE, later).score == 55  # patient and reaction: shown, and for a person to say no


def test_the_likeliest_come_first_and_a_case_is_not_its_own_duplicate():
    near, far = other(), replace(other(onsets=(ONSET + timedelta(days=5),)), case_id=3)
    assert [one.case_id for one in duplicates(ONE, [far, ONE, near])] == [2, 3]


@given(
    patient=st.sampled_from([10, 11]),
    hours=st.integers(0, 400),
    terms=st.frozensets(st.sampled_from(["headache", "rash"])),
    lots=st.frozensets(st.sampled_from(["LOT-A", "LOT-B"])),
)
def test_likeness_is_mutual_and_bounded(patient, hours, terms, lots):
    second = other(patient_id=patient, onsets=(ONSET + timedelta(hours=hours),), terms=terms, lots=lots)
    there, back = likeness(ONE, second), likeness(second, ONE)
    assert there.score == back.score and 0 <= there.score <= 100
