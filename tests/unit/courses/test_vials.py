import itertools
import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.courses.domain import plan_vials
from apps.kernel.errors import DomainError


def vials_of(guidelines, product, volume_ml):
    return plan_vials(volume_ml=Decimal(volume_ml), vial_sizes_ml=guidelines.product(product).vial_sizes_ml)


@pytest.mark.parametrize("product", ["kiovig", "privigen", "panzyga", "octagam_10"])
@pytest.mark.parametrize(("wanted", "planned", "deviation"), [(240, 250, "4.17"), (600, 600, "0")])
def test_the_page_s_ten_percent_examples(guidelines, product, wanted, planned, deviation):
    plan = vials_of(guidelines, product, wanted)
    assert (plan.volume_ml, plan.deviation_percent, plan.within_tolerance) == (
        planned,
        Decimal(deviation),
        True,
    )


@pytest.mark.parametrize(
    ("wanted", "planned", "deviation", "vials"),
    [(480, 500, "4.17", ((500, 1),)), (1200, 1200, "0", ((500, 2), (200, 1)))],
)
def test_the_page_s_five_percent_examples(guidelines, wanted, planned, deviation, vials):
    plan = vials_of(guidelines, "octagam_5", wanted)
    assert (plan.volume_ml, plan.deviation_percent, plan.vials) == (planned, Decimal(deviation), vials)


def test_the_example_s_vials_are_a_large_and_a_small_one(guidelines):
    assert vials_of(guidelines, "kiovig", 240).vials == ((200, 1), (50, 1))
    assert vials_of(guidelines, "kiovig", 600).vials == ((300, 2),)
    assert vials_of(guidelines, "privigen", 600).vials == ((400, 1), (200, 1))


def test_nothing_within_the_tolerance_gives_the_closest_from_above_flagged():
    plan = plan_vials(volume_ml=Decimal(30), vial_sizes_ml=(50, 100))
    assert (plan.vials, plan.within_tolerance, plan.deviation_percent) == (
        ((50, 1),),
        False,
        Decimal("66.67"),
    )


def test_equal_counts_go_to_the_smaller_deviation_then_to_larger_vials():
    assert plan_vials(volume_ml=Decimal(100), vial_sizes_ml=(96, 98, 103)).vials == ((98, 1),)
    assert plan_vials(volume_ml=Decimal(100), vial_sizes_ml=(97, 103)).vials == ((103, 1),)
    assert plan_vials(volume_ml=Decimal(60), vial_sizes_ml=(20, 30, 40)).vials == ((40, 1), (20, 1))


@pytest.mark.parametrize("volume_ml", ["0", "-1", "20001"])
def test_volumes_out_of_range_are_refused(volume_ml):
    with pytest.raises(DomainError, match="mL") as refusal:
        plan_vials(volume_ml=Decimal(volume_ml), vial_sizes_ml=(50,))
    assert refusal.value.code == "volume_out_of_range"


@pytest.mark.parametrize("sizes", [(), (0, 50)])
def test_vial_sizes_must_be_known(sizes):
    with pytest.raises(DomainError) as refusal:
        plan_vials(volume_ml=Decimal(100), vial_sizes_ml=sizes)
    assert refusal.value.code == "vial_sizes_missing"


def brute_force(volume_ml, sizes, tolerance=Decimal(5)):
    """The best plan by trying every combination: (flagged, count, deviation)."""
    best = None
    for count in range(1, int(volume_ml // min(sizes)) + 2):
        for combination in itertools.combinations_with_replacement(sizes, count):
            deviation = abs(sum(combination) - volume_ml)
            if deviation * 100 <= tolerance * volume_ml and (best is None or (count, deviation) < best):
                best = (count, deviation)
        if best:
            return best
    return None


@settings(max_examples=150)
@given(
    volume_ml=st.decimals("10", "120", places=1),
    sizes=st.sets(st.integers(12, 60), min_size=1, max_size=4).map(tuple),
)
def test_never_worse_than_trying_everything(volume_ml, sizes):
    plan = plan_vials(volume_ml=volume_ml, vial_sizes_ml=sizes)
    assert plan.volume_ml == sum(size * count for size, count in plan.vials)
    expected = brute_force(volume_ml, sizes)
    assert plan.within_tolerance == (expected is not None)
    if expected:
        assert (sum(count for _, count in plan.vials), abs(plan.volume_ml - volume_ml)) == expected
    else:
        assert plan.volume_ml >= volume_ml
        assert plan.volume_ml - volume_ml < min(sizes)


@pytest.mark.parametrize("product", ["kiovig", "privigen", "panzyga", "octagam_10", "octagam_5"])
def test_a_plan_for_five_litres_takes_well_under_a_blink(guidelines, product):
    started = time.perf_counter()
    vials_of(guidelines, product, 5000)
    assert time.perf_counter() - started < 0.05
