"""Every rate stands beside what it was counted from."""

from datetime import date
from decimal import Decimal

import pytest

from apps.signals.domain.rates import Axis, Given, Told, rate_of_all, rates_by

GIVEN = [
    Given(1, 10, "kiovig", "cidp", date(2026, 3, 1), True, Decimal(24), ("A",), (0, 1, 2), ("renal",)),
    Given(2, 10, "kiovig", "cidp", date(2026, 3, 2), False, Decimal(24), ("A", "B"), (0, 1)),
    Given(3, 11, "kiovig", "itp", date(2026, 4, 1), True, None, ("B",), (0,), ("renal", "clots")),
    Given(4, 12, "privigen", "itp", date(2026, 4, 2), True, Decimal(40), ("A",), (0, 1, 2, 3)),
]
TOLD = [
    Told(100, 2, "headache", 1, ("A",), False),
    Told(101, 2, "hemolysis", None, ("A", "B"), True),
    Told(102, 3, "chills", 0, ("B",)),
]


def rows(axis):
    return {row.key: row for row in rates_by(axis, GIVEN, TOLD)}


def counts(axis):
    return {key: (row.events, row.infusions) for key, row in rows(axis).items()}


@pytest.mark.parametrize(
    ("axis", "expected"),
    [
        (Axis.PRODUCT, {"kiovig": (3, 3), "privigen": (0, 1)}),
        (Axis.LOT, {"kiovig/A": (2, 2), "kiovig/B": (2, 2), "privigen/A": (0, 1)}),
        (Axis.INDICATION, {"cidp": (2, 2), "itp": (1, 2)}),
        (Axis.STEP, {"01": (1, 4), "02": (1, 3), "03": (0, 2), "04": (0, 1)}),
        (Axis.FIRST, {"first": (1, 3), "repeat": (2, 1)}),
        (Axis.RISK, {"renal": (1, 2), "clots": (1, 1), "none": (2, 2)}),
        (Axis.MONTH, {"2026-03": (2, 2), "2026-04": (1, 2)}),
    ],
)
def test_events_and_infusions_along_each_axis(axis, expected):
    assert counts(axis) == expected


def test_the_same_lot_number_of_another_product_is_another_lot():
    assert rows(Axis.LOT)["privigen/A"].events == 0


def test_a_patient_with_two_events_counts_once_among_patients():
    row = rows(Axis.PRODUCT)["kiovig"]
    assert (row.patients, row.patients_with_event, row.infusions_with_event) == (2, 2, 2)
    assert row.per_patients is not None and row.per_patients.value == 100


def test_per_kilogram_counts_only_where_the_grams_are_known():
    row = rows(Axis.PRODUCT)["kiovig"]
    assert (row.grams, row.grams_known, row.infusions) == (Decimal(48), 2, 3)
    assert row.per_kg is not None and row.per_kg.value == pytest.approx(2 / 48 * 1000)


def test_without_any_grams_nothing_is_said_per_kilogram():
    row = rate_of_all([GIVEN[2]], TOLD)
    assert row.per_kg is None and row.events == 1


def test_serious_is_only_what_somebody_called_so():
    assert rate_of_all(GIVEN, TOLD).serious == 1


def test_an_event_of_an_infusion_out_of_sight_is_not_counted():
    assert rate_of_all(GIVEN[:1], TOLD).events == 0


def test_nothing_given_is_no_rate_at_all():
    row = rate_of_all([], [])
    assert (row.infusions, row.per_infusions, row.per_patients, row.per_kg) == (0, None, None, None)
