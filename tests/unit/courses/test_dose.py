from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.courses.domain import calculate_dose
from apps.kernel.errors import DomainError


def dose(weight_kg="60", dose_mg_per_kg="2000", days=5, concentration_mg_per_ml="100"):
    return calculate_dose(
        weight_kg=Decimal(weight_kg),
        dose_mg_per_kg=Decimal(dose_mg_per_kg),
        days=days,
        concentration_mg_per_ml=Decimal(concentration_mg_per_ml),
    )


@pytest.mark.parametrize(
    ("concentration", "days", "total_ml", "per_day_g", "per_day_ml"),
    [("100", 5, "1200", "24", "240"), ("100", 2, "1200", "60", "600"), ("50", 5, "2400", "24", "480"),
     ("50", 2, "2400", "60", "1200")],
)  # fmt: skip
def test_the_norwegian_page_s_worked_examples(concentration, days, total_ml, per_day_g, per_day_ml):
    result = dose(days=days, concentration_mg_per_ml=concentration)
    assert result.total_g == Decimal(120)
    assert result.total_ml == Decimal(total_ml)
    assert result.per_day_g == Decimal(per_day_g)
    assert result.per_day_ml == Decimal(per_day_ml)


def test_grams_are_rounded_to_a_hundredth_and_volumes_to_a_tenth():
    result = dose(weight_kg="61.3", days=3)
    assert (str(result.per_day_g), str(result.per_day_ml)) == ("40.87", "408.7")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"weight_kg": "0.29"}, "weight_implausible"),
        ({"weight_kg": "351"}, "weight_implausible"),
        ({"weight_kg": "600"}, "weight_implausible"),
        ({"dose_mg_per_kg": "0"}, "dose_not_positive"),
        ({"dose_mg_per_kg": "-1"}, "dose_not_positive"),
        ({"dose_mg_per_kg": "10001"}, "dose_implausible"),
        ({"dose_mg_per_kg": "2000000"}, "dose_implausible"),
        ({"days": 0}, "days_out_of_range"),
        ({"days": 11}, "days_out_of_range"),
        ({"concentration_mg_per_ml": "0"}, "concentration_not_positive"),
    ],
)
def test_implausible_orders_are_refused(change, code):
    with pytest.raises(DomainError) as refusal:
        dose(**change)
    assert refusal.value.code == code
    assert "%(" not in str(refusal.value)


@pytest.mark.parametrize("weight_kg", ["0.3", "350"])
def test_the_bounds_of_weight_are_believed(weight_kg):
    assert dose(weight_kg=weight_kg).total_g > 0


def test_mg_per_kg_typed_as_grams_is_told_what_was_meant():
    with pytest.raises(DomainError) as refusal:
        dose(dose_mg_per_kg="2000000")
    assert str(refusal.value).endswith("If you meant mg/kg, enter 2 g/kg.")


def test_a_running_course_spreads_what_is_left_over_the_days_left():
    result = calculate_dose(
        weight_kg=Decimal(60),
        dose_mg_per_kg=Decimal(2000),
        days=5,
        concentration_mg_per_ml=Decimal(100),
        given_g=Decimal(50),
        days_given=2,
    )
    assert (result.total_g, result.days_left) == (Decimal(120), 3)
    assert result.per_day_g == Decimal("23.33")


@pytest.mark.parametrize(("given", "days_given"), [("120", 2), ("130", 2), ("50", 5)])
def test_nothing_is_left_to_plan_when_all_is_given(given, days_given):
    with pytest.raises(DomainError) as refusal:
        calculate_dose(
            weight_kg=Decimal(60),
            dose_mg_per_kg=Decimal(2000),
            days=5,
            concentration_mg_per_ml=Decimal(100),
            given_g=Decimal(given),
            days_given=days_given,
        )
    assert refusal.value.code == "nothing_left_to_give"


@given(
    weight_kg=st.decimals("0.3", "350", places=1),
    dose_mg_per_kg=st.decimals("100", "2000", places=0),
    days=st.integers(1, 5),
)
def test_volume_and_grams_agree(weight_kg, dose_mg_per_kg, days):
    result = dose(weight_kg, dose_mg_per_kg, days)
    assert abs(result.per_day_ml * 100 / 1000 - result.per_day_g) <= Decimal("0.01")
    assert abs(result.per_day_g * days - result.total_g) <= Decimal("0.03")
