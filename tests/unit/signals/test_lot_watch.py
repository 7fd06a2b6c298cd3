"""A lot that is worse is found; lots that are not raise an alarm no more often than promised."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import hypergeom

from apps.signals.domain import ALPHA, LotCount, bound_at, look_at_lot


def test_the_looks_together_spend_alpha() -> None:
    spent = sum((bound_at(events) for events in range(1000)), Fraction(0))
    assert spent == ALPHA


def test_one_event_alone_never_stands_out() -> None:
    assert not look_at_lot(LotCount(1, 1, 100_000, 0)).stands_out


@pytest.mark.parametrize(
    "count, stands_out",
    [
        (LotCount(2, 2, 100, 2), True),  # two of two, two of a hundred others
        (LotCount(20, 2, 100, 4), False),
        (LotCount(30, 6, 300, 10), True),
        (LotCount(30, 3, 300, 30), False),  # as often as the others
        (LotCount(30, 0, 300, 30), False),
    ],
)
def test_known_counts(count: LotCount, stands_out: bool) -> None:
    assert look_at_lot(count).stands_out is stands_out


def test_the_probability_is_counted_out_by_hand() -> None:
    # 2 events among 4 infusions; both on the lot's 2: one of the 6 ways to choose two.
    assert look_at_lot(LotCount(2, 2, 2, 0)).probability == pytest.approx(1 / 6)


@given(st.integers(1, 60), st.integers(0, 300), st.data())
def test_the_probability_agrees_with_independent_code(lot: int, other: int, data: st.DataObject) -> None:
    events, other_events = data.draw(st.integers(0, lot)), data.draw(st.integers(0, other))
    look = look_at_lot(LotCount(lot, events, other, other_events))
    expected = hypergeom.sf(events - 1, lot + other, events + other_events, lot)
    assert look.probability == pytest.approx(expected, rel=1e-6, abs=1e-12)


@given(st.integers(0, 60), st.integers(0, 300), st.data())
def test_more_events_are_never_less_improbable(lot: int, other: int, data: st.DataObject) -> None:
    events = data.draw(st.integers(0, lot))
    other_events = data.draw(st.integers(0, other))
    here = look_at_lot(LotCount(lot, events, other, other_events)).probability
    assert 0 < here <= 1
    if events < lot:
        assert look_at_lot(LotCount(lot, events + 1, other, other_events)).probability <= here + 1e-12


def test_events_without_infusions_are_a_mistake() -> None:
    with pytest.raises(ValueError):
        LotCount(1, 2, 0, 0)


def test_lots_alike_raise_an_alarm_no_more_often_than_promised() -> None:
    rng = np.random.default_rng(20_26)
    false_alarms = sum(_watched(rng, lot_risk=0.08, other_risk=0.08) for _ in range(600))
    assert false_alarms / 600 <= 0.03


def test_a_lot_four_times_as_bad_is_mostly_found_within_its_first_hundred_infusions() -> None:
    rng = np.random.default_rng(20_27)
    found = sum(_watched(rng, lot_risk=0.2, other_risk=0.05) for _ in range(200))
    assert found / 200 >= 0.85


def _watched(rng: np.random.Generator, *, lot_risk: float, other_risk: float) -> bool:
    """Whether a lot's first hundred infusions, among two of other lots for each, ever raised the alarm."""
    lot = rng.random(100) < lot_risk
    others = np.cumsum(rng.random((100, 2)) < other_risk)[1::2]
    events = 0
    for number, happened in enumerate(lot, start=1):
        if happened:
            events += 1
            other_events = int(others[number - 1])
            if look_at_lot(LotCount(number, events, 2 * number, other_events)).stands_out:
                return True
    return False
