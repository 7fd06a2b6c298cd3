"""The rate that was borne without a reaction."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from apps.infusions.domain.tolerance import Stretch, tolerated_stretch

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def at(minute):
    return START + timedelta(minutes=minute)


def stretch(rate, begins, ends):
    return Stretch(Decimal(rate), Decimal(rate) * 60, at(begins), None if ends is None else at(ends))


CLIMB = [stretch("0.5", 0, 30), stretch("1", 30, 40), stretch("2", 40, 50), stretch("4", 50, 90)]


@pytest.mark.parametrize(
    ("onsets", "rate"),
    [
        ([], "4"),
        ([60], "2"),
        ([45], "4"),
        ([60, 45], "1"),
        ([50], "1"),  # at the change: both
        ([95], "2"),  # after the end: the last one
        ([0, 35, 45, 60], None),
    ],
)
def test_the_highest_rate_without_a_reaction(onsets, rate):
    found = tolerated_stretch(CLIMB, [at(minute) for minute in onsets])
    assert (found and found.rate_ml_per_kg_h) == (rate and Decimal(rate))


def test_a_reaction_in_a_pause_belongs_to_the_rate_before_it():
    stretches = [stretch("1", 0, 30), stretch("2", 30, 50), stretch("1", 60, 90)]
    found = tolerated_stretch(stretches, [at(55)])
    assert found.rate_ml_per_kg_h == 1


def test_a_rate_that_was_borne_only_the_second_time_is_not_borne():
    stretches = [stretch("1", 0, 30), stretch("2", 30, 50), stretch("1", 50, 70), stretch("2", 70, 90)]
    assert tolerated_stretch(stretches, [at(40)]).rate_ml_per_kg_h == 1


def test_of_several_stretches_at_the_rate_the_longest_is_named():
    stretches = [stretch("2", 0, 5), stretch("2", 10, 40), stretch("1", 40, 100)]
    assert tolerated_stretch(stretches, []) == stretches[1]


def test_nothing_given_nothing_borne():
    assert tolerated_stretch([], []) is None
    assert tolerated_stretch([stretch("1", 0, None)], []) is None
