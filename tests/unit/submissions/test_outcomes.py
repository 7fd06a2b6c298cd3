"""What answers add up to, and how long to wait between attempts."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.icsr.domain.acknowledgements import Outcome
from apps.submissions.domain.outcomes import MAX_ATTEMPTS, Answered, pause_after, summed_up

A, W, R, C, N = (
    Outcome.ACCEPTED,
    Outcome.ACCEPTED_WITH_REMARKS,
    Outcome.REJECTED,
    Outcome.CONTRADICTING,
    Outcome.NOT_TOLD,
)


@pytest.mark.parametrize(
    ("outcomes", "answered"),
    [
        ([], Answered.NOT_YET),
        ([N, N], Answered.NOT_YET),
        ([A], Answered.ACCEPTED),
        ([A, A], Answered.ACCEPTED),
        ([A, W], Answered.ACCEPTED_WITH_REMARKS),
        ([W], Answered.ACCEPTED_WITH_REMARKS),
        ([R, R], Answered.REJECTED),
        ([A, R], Answered.PARTLY),
        ([W, R], Answered.PARTLY),
        ([A, N], Answered.PARTLY),
        ([R, N], Answered.PARTLY),
        ([A, R, C], Answered.CONTRADICTING),
        ([C], Answered.CONTRADICTING),
    ],
)
def test_what_single_answers_add_up_to(outcomes, answered):
    assert summed_up(outcomes) is answered


@given(st.lists(st.sampled_from(list(Outcome))))
def test_neither_order_nor_number_matters(outcomes):
    assert summed_up(outcomes) is summed_up(reversed(outcomes)) is summed_up(set(outcomes))


def test_each_pause_is_twice_the_one_before():
    pauses = [pause_after(attempt) for attempt in range(1, MAX_ATTEMPTS + 1)]
    assert pauses[0] == timedelta(minutes=5)
    assert all(later == 2 * earlier for earlier, later in pairwise(pauses))
