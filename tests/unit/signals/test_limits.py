"""Limits never promise more than a count can tell."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, poisson

from apps.signals.domain import poisson_rate, proportion

BEYOND = 0.025


def test_no_event_in_1000_infusions_still_allows_almost_four() -> None:
    rate = poisson_rate(0, 1000, per=1000)
    assert rate is not None
    assert (rate.value, rate.low) == (0, 0)
    assert rate.high == pytest.approx(3.688879, abs=1e-6)  # -ln(0.025): the exact limit of nothing seen


def test_ten_events_have_garwoods_limits() -> None:
    rate = poisson_rate(10, 1, per=1)
    assert rate is not None
    assert (rate.low, rate.high) == (pytest.approx(4.795389, abs=1e-6), pytest.approx(18.390356, abs=1e-6))


def test_a_rate_per_kilogram_takes_grams_as_they_are_recorded() -> None:
    rate = poisson_rate(3, Decimal("12.5"), per=1)
    assert rate is not None and rate.value == pytest.approx(0.24)


def test_without_exposure_or_patients_nothing_is_said() -> None:
    assert poisson_rate(0, 0) is None
    assert proportion(0, 0) is None


@pytest.mark.parametrize("count, exposure", [(-1, 10), (1, -1)])
def test_a_negative_count_is_a_mistake(count: int, exposure: int) -> None:
    with pytest.raises(ValueError):
        poisson_rate(count, exposure)


def test_more_patients_with_an_event_than_patients_is_a_mistake() -> None:
    with pytest.raises(ValueError):
        proportion(3, 2)


@given(st.integers(0, 400), st.integers(1, 100_000))
def test_the_limits_of_a_rate_are_where_the_count_becomes_improbable(count: int, exposure: int) -> None:
    rate = poisson_rate(count, exposure)
    assert rate is not None and rate.low <= rate.value <= rate.high
    assert poisson.cdf(count, rate.high * exposure) == pytest.approx(BEYOND, rel=1e-6)
    if count:
        assert poisson.sf(count - 1, rate.low * exposure) == pytest.approx(BEYOND, rel=1e-6)


@given(st.data())
def test_the_limits_of_a_share_are_where_the_count_becomes_improbable(data: st.DataObject) -> None:
    total = data.draw(st.integers(1, 2000))
    count = data.draw(st.integers(0, total))
    share = proportion(count, total)
    assert share is not None and 0 <= share.low <= share.value <= share.high <= 1
    if count < total:
        assert binom.cdf(count, total, share.high) == pytest.approx(BEYOND, rel=1e-6)
    if count:
        assert binom.sf(count - 1, total, share.low) == pytest.approx(BEYOND, rel=1e-6)
