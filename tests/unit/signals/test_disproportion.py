"""Measures of disproportion against published values and values of independent code (scales, section 5)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.signals.domain import Estimate, Fourfold, disproportion
from apps.signals.domain.disproportion import information_component

# a, b, c, d; PRR with limits; ROR with limits; chi-squared plain and Yates; expected; IC with limits.
# The first two are published (odds ratio by R's oddsratio.wald; the reporting ratio's textbook example) and agree
# with vigipy 3.5.1 to six digits for PRR and ROR.
VECTORS = [
    (
        (14, 12, 7, 27),
        (2.615385, 1.235472, 5.536538),
        (4.5, 1.448095, 13.983892),
        (7.163244, 5.775944),
        9.1,
        (0.594947, -0.258796, 1.251791),
    ),
    (
        (83, 1273, 1489, 52300),
        (2.211145, 1.784488, 2.739811),
        (2.290112, 1.823335, 2.876384),
        (53.685296, 52.481492),
        38.655037,
        (1.092578, 0.765355, 1.386063),
    ),
    (
        (3, 97, 50, 99850),
        (59.94, 19.009269, 189.002721),
        (61.762887, 18.941844, 201.387684),
        (164.11533, 113.150589),
        0.053,
        (2.662004, 0.61156, 3.855799),
    ),
    (
        (20, 180, 10, 190),
        (2.0, 0.960593, 4.164093),
        (2.111111, 0.961968, 4.632994),
        (3.603604, 2.918919),
        15.0,
        (0.403356, -0.298014, 0.966111),
    ),
]
CELLS = st.integers(0, 5000)


def _as_tuple(estimate: Estimate | None) -> tuple[float, ...]:
    assert estimate is not None
    return estimate.value, estimate.low, estimate.high


@pytest.mark.parametrize("cells, prr, ror, chi, expected, information", VECTORS)
def test_published_values(cells, prr, ror, chi, expected, information) -> None:  # type: ignore[no-untyped-def]
    found = disproportion(Fourfold(*cells))
    assert _as_tuple(found.prr) == pytest.approx(prr, abs=1e-6)
    assert _as_tuple(found.ror) == pytest.approx(ror, abs=1e-6)
    assert (found.chi_squared, found.chi_squared_yates) == pytest.approx(chi, abs=1e-6)
    assert found.table.expected == pytest.approx(expected, abs=1e-6)
    assert _as_tuple(found.information) == pytest.approx(information, abs=1e-6)


def test_the_published_lower_limit_of_the_information_component() -> None:
    # vigicaen documents ic_tail(n_obs = 12, n_exp = 5) = 0.2542334. 12 observed, 5 expected: 30 * 20 / 120.
    assert information_component(Fourfold(12, 18, 8, 82)).low == pytest.approx(0.2542334, abs=1e-7)


def test_what_cannot_be_computed_is_not_guessed() -> None:
    nowhere_else = disproportion(Fourfold(5, 10, 0, 20))
    assert nowhere_else.prr is None and nowhere_else.ror is None
    assert nowhere_else.information.value > 0
    assert not nowhere_else.passes_prr and not nowhere_else.passes_ror
    empty = disproportion(Fourfold(0, 0, 0, 0))
    assert (empty.prr, empty.ror, empty.chi_squared) == (None, None, None)
    assert empty.information.value == 0


@pytest.mark.parametrize(
    "cells, prr, ror, information",
    [
        ((14, 12, 7, 27), True, True, False),
        ((2, 1, 1, 96), False, False, False),  # two reports are too few
        ((3, 97, 50, 99850), True, True, True),
        ((20, 180, 10, 190), False, False, False),  # PRR of 2, but chi-squared below 4
        ((83, 1273, 1489, 52300), True, True, True),
    ],
)
def test_screens_of_the_literature(cells, prr, ror, information) -> None:  # type: ignore[no-untyped-def]
    found = disproportion(Fourfold(*cells))
    assert (found.passes_prr, found.passes_ror, found.passes_information) == (prr, ror, information)


@given(CELLS, CELLS, CELLS, CELLS)
def test_the_value_lies_within_its_limits(a: int, b: int, c: int, d: int) -> None:
    found = disproportion(Fourfold(a, b, c, d))
    for estimate in (found.prr, found.ror):
        if estimate:
            assert estimate.low <= estimate.value <= estimate.high
    assert found.information.low < found.information.high
    if found.chi_squared is not None and found.chi_squared_yates is not None:
        assert 0 <= found.chi_squared_yates <= found.chi_squared


def test_a_negative_count_is_a_mistake() -> None:
    with pytest.raises(ValueError):
        Fourfold(-1, 0, 0, 0)
